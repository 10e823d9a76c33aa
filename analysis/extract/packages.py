"""Look into a packed file before it is unpacked: refuse what would exhaust the machine."""

import re
import zipfile
from collections.abc import Iterator

from analysis.errors import TableError

MEGABYTE = 1 << 20  # bytes
LARGEST_UNPACKED = 1024 * MEGABYTE  # bytes (ours)
LARGEST_RATIO = 200  # an honest workbook packs about 10 to 1, an empty one 60 to 1
MOST_COLUMNS = 500  # of a sheet (ours)
MOST_CELLS = 20_000_000  # of a sheet or file, to bound the memory (ours)
DAMAGED = "the workbook is cut short or damaged; copy or export it again"
PASSWORD = "it is protected by a password; save it without one"


def check_archive(package: zipfile.ZipFile, where: str) -> None:
    """Check that a zip package would not unpack to far more than it weighs.

    Parameters
    ----------
    package : ZipFile
    where : str
        What messages call it.

    Raises
    ------
    TableError
        If it states that it unpacks to more than a gigabyte, or to more than 20 MB and 200 times its size.
    """
    packed = sum(entry.compress_size for entry in package.infolist())
    unpacked = sum(entry.file_size for entry in package.infolist())
    if unpacked > LARGEST_UNPACKED or (unpacked > 20 * MEGABYTE and unpacked > LARGEST_RATIO * max(packed, 1)):
        raise TableError(where, "it unpacks to far more than a workbook holds; save it again from the source system")


def check_open_document(package: zipfile.ZipFile, where: str) -> None:
    """Refuse an open-document spreadsheet that is locked or would repeat its cells beyond what an extract can have.

    Parameters
    ----------
    package : ZipFile
    where : str
        What messages call it.

    Raises
    ------
    TableError
    """
    manifest = "META-INF/manifest.xml"
    if manifest in package.namelist() and b"encryption-data" in package.read(manifest):
        raise TableError(where, PASSWORD)
    _check_repeats(package, where)


def _check_repeats(package: zipfile.ZipFile, where: str) -> None:
    # A spreadsheet in the open document format may say "repeat this cell" a billion times.
    filled = re.compile(
        rb"<table:table-cell\b[^>]*number-columns-repeated=[\"'](\d+)[\"'][^>]*(?:office:value-type|office:value=)"
        rb"|<table:table-cell\b[^>]*(?:office:value-type|office:value=)[^>]*number-columns-repeated=[\"'](\d+)[\"']"
    )
    for block in blocks(package, "content.xml"):
        widths = [int(first or second) for first, second in filled.findall(block)]
        rows = [int(found) for found in re.findall(rb"number-rows-repeated=[\"'](\d+)[\"']", block)]
        if max(widths, default=1) > MOST_COLUMNS:
            raise TableError(where, f"a sheet has more than {MOST_COLUMNS} columns; keep the columns of the lists")
        if widths and max(rows, default=1) * max(widths) > MOST_CELLS:
            raise TableError(where, f"a sheet spans more than {MOST_CELLS:,} cells; delete its empty rows and columns")


def blocks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of one part, a megabyte or so at a time.

    Parameters
    ----------
    package : ZipFile
    part : str
        Name of the part.

    Returns
    -------
    iterator of bytes
        Each ends at the end of a tag.

    Raises
    ------
    ValueError
        If the part unpacks to more than a gigabyte, or holds a tag of more than eight megabytes.
    """
    # Cut at a tag's end, so that no attribute is split between two blocks.
    with package.open(part) as file:
        rest, read = b"", 0
        while block := file.read(MEGABYTE):
            read += len(block)
            if read > LARGEST_UNPACKED:
                raise ValueError("unpacks to more than its directory says")
            head, separator, rest = (rest + block).rpartition(b">")
            if len(rest) > 8 * MEGABYTE:
                raise ValueError("one tag of more than eight megabytes")
            yield head + separator
        yield rest


def column_letter(index: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    letters, index = "", index + 1
    while index:
        index, remainder = divmod(index - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
