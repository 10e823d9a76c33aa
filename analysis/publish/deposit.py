"""Both products of the built book in one call."""

import shutil
from datetime import date
from pathlib import Path

from analysis.publish.archive import deposit_parts, write_archive
from analysis.publish.citation import read_citation
from analysis.publish.pdf import NAME, find_chromium, write_pdf


def publish(root: Path, build: Path, html: Path, folder: Path, *, published: date) -> dict[str, Path]:
    """Pack the book for deposit with its PDF: the one that the report printed, or else one printed now.

    Where there is no chromium to print with, it is packed without.

    Parameters
    ----------
    root, build, html : Path
        The repository, the report's build folder and the folder of its HTML.
    folder : Path
        Where ``book.pdf`` and ``book.zip`` are written.
    published : datetime.date
        Date of publication, for the citation.

    Returns
    -------
    dict of str to Path
        What was written: "pdf" (if it could be) and "archive".
    """
    citation, pdf, chromium = root / "CITATION.cff", folder / "book.pdf", find_chromium()
    if (html / NAME).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(html / NAME, pdf)
    elif chromium:
        write_pdf(html, pdf, cited=read_citation(citation), chromium=chromium)
    made = {"pdf": pdf} if chromium or (html / NAME).is_file() else {}
    parts = deposit_parts(root, build, html, pdf=made.get("pdf"))
    archive = write_archive(folder / "book.zip", parts, citation=citation, published=published)
    return made | {"archive": archive}
