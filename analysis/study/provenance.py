"""What a page was made from, in a few fingerprints that any reader can compare."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.errors import StepError
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash
from analysis.study.fingerprint import ROOT, code_of, hash_code, hash_environment, hash_values, modules_imported
from analysis.study.paths import Paths
from analysis.study.settings import Settings

FINGERPRINTS = ("data", "code", "protocol", "environment")
"""What a release's manifest says it was made from."""
DATES = ("observed_from", "observed_to")
"""How it calls the first and last day of the extract's observation."""

NO_CASES = ("redaction",)
"""Pages whose results are of invented texts alone, whatever the run's data: they say so in their own words."""


def provenance(settings: Settings, notebook: str, build: Path, data_steps: Sequence[str]) -> dict[str, str]:
    """Data fingerprint, code version, protocol hash and environment, 64 hexadecimal digits each.

    Parameters
    ----------
    settings : Settings
    notebook : str
        Path of the notebook in the repository; '' for the library alone.
    build : Path
    data_steps : sequence of str
        Names of the steps whose products the page was computed from.

    Returns
    -------
    dict of str to str
        By the names in `FINGERPRINTS`.

    Raises
    ------
    StepError
        If one of the steps has not run.
    """
    modules = modules_imported(code_of(ROOT / notebook)) if notebook else ("analysis.study.problem",)
    return {
        "data": hash_values([_product(build, step) for step in sorted(data_steps)]),
        "code": hash_code(*modules),
        "protocol": protocol_hash(settings.protocol),
        "environment": hash_environment(),
    }


def short(made_from: Mapping[str, str]) -> dict[str, str]:
    """The same in 12 digits each, as a page shows it."""
    return {name: digest[:12] for name, digest in made_from.items()}


def check_pages_agree(pages: Iterable[Path], protocol: Protocol) -> None:
    """Check that every page says what it was made from and on which data its results stand.

    All were made from this protocol, and the result pages by one code. A page that could not be studied holds no result
    and says no more than why.

    Parameters
    ----------
    pages : iterable of Path
        Executed notebooks.
    protocol : Protocol
        That of the book.

    Raises
    ------
    StepError
        With every page that is amiss.
    """
    shown = {page: _shown(page) for page in pages}
    expected = protocol_hash(protocol)[:12]
    problems = [
        f"page {page.stem!r} was made from another protocol than the book; delete it and run the report again"
        for page, made_from in shown.items()
        if made_from.get("protocol", expected) != expected
    ]
    codes = {
        page: made_from["code"] for page, made_from in shown.items() if page.stem in protocol.predictions and made_from
    }
    if len(set(codes.values())) > 1:
        problems.append(f"result pages were made by different code ({len(codes)} pages); run the report again")
    problems += [
        f"page {page.stem!r} does not say what it was made from; end its notebook with show_provenance(page)"
        for page, made_from in shown.items()
        if not made_from and page.stem not in protocol.predictions
    ]
    problems += [
        f"page {page.stem!r} shows results and does not say on which data they stand; call show_banner(page) in it"
        for page in shown
        if page.stem not in NO_CASES and _shows_results_without_banner(page)
    ]
    if problems:
        raise StepError("book", problems)


def _shows_results_without_banner(page: Path) -> bool:
    """A table or figure of the run has a badge; the banner says whose cases they are of and what was withheld."""
    text = page.read_text(encoding="utf-8")
    return (
        bool(re.search(r"badge-(pre-registered|added-later|deviation|exploratory)", text)) and "data-banner" not in text
    )


def _shown(page: Path) -> dict[str, str]:
    """The fingerprints that an executed notebook shows."""
    block = re.search(r'<details class=\\"provenance\\"([^>]*)>', page.read_text(encoding="utf-8"))
    return dict(re.findall(r'data-([a-z]+)=\\"(\w+)\\"', block.group(1))) if block else {}


def _product(build: Path, step: str) -> str:
    path = Paths(build).step(step)
    if not path.is_file():
        raise StepError(step, "has not run yet; run `python -m analysis report` first")
    return json.loads(path.read_text(encoding="utf-8"))["product"]
