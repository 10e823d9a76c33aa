"""The threshold explorer: move the threshold, see the children. A table for those without script."""

import json
from html import escape

import pandas as pd

from analysis.book.charts.marks import present_designs
from analysis.book.sentences.performance import per_hundred
from analysis.book.sentences.words import is_missing, label, number
from analysis.disclosure import Released

COUNTS = ("flagged", "true_positives", "false_positives", "false_negatives")
SCRIPT = """
for (const box of document.querySelectorAll('.threshold-explorer:not([data-ready])')) {
  box.dataset.ready = 'yes';
  const rows = JSON.parse(box.querySelector('script[type="application/json"]').textContent);
  const design = box.querySelector('select'), slider = box.querySelector('input'), say = box.querySelector('output');
  const bars = box.querySelector('.explorer-bars'), controls = box.querySelector('.explorer-controls');
  const names = {true_positives: 'rightly flagged', false_positives: 'wrongly flagged', false_negatives: 'missed'};
  function show() {
    const points = rows[design.value];
    slider.max = points.length - 1;
    const point = points[Math.min(slider.value, points.length - 1)];
    slider.setAttribute('aria-valuetext', 'threshold ' + point.threshold);
    say.textContent = 'At a threshold of ' + point.threshold + ', of every 100 cases ' + point.flagged.words +
      ' would be flagged: ' + point.true_positives.words + ' rightly and ' + point.false_positives.words +
      ' wrongly; ' + point.false_negatives.words + ' with the outcome would be missed.';
    bars.replaceChildren(...Object.keys(names).map(name => {
      const bar = document.createElement('div');
      bar.className = 'explorer-bar explorer-' + name.replace('_', '-');
      bar.style.setProperty('--share', (point[name].share ?? 0) + '%');
      bar.textContent = names[name] + ': ' + point[name].words;
      return bar;
    }));
  }
  controls.hidden = false;
  design.addEventListener('change', show);
  slider.addEventListener('input', show);
  show();
}
"""


def threshold_explorer(thresholds: Released, *, caption: str, identity: str) -> str:
    """The explorer as HTML that works from a file, by keyboard, and as a table without script.

    Parameters
    ----------
    thresholds : Released
        A problem's "thresholds".
    caption : str
        Of the table.
    identity : str
        The element's id, unlike any other on the page.
    """
    frame = thresholds.frame.dropna(subset=["threshold"])
    designs = present_designs(frame)
    points = {design: _points(frame[frame["design"].eq(design)]) for design in designs}
    options = "".join(f'<option value="{escape(design)}">{escape(label(design))}</option>' for design in designs)
    data = json.dumps(points, separators=(",", ":")).replace("</", "<\\/")
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
            "<details><summary>All thresholds as a table</summary>",
            _table(frame, designs, caption),
            "</details>",
            f'<script type="application/json">{data}</script>',
            f"<script>{_one_line(SCRIPT)}</script>",
            "</div>",
        ]
    )


def _points(rows: pd.DataFrame) -> list[dict]:
    """Per 100 cases, to draw and in words, highest threshold first."""
    return [
        {"threshold": f"{row['threshold']:.3g}"} | {name: _per_hundred(row[name], row["cases"]) for name in COUNTS}
        for row in rows.sort_values("threshold", ascending=False).to_dict("records")
    ]


def _per_hundred(part: float, cases: float) -> dict[str, float | str | None]:
    share = None if is_missing(part) or is_missing(cases) else round(100 * float(part) / float(cases), 2)
    return {"share": share, "words": per_hundred(part, cases)}


def _table(frame: pd.DataFrame, designs: list[str], caption: str) -> str:
    headings = ("Model", "Threshold", "Flagged", "Rightly", "Wrongly", "Missed")
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    rows = []
    for design in designs:
        part = frame[frame["design"].eq(design)].sort_values("threshold", ascending=False)
        for row in part.to_dict("records"):
            shares = (per_hundred(row[name], row["cases"]).replace("a withheld number", "c") for name in COUNTS)
            cells = "".join(f'<td class="number">{cell}</td>' for cell in (f"{row['threshold']:.3g}", *shares))
            rows.append(f'<tr><th scope="row">{escape(label(design))}</th>{cells}</tr>')
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{escape(caption)}">'
        f'<table class="study-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _one_line(script: str) -> str:
    """Without blank lines, which would end the block of HTML in Markdown."""
    return "\n".join(line for line in script.splitlines() if line.strip())


def describe_thresholds(thresholds: Released) -> str:
    """The explorer's first reading in words: what the highest and the lowest threshold would do."""
    frame = thresholds.frame.dropna(subset=["flagged", "cases"])
    if frame.empty:
        return "The counts behind this are too small to be published."
    design = present_designs(frame)[0]
    rows = frame[frame["design"].eq(design)].sort_values("threshold", ascending=False)
    ends = [
        f"at a threshold of {number(row['threshold'])}, {per_hundred(row['flagged'], row['cases'])} of every 100 cases "
        f"are flagged and {per_hundred(row['false_negatives'], row['cases'])} missed"
        for row in (rows.iloc[0], rows.iloc[-1])
    ]
    return f"With {label(design)}, {'; '.join(ends)}."
