// The switch of appearance and, on narrow screens, the list of chapters. The book reads without either.
(function () {
  "use strict";
  var root = document.documentElement;

  function nameOf(theme) { return theme === "dark" ? "Light" : "Dark"; }

  function switchAppearance(button) {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    button.textContent = nameOf(root.dataset.theme);
    try { localStorage.setItem("appearance", root.dataset.theme); } catch (refused) { /* not remembered */ }
  }

  function switchContents(button, open) {
    root.classList.toggle("contents-open", open);
    button.setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("DOMContentLoaded", function () {
    var appearance = document.querySelector(".appearance-switch");
    appearance.textContent = nameOf(root.dataset.theme);
    appearance.addEventListener("click", function () { switchAppearance(appearance); });

    var contents = document.querySelector(".contents-switch");
    contents.addEventListener("click", function () {
      switchContents(contents, !root.classList.contains("contents-open"));
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && root.classList.contains("contents-open")) {
        switchContents(contents, false);
        contents.focus();
      }
    });

    var field = document.getElementById("book-search-field");
    field.value = new URLSearchParams(location.search).get("q") || "";
    var current = document.querySelector(".chapters a.current");
    if (current) {
      current.setAttribute("aria-current", "page");
      var chapters = document.getElementById("chapters");
      chapters.scrollTop = current.offsetTop - chapters.clientHeight / 3;
    }
  });
})();
