"""The guide's own commands and snippets, as they stand in the book, for tests that follow them."""

import re
import shlex
import subprocess
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "book" / "run_it_on_your_data.md").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    """The fenced blocks of a language, without the indent of the list they stand in."""
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```", GUIDE, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(text) for _, text in blocks]


def commands(verb: str) -> list[str]:
    """Each command of the guide that runs this verb of the analysis, as typed."""
    typed = [re.sub(r"\\\n\s*", "", text) for text in snippets("console")]  # a command over two lines is one
    lines = [line[2:].partition("#")[0].strip() for text in typed for line in text.splitlines()]
    return [line for line in lines if line.startswith((f"make {verb} ", f"python -m analysis {verb} "))]


def arguments(command: str) -> list[str]:
    """What `python -m analysis` is given by a command: of `make`, as make itself says without running anything."""
    if command.startswith("make "):
        done = subprocess.run(["make", "-n", *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (command,) = [line for line in done.stdout.splitlines() if " -m analysis " in line]
    return shlex.split(command.partition(" -m analysis ")[2])


def authority_line() -> str:
    """The line that declares the authority in the protocol."""
    (line,) = re.findall(r"^- `authorities`: .*?: `([^`]+)`", GUIDE, re.MULTILINE | re.DOTALL)
    return line


def protocol_of_the_guide() -> str:
    """The registered protocol's text with the guide's own authority and prediction written in, as step 3 says."""
    (prediction,) = [text for text in snippets("yaml") if text.startswith("P9:")]
    text = (ROOT / "protocol.yml").read_text(encoding="utf-8")
    text = text.replace("authorities:\n", f"authorities:\n  {authority_line()}\n", 1)
    return text.replace("predictions:\n", f"predictions:\n{textwrap.indent(prediction, '  ')}", 1)
