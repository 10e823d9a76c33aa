"""What a page may say of a failure, and what it may not carry along: traces, run times, hidden metadata."""

import base64
import copy
import re
import struct
from collections.abc import Iterator

from analysis.errors import AnalysisError

NOT_SHOWN = "the details are not shown here, because they could hold data"
_PNG = b"\x89PNG\r\n\x1a\n"
_WORDY_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
_KEPT_NOTEBOOK_METADATA = {"kernelspec", "language_info", "jupytext", "mystnb", "myst"}
_KEPT_CELL_METADATA = {"tags", "mystnb", "slideshow"}


def error_names() -> frozenset[str]:
    """Names of the errors whose text never holds a value of a child's record."""

    def tree(kind: type) -> Iterator[str]:
        yield kind.__name__
        for below in kind.__subclasses__():
            yield from tree(below)

    return frozenset(tree(AnalysisError))


def describe_failed_cell(kind: str, words: str) -> str:
    """An error as it may be shown: its text if it is one of ours, else its kind alone.

    Parameters
    ----------
    kind : str
    words : str

    Returns
    -------
    str

    >>> describe_failed_cell("KeyError", "Jane Doe")
    'KeyError: the details are not shown here, because they could hold data'
    """
    return words if kind in error_names() else f"{kind}: {NOT_SHOWN}"


def clean_notebook(notebook: dict) -> dict:
    """A notebook without traces, warnings, run times or metadata that the book does not use."""
    notebook = copy.deepcopy(notebook)
    notebook["metadata"] = {k: v for k, v in notebook["metadata"].items() if k in _KEPT_NOTEBOOK_METADATA}
    for cell in notebook["cells"]:
        cell["metadata"] = {k: v for k, v in cell.get("metadata", {}).items() if k in _KEPT_CELL_METADATA}
        if "outputs" in cell:
            cell["outputs"] = [_clean_output(output) for output in cell["outputs"] if output.get("name") != "stderr"]
    return notebook


def _clean_output(output: dict) -> dict:
    if output["output_type"] == "error":
        words = describe_failed_cell(output["ename"], output["evalue"])
        return {**output, "evalue": words, "traceback": [words]}
    data = output.get("data")
    if data and "image/png" in data:
        image = base64.b64decode(data["image/png"])
        data["image/png"] = base64.b64encode(strip_png(image)).decode()
    if data and "image/svg+xml" in data:
        words = data["image/svg+xml"]
        data["image/svg+xml"] = strip_svg(words if isinstance(words, str) else "".join(words))
    return output


def strip_png(image: bytes) -> bytes:
    """A PNG image without its text, date and camera chunks; the picture is the same."""
    if not image.startswith(_PNG):
        raise ValueError("not a PNG image")
    kept, place = [_PNG], len(_PNG)
    while place < len(image):
        (length,) = struct.unpack(">I", image[place : place + 4])
        end = place + 12 + length
        if image[place + 4 : place + 8] not in _WORDY_CHUNKS:
            kept.append(image[place:end])
        place = end
    return b"".join(kept)


def strip_svg(image: str) -> str:
    """An SVG image without its metadata (dates, creator) and comments."""
    image = re.sub(r"<metadata\b.*?</metadata\s*>|<metadata\b[^>]*/>", "", image, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->", "", image, flags=re.DOTALL)
