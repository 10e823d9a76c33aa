"""A notebook in its own folder, as in JupyterLab: it finds the run, and what it opens shows itself."""

import json
from pathlib import Path

import jupytext
import nbformat
import papermill
import pytest
import small_tables as small

import analysis
from analysis.book import page as pages
from analysis.disclosure import Released, write_released
from analysis.errors import DisclosureError, StepError
from analysis.protocol import load_protocol
from analysis.study.paths import Paths, find_build
from analysis.study.provenance import check_pages_agree
from analysis.study.settings import Settings, choose_problems, write_settings

PROTOCOL = load_protocol()
NOTEBOOK = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

```{code-cell} ipython3
:tags: [parameters]

build = "build"
```

```{code-cell} ipython3
from analysis import open_results

study = open_results(build)
study.joint("performance")
```

```{code-cell} ipython3
from analysis.book.page import show_sentence

show_sentence("Said once.")
```
"""


@pytest.fixture
def repository(tmp_path) -> Path:
    """A folder with a run in `build/` and a notebook in `book/notebooks/`."""
    build = tmp_path / "build"
    problems = choose_problems(PROTOCOL, ["LA1"], ["P1"])
    write_settings(Settings(PROTOCOL, True, problems), build)
    write_released({"performance": small.performance()}, Paths(build).released("LA1/P1"), provenance={})
    notebook = tmp_path / "book" / "notebooks" / "asked.md"
    notebook.parent.mkdir(parents=True)
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    return tmp_path


def test_a_notebook_run_in_its_own_folder_finds_the_run_and_shows_what_it_opens(repository):
    folder = repository / "book" / "notebooks"
    notebook = jupytext.read(folder / "asked.md")
    done = papermill.execute_notebook(notebook, None, {}, kernel_name="python3", progress_bar=False, cwd=str(folder))
    table, sentence = (cell.outputs for cell in nbformat.from_dict(done).cells[-2:])
    assert "<caption>" in table[0].data["text/html"] and "<tbody>" in table[0].data["text/html"]
    assert [output.data["text/markdown"] for output in sentence] == ["Said once."]


def test_where_no_run_lies_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StepError, match="holds no run; run `python -m analysis report` first"):
        find_build("build-of-no-run")


def test_the_nearest_run_above_is_opened(repository, monkeypatch):
    monkeypatch.chdir(repository / "book" / "notebooks")
    assert find_build("build") == repository / "build"


def test_the_package_offers_what_opens_a_study_and_nothing_else():
    assert set(analysis.__all__) == {"open_networks", "open_problem", "open_results"}
    assert all(callable(getattr(analysis, name)) for name in analysis.__all__)
    with pytest.raises(AttributeError, match="no attribute 'open_everything'"):
        analysis.open_everything  # noqa: B018


def test_a_released_table_shows_its_rows_and_what_was_done_to_it():
    table = small.performance()
    noted = Released(table.specification, table.frame, "dfe", ("3 counts <withheld>.",), table.token)
    html = noted._repr_html_()
    assert html.count("<tr") == len(table.frame) + 1 and "3 counts &lt;withheld&gt;." in html


def test_a_released_table_draws_its_own_chart():
    axes = small.performance().plot("average_precision")
    assert axes.get_xlabel() and len(axes.get_lines()) >= len(small.DESIGNS)
    with pytest.raises(ValueError, match="no chart is called 'pie'"):
        small.performance().plot("pie")
    with pytest.raises(DisclosureError):
        small.performance().where(design="none of these").plot("average_precision")


def test_what_was_shown_is_returned_and_not_shown_again(monkeypatch):
    texts = []
    monkeypatch.setattr(pages, "display", lambda shown: texts.append(shown.data))
    shown = pages.show_sentence("One.", "Two.")
    assert str(shown) == "One. Two." == texts[0] and shown._ipython_display_() is None and len(texts) == 1


@pytest.mark.parametrize(("banner", "refused"), [("", True), ("data-banner", False)])
def test_a_page_of_results_without_its_banner_is_refused(tmp_path, banner, refused):
    page = tmp_path / "performance.ipynb"
    made_from = '<details class="provenance" data-code="00">'
    cell = {"source": f'<span class="badge-quiet badge-pre-registered"></span>{banner}{made_from}'}
    page.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    if refused:
        with pytest.raises(StepError, match="does not say on which data they stand; call show_banner"):
            check_pages_agree([page], PROTOCOL)
    else:
        check_pages_agree([page], PROTOCOL)
