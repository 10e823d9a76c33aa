"""A book of one result page whose every word that is not ours tries to be something else."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
from mini_book import PYTHON, ROOT, _markdown, _shown
from nbformat.v4 import new_code_cell, new_notebook

from analysis.book.charts import CHARTS
from analysis.book.page import Page, figure_text
from analysis.book.sentences.problem import definition, heading
from analysis.book.sentences.table import released_table, table_note
from analysis.claims.records import model_card
from analysis.disclosure import PAGE_TABLES, release
from analysis.protocol import PredictionProblem, Protocol, load_protocol

OWNED = "window.owned=1"
HOSTILE = (
    f"<script>{OWNED}</script>",
    f"<img src=x onerror={OWNED}>",
    f"[x](javascript:{OWNED})",
    "{raw}`html <script>`",
    f":::{{raw}} html <script>{OWNED}</script>",
    f"```{{raw}} html <script>{OWNED}</script>",
    "$x^2$ and $$y$$",
    "{{ 7 * 7 }}",
    "`code` *loud* _soft_ # | ~~x~~ &lt;b&gt; \\ %",
    "==x== ^a^ (a)= [^1] 1. - +",
    '" onmouseover="window.owned=1',
)
TITLE = " / ".join(HOSTILE)
WITH_LINES = f"First line\n\n:::{{raw}} html\n<script>{OWNED}</script>\n:::\n\u202eturned\u202c"


def hostile_protocol() -> Protocol:
    """The registered protocol with a title and a question that are not words alone."""
    protocol = load_protocol(ROOT / "protocol.yml")
    hostile = protocol.predictions["P7"].model_copy(update={"title": TITLE, "question": f"{TITLE} {WITH_LINES}"})
    index = hostile.index.model_copy(update={"outcome": TITLE})
    predictions = protocol.predictions | {"P7": hostile.model_copy(update={"index": index})}
    return protocol.model_copy(update={"predictions": predictions})


def build_hostile_book(folder: Path) -> Path:
    """Build it with the book's own configuration, a warning being an error; the folder of its HTML."""
    source, protocol = folder / "build" / "book", hostile_protocol()
    source.mkdir(parents=True)
    for name in ("_static", "_templates", "references.bib"):
        (source / name).symlink_to(ROOT / "book" / name, target_is_directory=name.startswith("_"))
    (source.parent / "protocol.json").write_text(protocol.model_dump_json(by_alias=True), encoding="utf-8")
    nbformat.write(_notebook(source, protocol), source / "page.ipynb")
    for name in ("first", "last"):
        (source / f"{name}.md").write_text(f"# The {name} page\n\nA page beside the hostile one.\n")
    toc = folder / "_toc.yml"
    toc.write_text("format: jb-book\nroot: first\nchapters:\n- file: page\n- file: last\n")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(source)]
    command += ["--path-output", str(folder), "--config", str(_configuration(folder)), "--toc", str(toc)]
    command += ["-W", "--keep-going", "-q"]
    environment = dict(os.environ, BOOK_DATA="own", OMP_NUM_THREADS="1", PYTHONPATH=str(ROOT))
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment)
    html = folder / "_build" / "html"
    if done.returncode or not (html / "page.html").is_file():
        raise AssertionError(done.stderr[-3000:])
    return html


def _configuration(folder: Path) -> Path:
    """The book's, without its front page, which links to chapters that this book has not."""
    lines = (ROOT / "_config.yml").read_text(encoding="utf-8").splitlines()
    path = folder / "_config.yml"
    path.write_text("\n".join(line for line in lines if "html_additional_pages" not in line).replace(
        "book/_extensions", str(ROOT / "book" / "_extensions")), encoding="utf-8")  # fmt: skip
    return path


def _notebook(source: Path, protocol: Protocol) -> nbformat.NotebookNode:
    problem = PredictionProblem(authority="LA4", outcome="P7", prediction=protocol.predictions["P7"])
    page = Page("LA4-P7", source / "_files" / "LA4-P7", "book/notebooks/problem.md", False, {"data": "0123456789ab"})
    texts = [
        definition(problem),
        *_table(protocol),
        _figure(page, protocol),
        model_card(problem, protocol, {}),
    ]
    cells = [_markdown(heading(problem), 0), _markdown("```{registered-predictions}\n```", 1)]
    cells += [
        new_code_cell("shown", id=f"cell-{number}", metadata={"tags": ["remove-input"]}, outputs=[_shown(text)])
        for number, text in enumerate(texts, start=2)
    ]
    return new_notebook(cells=cells, metadata=PYTHON)


def _table(protocol: Protocol) -> tuple[str, str]:
    rows = [{"step": word, "removed": 10, "remaining": 100} for word in (*HOSTILE, WITH_LINES)]
    flow = release(PAGE_TABLES["flow"], pd.DataFrame(rows), preset="synthetic", rules=protocol.disclosure)
    object.__setattr__(flow, "notes", (TITLE, WITH_LINES))
    return released_table(flow, caption=f"{TITLE} {WITH_LINES}"), table_note(flow)


def _figure(page: Page, protocol: Protocol) -> str:
    row = {"check": "single_predictor", "value": 0.5, "limit": 0.4, "flagged": "yes", "explanation": TITLE}
    frame = pd.DataFrame([row | {"subject": word} for word in (*HOSTILE, WITH_LINES)])
    leakage = release(PAGE_TABLES["leakage"], frame, preset="synthetic", rules=protocol.disclosure)
    return figure_text(page, "leakage", leakage, caption="What each check found.", chart=CHARTS["leakage"])
