"""A live line: what runs, for how long, and how long what has ended took."""

import sys
import time


class Progress:
    """Writes to a terminal as one line that is redrawn, elsewhere as a line per event."""

    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.running: dict[str, float] = {}

    def started(self, name: str) -> None:
        self.running[name] = time.monotonic()
        if not self.live:
            self._line(f"         {name} …")
        self.tick()

    def finished(self, name: str, seconds: float) -> None:
        self.running.pop(name, None)
        self._line(f"{seconds:6.1f} s {name}")
        self.tick()

    def failed(self, name: str, message: str) -> None:
        self.running.pop(name, None)
        self._line(f"  failed {name}\n{message}")
        self.tick()

    def say(self, text: str) -> None:
        self._line(text)

    def tick(self) -> None:
        """Redraw the live line."""
        if self.live:
            now = time.monotonic()
            parts = [f"{name} {now - start:.0f} s" for name, start in self.running.items()]
            self.stream.write("\r\033[K" + ("  now: " + " · ".join(parts) if parts else ""))
            self.stream.flush()

    def _line(self, text: str) -> None:
        clear = "\r\033[K" if self.live else ""
        self.stream.write(f"{clear}{text}\n")
        self.stream.flush()
