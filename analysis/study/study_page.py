"""The page on which a notebook of any of the three studies is shown: predictions, chapters, family networks."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.book.page import Page
from analysis.book.sentences.words import listed
from analysis.disclosure import describe_preset
from analysis.study.provenance import provenance, short
from analysis.study.settings import Settings


def study_page(
    settings: Settings,
    build: Path,
    source: str,
    *,
    made_from: Sequence[str] | Mapping[str, str],
    synthetic: bool,
    slug: str = "",
    outcome: str = "",
    authorities: Sequence[str] = (),
    lacks: str = "",
) -> Page:
    """The page, with the run's deviations, the rules its tables passed, and what it was made from.

    Parameters
    ----------
    settings : Settings
    build : Path
    source : str
        The notebook's path in the repository.
    made_from : sequence of str, or mapping
        Names of the steps whose products the page is computed from; or the fingerprints it shows, where its tables
        were made elsewhere.
    synthetic : bool
        Whether the data of this page were made by the generator, whatever the rest of the book stands on.
    slug : str, optional
        Of the page's files and anchors; by default the notebook's name.
    outcome : str, optional
        The one prediction that the page is about, if it is about one.
    authorities : sequence of str
        Names of those whose own extracts the page is made of.
    lacks : str
        What those extracts did not hold, in sentences.
    """
    known = made_from if isinstance(made_from, Mapping) else provenance(settings, source, build, made_from)
    slug, rules, conformance = slug or Path(source).stem, settings.protocol.disclosure, settings.conformance
    return Page(
        slug=slug,
        folder=build / "book" / "_files" / slug,
        source=source,
        data_is_synthetic=synthetic,
        deviating=conformance.deviating,
        added=conformance.added,
        registered=outcome not in conformance.added,
        disclosure=describe_preset(rules.synthetic_data if synthetic else rules.own_data, rules),
        provenance=short(known),
        made_from=_extracts(authorities),
        lacks=lacks,
    )


def _extracts(authorities: Sequence[str]) -> str:
    if len(authorities) > 1:
        return f"the own extracts of {listed(authorities)}"
    return f"{authorities[0]}'s own extract" if authorities else ""
