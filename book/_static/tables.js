// Sort a table by a column, keep the rows that hold some words, and show a long one in parts. Every table reads without this.
(function () {
  "use strict";
  var SORTED = 4, FILTERED = 12, PARTED = 150, AT_ONCE = 50; // rows: a shorter table needs none of it

  // The first number of a cell, or its words.
  function valueOf(cell) {
    var words = cell.textContent.trim(), number = words.replace(/,/g, "").replace("−", "-").match(/^[<>]?\s*(-?\d+(\.\d+)?)/);
    return number ? Number(number[1]) : words.toLowerCase();
  }

  function compare(one, other) {
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return typeof one === "number" ? one - other : one.localeCompare(other);
  }

  function sortBy(table, heading, place) {
    var body = table.tBodies[0], down = heading.getAttribute("aria-sort") === "ascending";
    var rows = Array.from(body.rows).map(function (row) { return { row: row, value: valueOf(row.cells[place]) }; });
    rows.sort(function (a, b) { return down ? compare(b.value, a.value) : compare(a.value, b.value); });
    table.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.forEach(function (entry) { body.append(entry.row); });
    show(table, 0);
  }

  // The rows that hold the words of the field; of a long table, AT_ONCE of them from one on.
  function show(table, from) {
    var field = table.filterField, words = field ? field.value.trim().toLowerCase() : "", parts = table.partButtons, found = 0;
    Array.from(table.tBodies[0].rows).forEach(function (row) {
      var holds = words === "" || row.textContent.toLowerCase().includes(words);
      row.hidden = !holds || (parts && (found < from || found >= from + AT_ONCE));
      if (holds) found += 1;
    });
    if (!parts) return;
    parts.from = from;
    parts.before.disabled = from === 0;
    parts.after.disabled = from + AT_ONCE >= found;
    parts.where.textContent = found ? "Rows " + (from + 1) + " to " + Math.min(from + AT_ONCE, found) + " of " + found : "No rows";
  }

  function makeParts(table) {
    var bar = document.createElement("div"), where = document.createElement("span"), buttons = [-1, 1].map(function (step) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = step < 0 ? "Previous rows" : "Next rows";
      button.addEventListener("click", function () { show(table, table.partButtons.from + step * AT_ONCE); });
      return button;
    });
    bar.className = "table-parts";
    where.setAttribute("aria-live", "polite");
    table.partButtons = { from: 0, before: buttons[0], after: buttons[1], where: where };
    bar.append(buttons[0], where, buttons[1]);
    table.closest(".table-scroll").after(bar);
    show(table, 0);
  }

  function makeSortable(table) {
    var headings = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    headings.forEach(function (heading, place) {
      if (heading.tagName !== "TH") return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      button.append.apply(button, Array.from(heading.childNodes));
      heading.append(button);
      button.addEventListener("click", function () { sortBy(table, heading, place); });
    });
  }

  function makeFilter(table) {
    var label = document.createElement("label"), field = document.createElement("input");
    label.className = "table-filter";
    field.type = "search";
    field.autocomplete = "off";
    label.append("Show rows with", field);
    table.closest(".table-scroll").before(label);
    table.filterField = field;
    field.addEventListener("input", function () { show(table, 0); });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".table-scroll > table").forEach(function (table) {
      if (!table.tHead || table.tBodies.length !== 1) return;
      var rows = table.tBodies[0].rows;
      if (Array.from(rows).some(function (row) { return row.cells.length !== rows[0].cells.length; })) return;
      if (rows.length >= SORTED) makeSortable(table);
      if (rows.length >= FILTERED) makeFilter(table);
      if (rows.length >= PARTED) makeParts(table);
    });
  });
})();
