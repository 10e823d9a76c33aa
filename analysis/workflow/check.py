"""The verb `check`: what an extract holds and what it can answer, with nothing fitted."""

from pathlib import Path

from analysis.disclosure.containment import CHECK_PAGE, write_closed
from analysis.extract import check
from analysis.extract.definitions import annex_a, standard_safeguarding_dataset, statutory_returns
from analysis.extract.mapping import write_mapping
from analysis.protocol import load_protocol, taken_as_registered


def check_extract(data: Path, protocol_path: Path, build: Path, mapping: Path | None = None) -> int:
    """Write the account of an extract as a page and print it; 0 if it can be read, 1 if not.

    Parameters
    ----------
    data : Path
        An extract, or a folder with one for each authority.
    protocol_path : Path
        Whose predictions it is to answer.
    build : Path
        Where the page is written, readable by its owner only.
    mapping : Path or None
        A workbook to which what was not understood is added, and which says what some of it means.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    ProtocolError
        If the protocol cannot be read.
    TableError
        If there is no extract at `data` at all.
    """
    report = check(data, load_protocol(protocol_path), mapping=mapping)
    build.mkdir(parents=True, exist_ok=True)
    page = build / CHECK_PAGE
    write_closed(page, report.html())
    print(f"{report.text()}\n\nThe same as a page: {page}", flush=True)
    say_what_was_added(protocol_path)
    if mapping:
        accounts = [one.report for one in report.authorities if one.report]
        unknown = [one for account in accounts for one in account.not_understood]
        write_mapping(mapping, unknown, (annex_a(), standard_safeguarding_dataset(), statutory_returns()))
        print(f"What was not understood, to be filled in: {mapping}", flush=True)
    return 0 if report.readable else 1


def say_what_was_added(protocol_path: Path) -> None:
    """Print what a protocol file lacks because it was added to the registered protocol after the file was written."""
    if later := taken_as_registered(protocol_path):
        print(f"Added to the protocol since yours was written, and taken as registered: {', '.join(later)}", flush=True)
