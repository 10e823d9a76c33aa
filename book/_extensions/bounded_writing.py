"""Pages are made ready to be written only as fast as they are written.

Sphinx, told to write with several processes, makes all pages ready first and holds them in memory until their turn
comes: of a book of a thousand pages, gigabytes.
"""

import time

from sphinx import builders
from sphinx.application import Sphinx
from sphinx.util.parallel import ParallelTasks

SECONDS_BETWEEN_LOOKS = 0.02  # as Sphinx itself waits


class BoundedTasks(ParallelTasks):
    """Tasks of which one at most waits while every process works."""

    def add_task(self, *arguments, **options) -> None:
        """Add a task once the one before it is begun."""
        while self._precvsWaiting:
            if not self._join_one():
                time.sleep(SECONDS_BETWEEN_LOOKS)
        super().add_task(*arguments, **options)


def setup(app: Sphinx) -> dict[str, bool]:
    builders.ParallelTasks = BoundedTasks
    return {"parallel_read_safe": True, "parallel_write_safe": True}
