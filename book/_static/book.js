// The switch of appearance, the list of chapters on narrow screens, closed parts that a link leads into, and definitions
// that can be dismissed. The book reads without any of it.
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

  // A link into a closed part opens it.
  function openTarget() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (var part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    var inner = target.querySelector(":scope > details");
    if (inner) inner.open = true;
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", openTarget);

  document.addEventListener("DOMContentLoaded", function () {
    openTarget();
    var appearance = document.querySelector(".appearance-switch");
    appearance.textContent = nameOf(root.dataset.theme);
    appearance.addEventListener("click", function () { switchAppearance(appearance); });

    var contents = document.querySelector(".contents-switch");
    contents.addEventListener("click", function () {
      switchContents(contents, !root.classList.contains("contents-open"));
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") root.classList.add("definitions-dismissed");
      if (event.key === "Escape" && root.classList.contains("contents-open")) {
        switchContents(contents, false);
        contents.focus();
      }
    });

    document.querySelectorAll(".defined-term").forEach(function (term) {
      ["mouseenter", "focusin"].forEach(function (way) {
        term.addEventListener(way, function () { root.classList.remove("definitions-dismissed"); });
      });
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
