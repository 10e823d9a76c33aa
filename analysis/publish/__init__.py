"""What is made of the built book: one PDF to print, one archive to deposit."""

from analysis.publish.archive import deposit_parts, write_archive
from analysis.publish.deposit import publish
from analysis.publish.pdf import find_chromium, write_pdf

__all__ = ["deposit_parts", "find_chromium", "publish", "write_archive", "write_pdf"]
