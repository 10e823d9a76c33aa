"""Pages are made ready to be written only as fast as they are written, and forgotten once they are.

Sphinx, asked to write with several processes, makes all pages ready first, a hundred to a process, and holds in memory
what it has read of each: of a book of a thousand pages, gigabytes.
"""

import gc
import time
from collections.abc import Sequence

from docutils import nodes
from sphinx import builders
from sphinx.application import Sphinx
from sphinx.util.build_phase import BuildPhase
from sphinx.util.parallel import ParallelTasks

PAGES_AT_ONCE = 30  # written by a process (ours): fewer take less memory, and what all share is sent more often
COLLECTED = (50_000, 5, 5)  # objects made before a collection, and collections before one of older objects
SECONDS_BETWEEN_LOOKS = 0.02  # as Sphinx itself waits


class BoundedTasks(ParallelTasks):
    """Tasks of which one at most waits while every process works; what is no longer needed is given back before each.

    Pages are trees whose branches know their trunk, so only a collection frees them. What was in memory before the
    first task stays to the end, and is never looked at again: the processes share it.
    """

    def __init__(self, processes: int):
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECTED)
        super().__init__(processes)

    def add_task(self, *arguments, **options) -> None:
        """Add a task once the one before it is begun."""
        while self._precvsWaiting:
            if not self._join_one():
                time.sleep(SECONDS_BETWEEN_LOOKS)
        gc.collect()
        super().add_task(*arguments, **options)


def small_chunks(pages: Sequence[str], processes: int, most: int) -> list[Sequence[str]]:
    """The pages in the order given, some for each task, in place of `sphinx.util.parallel.make_chunks`.

    Parameters
    ----------
    pages : sequence of str
        Their names.
    processes : int
        That share them, 1 or more.
    most : int
        The most pages in a task, from 1; 0 if there are no pages.

    Returns
    -------
    list of sequence of str
        As many for each as give every process some, and at most `most`.
    """
    size = max(1, min(most, -(-len(pages) // processes)))
    return [pages[start : start + size] for start in range(0, len(pages), size)]


def _forget(app: Sphinx, doctree: nodes.document, page: str) -> None:  # noqa: ARG001 - as Sphinx calls it
    """Drop what was read of the page's file; Sphinx would hold it to the end, and reads it once."""
    app.env._pickled_doctree_cache.pop(page, None)


def setup(app: Sphinx) -> dict[str, bool]:
    def chunks(pages: Sequence, processes: int) -> list[Sequence]:
        # A process that reads sends back all that is known of every page read so far: so it reads all that it can.
        return small_chunks(pages, processes, PAGES_AT_ONCE if app.phase is BuildPhase.WRITING else len(pages))

    builders.ParallelTasks, builders.make_chunks = BoundedTasks, chunks
    app.connect("doctree-resolved", _forget)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
