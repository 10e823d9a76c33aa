"""Both products of the built book in one call."""

from datetime import date
from pathlib import Path

from analysis.publish.archive import deposit_parts, write_archive
from analysis.publish.pdf import find_chromium, write_pdf


def publish(root: Path, build: Path, html: Path, folder: Path, *, published: date) -> dict[str, Path]:
    """Print the book and pack it for deposit; where there is no chromium to print with, pack it without the PDF.

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
    chromium = find_chromium()
    made = {"pdf": write_pdf(html, folder / "book.pdf", chromium=chromium)} if chromium else {}
    parts = deposit_parts(root, build, html, pdf=made.get("pdf"))
    archive = write_archive(folder / "book.zip", parts, citation=root / "CITATION.cff", published=published)
    return made | {"archive": archive}
