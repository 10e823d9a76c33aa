"""A notebook is run for real with exactly what it declares, and leaves nothing it need not."""

import nbformat
import pytest

from analysis.errors import CohortError, StepError
from analysis.workflow.notebook import execute_notebook

NOTEBOOK = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A heading that the page replaces

```{{code-cell}} ipython3
:tags: [parameters]

build = "build"
```

```{{code-cell}} ipython3
{code}
```
"""


@pytest.fixture
def run(tmp_path):
    def execute(code: str, **parameters):
        source = tmp_path / "asked.md"
        source.write_text(NOTEBOOK.format(code=code), encoding="utf-8")
        product = tmp_path / "results" / "page.ipynb"
        execute_notebook(source, product, parameters or {"build": "b"}, heading="# P1: a page")
        return nbformat.read(product, as_version=4)

    return execute


def test_what_is_supplied_must_be_what_is_declared(run):
    with pytest.raises(StepError) as raised:
        run("1", built="b")
    assert "'built' is supplied but not declared" in str(raised.value)
    assert "'build' is declared but not supplied" in str(raised.value)


def test_a_page_holds_no_trace_of_when_or_how_it_was_run(run):
    page = run("import sys; print(build); print('warned', file=sys.stderr); build")
    assert page.cells[0].source == "# P1: a page"
    assert set(page.metadata) <= {"kernelspec", "language_info"}
    assert all(set(cell.metadata) == {"tags"} for cell in page.cells)
    (output,) = page.cells[-1].outputs
    assert output.data["text/plain"] == "'b'" and output.execution_count is None
    assert not any("injected-parameters" in cell.metadata.tags for cell in page.cells)


def test_an_error_of_ours_comes_back_as_it_was_raised(run):
    with pytest.raises(CohortError, match="no outcome happened") as raised:
        run("from analysis.errors import CohortError\nraise CohortError('LA1/P1', ['no outcome happened', 'second'])")
    assert raised.value.where == "LA1/P1" and raised.value.problems == ("no outcome happened", "second")


def test_a_foreign_error_is_told_by_its_type_and_an_earlier_page_stands(run, tmp_path):
    run("'before'")
    before = (tmp_path / "results" / "page.ipynb").read_bytes()
    with pytest.raises(StepError, match="stopped with KeyError") as raised:
        run("{}['Jane Doe']")
    assert "Jane" not in str(raised.value)
    assert (tmp_path / "results" / "page.ipynb").read_bytes() == before
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["page.ipynb"]


def test_the_same_notebook_gives_the_same_bytes(run, tmp_path):
    run("{'b': 1, 'a': {'x', 'y'}}")
    first = (tmp_path / "results" / "page.ipynb").read_bytes()
    run("{'b': 1, 'a': {'x', 'y'}}")
    assert (tmp_path / "results" / "page.ipynb").read_bytes() == first
