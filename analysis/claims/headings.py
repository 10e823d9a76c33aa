"""The titles of the book's pages and sections, from the pages' sources: what a link to one of them says."""

import re
from functools import cache
from pathlib import Path

BOOK = Path(__file__).resolve().parents[2] / "book"
FENCED = re.compile(r"^(```|~~~|:::).*?^\1\s*$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)


@cache
def headings(page: str) -> dict[str, str]:
    """The headings of a page by the ids that the built page gives them; its title is that of "".

    Parameters
    ----------
    page : str
        Address without its ending, such as "notebooks/text"; of one without a source there are none.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> headings("about")[""], headings("authorities_and_data")["what-records-cannot-tell"]
    ('About this project', 'What records cannot tell')
    """
    source = BOOK / f"{page}.md"
    found = HEADING.findall(FENCED.sub("", source.read_text("utf-8"))) if source.is_file() else []
    return {"": found[0], **{section_id(heading): heading for heading in found}} if found else {}


def section_id(heading: str) -> str:
    """The id that the built page gives a section.

    Examples
    --------
    >>> section_id("What an authority's record looks like")
    'what-an-authoritys-record-looks-like'
    """
    return re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", heading.lower())).strip("-")
