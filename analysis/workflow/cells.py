"""Run the cells of a notebook in a process of their own, forked from one in which what notebooks import is loaded.

To start IPython's kernel and import the analysis took three seconds for each notebook; to fork takes none. The process
that is forked from runs nothing but imports, so that each notebook begins from the same state. Where forking is not
safe (macOS, Windows) a new process is started and imports what it needs. It is one of papermill's engines: papermill
parameterises the notebook and asks it to run the cells.
"""

import gc
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from analysis.disclosure.traces import NOT_SHOWN
from analysis.errors import AnalysisError, StepError
from analysis.processes import end_with_caller
from analysis.study.fingerprint import ROOT, code_of, modules_imported
from analysis.workflow.failures import shortage_of

PRELOADED = "analysis.workflow.preloaded"
OBJECTS_BETWEEN_COLLECTIONS = 50_000  # ours; Python's own 700 cost a page a sixth of its time
_cpu_seconds = 0.0  # of cells run so far for this process


def cpu_seconds_of_forked_cells() -> float:
    """CPU-seconds so far of cells run for this process, which the system counts as another's.

    What loading takes before the first of them, once for each worker, is not among them.
    """
    return _cpu_seconds


def run_cells(notebook: NotebookNode, source: Path) -> None:
    """Run a notebook's cells in turn, and put into each what it shows.

    Parameters
    ----------
    notebook : NotebookNode
        Its code cells are given their outputs: what was displayed, and the value of a last expression. What is printed
        is dropped.
    source : Path
        The notebook's text. What it and those beside it import is loaded before the first of them is run.

    Raises
    ------
    AnalysisError
        The one a cell raised.
    StepError
        If a cell raised another: its type alone, for its text might hold a child's value.
    BrokenProcessPool
        If the process died.
    """
    global _cpu_seconds
    cells = {number: cell.source for number, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    context = _context(source.parent)
    with ProcessPoolExecutor(1, context, initializer=_begin) as pool:
        outputs, seconds = pool.submit(_outputs, cells, source.name).result()
    if context.get_start_method() == "forkserver":  # no child of this process, which therefore does not count it
        _cpu_seconds += seconds
    for number, shown in outputs.items():
        notebook.cells[number].outputs = shown


class ForkingEngine(Engine):
    """Papermill's way of running the cells of a notebook that it has parameterised: `run_cells`."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, *, source: Path, **_) -> None:
        """Run the cells in a forked process instead of in a kernel.

        Parameters
        ----------
        nb_man : NotebookExecutionManager
            Holds the notebook.
        kernel_name : str
            Not used.
        source : Path
            The notebook's text; see `run_cells`.
        """
        run_cells(nb_man.nb, source)


ENGINE = "forking"
papermill_engines.register(ENGINE, ForkingEngine)


@cache
def _context(folder: Path) -> BaseContext:
    """How processes are started for the notebooks in a folder."""
    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    code = "\n".join(code_of(notebook) for notebook in sorted(folder.glob("*.md")))
    context.set_forkserver_preload([__name__, PRELOADED, "IPython.core.interactiveshell", *modules_imported(code)])
    return context


def _begin() -> None:
    """Leave Ctrl-C to the caller, end when it has gone, print nothing, and look for garbage in new objects alone."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_caller()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.chdir(ROOT)


def _outputs(cells: dict[int, str], name: str) -> tuple[dict[int, list], float]:
    """What each cell shows, and the CPU-seconds it took; in the forked process."""
    shell, shown = _shell()
    outputs = {}
    for number, source in cells.items():
        shown.clear()
        done = shell.run_cell(source, store_history=True)
        error = done.error_before_exec or done.error_in_exec
        if error is not None:
            raise _speakable(error, name, number) from None
        outputs[number] = list(shown)
    return outputs, sum(os.times()[:4])


def _speakable(error: BaseException, name: str, number: int) -> AnalysisError:
    if isinstance(error, AnalysisError):
        return error
    words = shortage_of(error) or f"cell {number} stopped with {type(error).__name__}: {NOT_SHOWN}"
    return StepError(name, words)


def _shell() -> tuple:
    """IPython's shell, and the list in which it gathers outputs; it writes no history and no traces."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    shown: list[NotebookNode] = []

    class Displayed(DisplayPublisher):
        def publish(self, data, metadata=None, source=None, **options):
            shown.append(new_output("display_data", data=data, metadata=metadata or {}))

    class LastValue(DisplayHook):
        def write_output_prompt(self):
            """Nothing is printed."""

        def write_format_data(self, format_dict, md_dict=None):
            shown.append(new_output("execute_result", data=format_dict, metadata=md_dict or {}))

        def finish_displayhook(self):
            """Nothing is printed."""

    class Shell(InteractiveShell):
        def showtraceback(self, *arguments, **options):
            """A trace might hold a child's value."""

        showsyntaxerror = showtraceback

    config = Config({"HistoryManager": {"enabled": False}})
    return Shell.instance(config=config, display_pub_class=Displayed, displayhook_class=LastValue), shown
