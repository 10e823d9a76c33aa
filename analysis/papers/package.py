"""What a paper carries besides its words: the book's title, authors and date, and nothing of who made it where."""

import io
import zipfile

from analysis.escape import one_line
from analysis.publish.archive import SAME_TIME
from analysis.publish.citation import Citation

LANGUAGE = "en-GB"
UNWANTED = ("thumbnail", "extended-properties", "printerSettings")
"""Kinds of parts that come with a library's empty document: its picture, its program, its author's printer."""


def finish(document, part, title: str, cited: Citation) -> bytes:
    """The bytes of a document, the same on every day and machine.

    Parameters
    ----------
    document : docx.Document or pptx.Presentation
    part : docx or pptx part
        The document's main part.
    title : str
        Of this paper.
    cited : Citation
        Who made which version of the book, and when.

    Returns
    -------
    bytes
    """
    properties = document.core_properties
    properties.title, properties.author, properties.language = one_line(title), cited.authors, LANGUAGE
    properties.last_modified_by = properties.comments = properties.keywords = properties.category = ""
    properties.subject = f"Version {cited.version}"
    properties.created = properties.modified = cited.released_at
    properties.revision = 1
    for relations in (part.package._rels if hasattr(part.package, "_rels") else part.package.rels, part.rels):
        for key in [key for key, one in relations.items() if one.reltype.rpartition("/")[2] in UNWANTED]:
            relations.pop(key)
    written = io.BytesIO()
    document.save(written)
    return with_fixed_times(written.getvalue())


def with_fixed_times(packed: bytes) -> bytes:
    """A zip file with the same members in the same order, each of one fixed time.

    Examples
    --------
    >>> file = io.BytesIO()
    >>> zipfile.ZipFile(file, "w").writestr("a.txt", "words")
    >>> zipfile.ZipFile(io.BytesIO(with_fixed_times(file.getvalue()))).infolist()[0].date_time
    (1980, 1, 1, 0, 0, 0)
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(target, "w") as written:
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, SAME_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            written.writestr(entry, source.read(member))
    return target.getvalue()
