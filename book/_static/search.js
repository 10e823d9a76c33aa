// Search the words of every page, which `pages.js` holds: the best page first, each with an excerpt.
(function () {
  "use strict";
  var AROUND = 90; // characters of an excerpt on either side of what was found

  function plain(words) { return words.toLowerCase().replace(/[’‘]/g, "'"); }

  // Whether the words begin with the term somewhere: "fair" is found in "fairness", "air" is not.
  function times(term, words) {
    return (" " + plain(words)).split(new RegExp("[^a-z0-9.]" + term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).length - 1;
  }

  function score(page, terms, phrase) {
    var total = 0;
    if (page.names.some(function (name) { return plain(name) === phrase; })) total += 1000;
    for (var i = 0; i < terms.length; i++) {
      var found = 40 * times(terms[i], page.title) + 20 * times(terms[i], page.names.join(" ; ")) +
        8 * times(terms[i], page.headings.join(" ; ")) + Math.min(times(terms[i], page.text), 12);
      if (!found) return 0;
      total += found;
    }
    if (terms.length > 1) {
      total += 30 * times(phrase, page.title) + 10 * times(phrase, page.headings.join(" ; ")) + 3 * Math.min(times(phrase, page.text), 12);
    }
    return total;
  }

  function excerpt(page, terms, phrase) {
    var text = page.text, low = plain(text), at = low.indexOf(phrase);
    for (var i = 0; at < 0 && i < terms.length; i++) at = low.search(new RegExp("(^|[^a-z0-9])" + terms[i].replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
    at = Math.max(at, 0);
    var from = at <= AROUND ? 0 : text.indexOf(" ", at - AROUND) + 1, to = text.indexOf(" ", at + AROUND);
    return (from ? "… " : "") + text.slice(from, to < 0 ? text.length : to) + (to < 0 ? "" : " …");
  }

  function show(found, terms, phrase, where, root) {
    var said = document.createElement("p"), list = document.createElement("ol");
    said.textContent = found.length ? found.length + (found.length === 1 ? " page" : " pages") + " found."
      : "No page holds these words. Try fewer letters or another word, or look in the glossary.";
    found.forEach(function (page) {
      var item = document.createElement("li"), link = document.createElement("a"), words = document.createElement("p");
      link.href = root + page.page + ".html";
      link.textContent = page.title;
      words.textContent = excerpt(page, terms, phrase);
      item.append(link, words);
      list.append(item);
    });
    where.replaceChildren(said, list);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var where = document.getElementById("search-results");
    var phrase = plain(new URLSearchParams(location.search).get("q") || "").trim().replace(/\s+/g, " ");
    if (!where || !phrase || !window.bookPages) return;
    var terms = phrase.split(" ");
    var found = window.bookPages.map(function (page) { return { page: page, score: score(page, terms, phrase) }; })
      .filter(function (entry) { return entry.score > 0; })
      .sort(function (a, b) { return b.score - a.score || a.page.title.localeCompare(b.page.title); })
      .map(function (entry) { return entry.page; });
    show(found, terms, phrase, where, document.documentElement.dataset.content_root || "./");
  });
})();
