"""What is made of the built book: one PDF to print, one archive to deposit."""

from analysis.publish.archive import deposit_parts, write_archive
from analysis.publish.citation import Citation, read_citation
from analysis.publish.deposit import publish
from analysis.publish.pdf import find_chromium, write_pdf

__all__ = ["Citation", "deposit_parts", "find_chromium", "publish", "read_citation", "write_archive", "write_pdf"]
