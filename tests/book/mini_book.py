"""A small book of the real prose and one invented result page, so that the theme meets everything it must carry."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pandas as pd
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.book.charts import CHARTS
from analysis.book.explorer import threshold_explorer
from analysis.book.page import Page, figure_text
from analysis.book.sentences.table import released_table
from analysis.disclosure import PAGE_TABLES, release
from analysis.protocol import load_protocol

ROOT = Path(__file__).resolve().parents[2]
DESIGN = "structured-all_cases"
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
PLACEHOLDERS = {
    "definitions": "Definitions",
    "tripod": "Evidence map",
    "run_it_on_your_data": "Run it on your own data",
    "changes": "Changes",
}


def build_mini_book(folder: Path, *, book_data: str = "synthetic") -> Path:
    """Build the book in `folder` and return the folder of its HTML; a warning fails."""
    source = folder / "build" / "book"
    shutil.copytree(ROOT / "book", source, ignore=shutil.ignore_patterns("notebooks", "__pycache__"))
    for notebook in sorted((ROOT / "book" / "notebooks").glob("*.md")):
        _write(source / "notebooks" / f"{notebook.stem}.ipynb", _without_code(notebook))
    _write(source / "results" / "LA9" / "P9.ipynb", result_notebook(source))
    for name, title in PLACEHOLDERS.items():
        if not (source / f"{name}.md").is_file():
            (source / f"{name}.md").write_text(f"# {title}\n\nMade by the report.\n", encoding="utf-8")
    toc = folder / "_toc.yml"
    toc.write_text((ROOT / "_toc.yml").read_text(encoding="utf-8").replace("results/pages", "results/LA9/P9"))
    command = [
        *(
            sys.executable,
            "-c",
            "from jupyter_book.cli.main import main; main()",
            "build",
            str(source),
            "--path-output",
            str(folder),
        ),
        *("--config", str(ROOT / "_config.yml"), "--toc", str(toc), "-W", "--keep-going", "-q"),
    ]
    environment = dict(os.environ, BOOK_DATA=book_data, OMP_NUM_THREADS="1")
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    html = folder / "_build" / "html"
    if done.returncode or not (html / "index.html").is_file():
        raise AssertionError("\n".join(line for line in done.stderr.splitlines() if "WARNING" in line) or done.stderr)
    return html


def chapters_of(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Every file that the table of contents names, but for the result pages."""
    contents = yaml.safe_load(toc.read_text(encoding="utf-8"))
    entries = [chapter for part in contents["parts"] for chapter in part["chapters"]]
    return [contents["root"], *(entry["file"] for entry in entries if "file" in entry)]


def result_notebook(source: Path) -> nbformat.NotebookNode:
    """A page with a figure, tables wide and narrow, an admonition, maths, tabs, code to open, where it came from."""
    page = Page("LA9-P9", source / "_files" / "LA9-P9", "book/notebooks/problem.md", True, {"data": "0123456789ab"})
    cells = [
        _markdown("# An invented result page\n\nOne sentence asks; {term}`average precision` is $\\frac{a}{b}$.", 0),
        new_code_cell("figure", id="cell-1", metadata={"tags": ["hide-input"]}, outputs=[_shown(_figure(page))]),
        new_code_cell("table", id="cell-2", metadata={"tags": ["remove-input"]}, outputs=[_shown(_table())]),
        _markdown("::::{tab-set}\n:::{tab-item} First\nOne.\n:::\n:::{tab-item} Second\nTwo.\n:::\n::::", 3),
        _markdown(":::{admonition} Synthetic data\n:class: data-banner synthetic-data\n\nInvented.\n:::", 4),
        _markdown(
            "$$\n\\sum_{k=1}^{n} (R_k - R_{k-1}) P_k = \\frac{\\text{a long numerator}}{\\text{denominator}}\n$$", 5
        ),
        new_code_cell("explorer", id="cell-7", metadata={"tags": ["remove-input"]}, outputs=[_shown(_explorer())]),
        new_code_cell("provenance", id="cell-6", metadata={"tags": ["remove-input"]}, outputs=[_shown(_provenance())]),
    ]
    return new_notebook(cells=cells, metadata=PYTHON)


def _released(name: str, frame: pd.DataFrame):
    return release(PAGE_TABLES[name], frame, preset="synthetic", rules=load_protocol(ROOT / "protocol.yml").disclosure)


def _figure(page: Page) -> str:
    recall = [0.0, 0.25, 0.5, 0.75, 1.0]
    frame = pd.DataFrame({"design": DESIGN, "recall": recall, "precision": [0.9, 0.5, 0.3, 0.2, 0.1]})
    released = _released("precision_recall_curve", frame)
    caption = "Precision at each recall, invented cases."
    return figure_text(page, "curve", released, caption=caption, chart=CHARTS["precision_recall_curve"])


def _operating_point() -> pd.DataFrame:
    columns = PAGE_TABLES["operating_point"].column_names
    counts = {"cases": 100, "positives": 20, "flagged": 10, "true_positives": 5, "false_positives": 5}
    counts |= {"false_negatives": 15, "true_negatives": 75, "correct": 80}
    return pd.DataFrame([dict.fromkeys(columns, 0.5) | counts | {"design": DESIGN}])


def _table() -> str:
    table = _released("operating_point", _operating_point())
    return released_table(table, caption="What the model gets right and wrong")


def _explorer() -> str:
    counts = {"cases": 200, "positives": 20, "flagged": [10, 40], "true_positives": [5, 10], "false_positives": [5, 30]}
    frame = pd.DataFrame({"design": DESIGN, "threshold": [0.5, 0.1]} | counts | {"false_negatives": [15, 10]})
    own = _released("operating_point", _operating_point())
    return threshold_explorer(
        _released("thresholds", frame), own, caption="What each threshold would do", identity="explorer"
    )


def _provenance() -> str:
    return (
        '<details class="provenance" data-data="0123456789ab"><summary>What this page was made from</summary>'
        "<dl><dt>data</dt><dd><code>0123456789ab</code></dd></dl></details>"
    )


def _shown(text: str) -> nbformat.NotebookNode:
    return new_output(
        "display_data", data={"text/markdown": text, "text/plain": "<IPython.core.display.Markdown object>"}
    )


def _markdown(text: str, number: int) -> nbformat.NotebookNode:
    return new_markdown_cell(text, id=f"cell-{number}")


def _without_code(path: Path) -> nbformat.NotebookNode:
    """The words of a text notebook: its cells need a run, which this book has not."""
    notebook = jupytext.read(path)
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    if not any(cell.source.lstrip().startswith("# ") for cell in cells):
        cells.insert(0, _markdown(f"# {path.stem}", 99))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata=PYTHON)


def _write(path: Path, notebook: nbformat.NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
