// Sort a table by a column and keep the rows that hold some words. Every table reads without this.
(function () {
  "use strict";
  var SORTED = 4, FILTERED = 12; // rows: a shorter table needs neither

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
    body.append.apply(body, rows.map(function (entry) { return entry.row; }));
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
    field.addEventListener("input", function () {
      var words = field.value.trim().toLowerCase();
      Array.from(table.tBodies[0].rows).forEach(function (row) {
        row.hidden = words !== "" && !row.textContent.toLowerCase().includes(words);
      });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".table-scroll > table").forEach(function (table) {
      if (!table.tHead || table.tBodies.length !== 1) return;
      var rows = table.tBodies[0].rows;
      if (Array.from(rows).some(function (row) { return row.cells.length !== rows[0].cells.length; })) return;
      if (rows.length >= SORTED) makeSortable(table);
      if (rows.length >= FILTERED) makeFilter(table);
    });
  });
})();
