"""The threshold explorer: move the threshold, see the children. A table for those without script."""

import json
from html import escape

import pandas as pd

from analysis.book.charts.marks import present_designs
from analysis.book.sentences.words import count, is_missing, label, number
from analysis.disclosure import Released
from analysis.html_table import Cell, html_table

OF = 1000  # children
COUNTS = ("flagged", "true_positives", "false_positives", "false_negatives")
HEADINGS = ("Model", "Threshold", "Flagged", "Rightly", "Wrongly", "Missed")
WITHHELD = "a withheld number"
SCRIPT = """
for (const box of document.querySelectorAll('.threshold-explorer:not([data-ready])')) {
  box.dataset.ready = 'yes';
  const models = JSON.parse(box.querySelector('script[type="application/json"]').textContent);
  const design = box.querySelector('select'), slider = box.querySelector('input'), say = box.querySelector('output');
  const bars = box.querySelector('.explorer-bars'), controls = box.querySelector('.explorer-controls');
  const names = {true_positives: 'rightly flagged', false_positives: 'wrongly flagged', false_negatives: 'missed'};
  function show() {
    const points = models[design.value].points;
    const point = points[Math.min(slider.value, points.length - 1)];
    slider.setAttribute('aria-valuetext', 'threshold ' + point.threshold +
      (point.own ? ', the model\\u2019s own' : ''));
    say.textContent = point.words;
    bars.replaceChildren(...Object.keys(names).map(name => {
      const bar = document.createElement('div');
      bar.className = 'explorer-bar explorer-' + name.replace('_', '-');
      bar.style.setProperty('--share', 100 * (point[name] ?? 0) / models[design.value].most + '%');
      bar.textContent = names[name] + ': ' + (point[name] ?? 'withheld');
      return bar;
    }));
  }
  function start() {
    slider.max = models[design.value].points.length - 1;
    slider.value = models[design.value].own;
    show();
  }
  controls.hidden = false;
  design.addEventListener('change', start);
  slider.addEventListener('input', show);
  start();
}
"""


def threshold_explorer(thresholds: Released, own: Released, *, caption: str, identity: str) -> str:
    """The explorer as HTML that works from a file, by keyboard, and as a table without script.

    Parameters
    ----------
    thresholds : Released
        A problem's "thresholds".
    own : Released
        Its "operating_point": the threshold of each model, at which the explorer opens.
    caption : str
        Of the table.
    identity : str
        The element's id, unlike any other on the page.

    Returns
    -------
    str
        A withheld count is said to be withheld.
    """
    frame = _all_points(thresholds, own)
    designs = present_designs(frame)
    models = {design: _model(frame[frame["design"].eq(design)]) for design in designs}
    options = "".join(f'<option value="{escape(design)}">{escape(label(design))}</option>' for design in designs)
    data = json.dumps(models, separators=(",", ":")).replace("</", "<\\/")
    return "\n".join(
        [
            f'<div class="threshold-explorer" id="{identity}">',
            '<div class="explorer-controls" style="grid-template-columns: minmax(0, 1fr)" hidden>',
            f'<label for="{identity}-design">Model</label>',
            f'<select id="{identity}-design">{options}</select>',
            f'<label for="{identity}-slider">Threshold, from high to low</label>',
            f'<input id="{identity}-slider" type="range" min="0" max="1" step="1" value="0">',
            f'<output for="{identity}-design {identity}-slider" aria-live="polite"></output>',
            '<div class="explorer-bars" aria-hidden="true"></div>',
            "</div>",
            f"<details><summary>All thresholds as a table: of {OF:,} children</summary>",
            _table(frame, designs, caption),
            "</details>",
            f'<script type="application/json">{data}</script>',
            f"<script>{_one_line(SCRIPT)}</script>",
            "</div>",
        ]
    )


def describe_thresholds(thresholds: Released, own: Released) -> str:
    """The explorer's first reading in words: what the first model does at its own threshold.

    Parameters
    ----------
    thresholds : Released
        A problem's "thresholds".
    own : Released
        Its "operating_point".

    Returns
    -------
    str
    """
    frame = _all_points(thresholds, own).dropna(subset=["flagged", "cases"])
    if frame.empty or thresholds.frame["flagged"].isna().all():
        return "The counts behind this are too small to be published."
    designs = present_designs(frame)
    point = next((p for d in designs for p in _model(frame[frame["design"].eq(d)])["points"] if p["own"]), None)
    return f"With {label(designs[0])}: {point['words']}" if point else "Each model's own threshold is withheld."


def _all_points(thresholds: Released, own: Released) -> pd.DataFrame:
    """Every threshold of each model, its own among them, from high to low."""
    names = ["design", "threshold", "cases", *COUNTS]
    frames = [own.frame[names].assign(own=True), thresholds.frame[names].assign(own=False)]
    frame = pd.concat(frames, ignore_index=True).dropna(subset=["threshold"])
    return frame.drop_duplicates(["design", "threshold"]).sort_values("threshold", ascending=False, kind="stable")


def _model(rows: pd.DataFrame) -> dict:
    """A model's points, the place of its own threshold among them, and its largest number, to scale the bars."""
    points = [_point(row) for row in rows.to_dict("records")]
    own = next((place for place, point in enumerate(points) if point["own"]), 0)
    most = max((point[name] or 0 for point in points for name in COUNTS[1:]), default=0)
    return {"own": own, "most": most or 1, "points": points}


def _point(row: dict) -> dict:
    """What a threshold does to 1,000 children, in numbers and in a sentence."""
    numbers = {name: _per_thousand(row[name], row["cases"]) for name in COUNTS}
    flagged, right, wrong, missed = (WITHHELD if n is None else count(n) for n in numbers.values())
    which = "the model’s own threshold" if row["own"] else "a threshold"
    found = numbers["true_positives"], numbers["false_negatives"]
    of = "" if None in found else f" It finds {found[0]:,} of the {sum(found):,} with the outcome."
    words = (
        f"At {which} of {number(row['threshold'], 3)}, of {OF:,} children {flagged} would be flagged: {right} rightly "
        f"and {wrong} wrongly; {missed} with the outcome would be missed.{of}"
    )
    return {"threshold": number(row["threshold"], 3), "own": bool(row["own"]), "words": words} | numbers


def _per_thousand(part: float, cases: float) -> int | None:
    return None if is_missing(part) or is_missing(cases) or not cases else round(OF * float(part) / float(cases))


def _table(frame: pd.DataFrame, designs: list[str], caption: str) -> str:
    rows = [
        [label(design), Cell(number(row["threshold"], 3), "number"), *_numbers(row)]
        for design in designs
        for row in frame[frame["design"].eq(design)].to_dict("records")
    ]
    headings = [Cell(words, "number" if place else "") for place, words in enumerate(HEADINGS)]
    return html_table(caption, headings, rows, classes="study-table")


def _numbers(row: dict) -> list[Cell]:
    values = (_per_thousand(row[name], row["cases"]) for name in COUNTS)
    return [Cell("c" if value is None else count(value), "number") for value in values]


def _one_line(script: str) -> str:
    """Without blank lines, which would end the block of HTML in Markdown."""
    return "\n".join(line for line in script.splitlines() if line.strip())
