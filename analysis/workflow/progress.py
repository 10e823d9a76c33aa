"""A live line: what runs, for how long, and how long what has ended took."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

SECONDS_BETWEEN_COUNTS = 10.0  # that a long count is silent at the most (ours)
Item = TypeVar("Item")


class Progress:
    """Writes to a terminal as one line that is redrawn, elsewhere as a line per event."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.running: dict[str, float] = {}
        self.done = self.expected = 0

    def expect(self, steps: int) -> None:
        """Say how many steps there are in all."""
        self.expected = steps

    def say(self, sentence: str) -> None:
        """Say a sentence, unless it is empty."""
        if sentence:
            self._line(sentence)

    def passed_over(self) -> None:
        """Count a step that need not run."""
        self.done += 1

    def started(self, name: str) -> None:
        """Say that a step has begun."""
        self.running[name] = time.monotonic()
        if not self.live:
            self._line(f"         {name} …")
        self.tick()

    def finished(self, name: str, seconds: float, notices: Iterable[str] = ()) -> None:
        """Say that a step has ended, and what it has to say.

        Parameters
        ----------
        name : str
            Of the step.
        seconds : float
            That it took.
        notices : iterable of str
            One line each.
        """
        self.running.pop(name, None)
        self.done += 1
        self._line(f"{seconds:6.1f} s {name} ({self.done} of {self.expected})")
        for notice in notices:
            self._line(f"         {notice}")
        self.tick()

    def failed(self, name: str, message: str) -> None:
        """Say that a step has failed, and why.

        Parameters
        ----------
        name : str
            Of the step.
        message : str
            Holds no value of a record.
        """
        self.running.pop(name, None)
        self._line(f"  failed {name}\n{message}")
        self.tick()

    def counted(self, items: Iterable[Item], number: int, doing: str) -> Iterator[Item]:
        """Each item in turn; of a long count a line now and then says how far it is.

        Parameters
        ----------
        items : iterable
        number : int
            Of items.
        doing : str
            What is done, such as "authorities attacked".

        Returns
        -------
        iterator of the items
        """
        said = time.monotonic()
        for done, item in enumerate(items, start=1):
            now = time.monotonic()
            if now - said >= SECONDS_BETWEEN_COUNTS:
                said = now
                self._line(f"         {doing}: {done} of {number}")
            yield item

    def tick(self) -> None:
        """Redraw the live line."""
        if self.live:
            now = time.monotonic()
            parts = [f"{name} {now - start:.0f} s" for name, start in self.running.items()]
            parts = [f"{self.done} of {self.expected} done", *parts] if parts else []
            self.stream.write("\r\033[K  " + " · ".join(parts))
            self.stream.flush()

    def _line(self, text: str) -> None:
        clear = "\r\033[K" if self.live else ""
        self.stream.write(f"{clear}{text}\n")
        self.stream.flush()
