"""The evidence kept in `book/evidence/`: registered protocol, deviations, evidence map, worlds of other seeds."""

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

from analysis.book.page import NOT_MADE
from analysis.claims.evidence_map import Area, EvidenceError, Item, check_places, check_values
from analysis.claims.guidance import Point
from analysis.errors import AnalysisError, ProtocolError
from analysis.protocol import Protocol, load_protocol
from analysis.protocol.yaml_file import YamlError, load_yaml
from analysis.study.fingerprint import ROOT, hash_path
from analysis.tables.agreement import FreshWorlds
from analysis.tables.conformance import Conformance, Deviation, compare
from analysis.tables.planted_causes import PlantedCauses
from analysis.tables.self_test import SelfTest

FOLDER = ROOT / "book" / "evidence"
DEVIATIONS = "deviations.yml"
FRESH_WORLDS = "fresh_worlds.yml"
SELF_TEST = "self_test.yml"
GUIDANCE = "data_analytics.yml"
PLANTED_CAUSES = "planted_causes.yml"


@cache
def read_registered(folder: Path = FOLDER) -> Protocol:
    """The protocol as it was registered."""
    return load_protocol(folder / "protocol_registered.yml")


def read_deviations(folder: Path = FOLDER) -> tuple[Deviation, ...]:
    """The recorded deviations.

    Raises
    ------
    ProtocolError
        If a record lacks its address, executed value, day or reason.
    """
    return _read(folder / DEVIATIONS, Deviation, ProtocolError, "address, executed, when and why")


def read_evidence_map(folder: Path = FOLDER) -> tuple[Item, ...]:
    """The items of the evidence map; raises `EvidenceError` where one is malformed or names no quantity."""
    items = _read(folder / "tripod_ai.yml", Item, EvidenceError, "item, section, asks, place, value, statuses and why")
    check_values(items)
    return items


def read_areas(folder: Path = FOLDER) -> tuple[Area, ...]:
    """The items of the further guidelines; raises `EvidenceError` where one is malformed."""
    return _read(
        folder / "risk_of_bias.yml", Area, EvidenceError, "guideline, item, area, asks, statuses, place and why"
    )


def read_guidance(folder: Path = FOLDER) -> tuple[Point, ...]:
    """The points of the guidance on data analytics; raises `EvidenceError` where one is malformed."""
    keys = "item, source, asks, place, value, this_run, why and authority"
    points = _read(folder / GUIDANCE, Point, EvidenceError, keys)
    check_values(points, GUIDANCE)
    return points


def read_fresh_worlds(folder: Path = FOLDER) -> FreshWorlds:
    """The models of synthetic worlds drawn with other seeds, as `python -m benchmarks.fresh_worlds` recorded them."""
    return FreshWorlds.model_validate(yaml.safe_load((folder / FRESH_WORLDS).read_text(encoding="utf-8")))


def read_self_test(folder: Path = FOLDER) -> SelfTest:
    """How often intervals and tests were right where the truth is known: see `python -m benchmarks.self_test`."""
    return SelfTest.model_validate(yaml.safe_load((folder / SELF_TEST).read_text(encoding="utf-8")))


def read_planted_causes(folder: Path = FOLDER) -> PlantedCauses:
    """How much of a change over time is put down to its planted cause: see `python -m benchmarks.time_causes`."""
    return PlantedCauses.model_validate(yaml.safe_load((folder / PLANTED_CAUSES).read_text(encoding="utf-8")))


def fingerprint_of_truth() -> str:
    """Hash of the truth planted in the synthetic England."""
    return hash_path(ROOT / "data_synthetic" / "england" / "truth.yml")


def check_conformance(executed: Protocol, deviations: Path = FOLDER, folder: Path = FOLDER) -> Conformance:
    """Compare what is executed with what is registered.

    Parameters
    ----------
    executed : Protocol
        The protocol of the run.
    deviations : Path
        Folder of `deviations.yml`: of the book's own, or beside an authority's own protocol. That is a copy of the
        book's, so what the book recorded need not be recorded again.
    folder : Path
        Of the registered protocol and the book's own deviations.

    Returns
    -------
    Conformance

    Raises
    ------
    ProtocolError
        For what differs and was not recorded.
    """
    recorded = read_deviations(deviations) if (deviations / DEVIATIONS).is_file() else ()
    inherited = () if deviations == folder else read_deviations(folder)
    return compare(executed, read_registered(folder), recorded, inherited=inherited)


def check_evidence(example: str, html: Path, folder: Path = FOLDER) -> None:
    """Check that the built book has every place of the evidence map and of the guidance.

    Parameters
    ----------
    example : str
        The slug of the prediction whose page stands for all of them.
    html : Path
        Folder of the built book.
    folder : Path
        Of the evidence map.

    Raises
    ------
    EvidenceError
        Naming every item whose page or anchor is missing, or that is malformed.
    """
    anchors = page_anchors(html)
    check_places([*read_evidence_map(folder), *read_areas(folder)], example, anchors)
    check_places(read_guidance(folder), example, anchors, GUIDANCE)


def places_not_made(book: Path) -> frozenset[str]:
    """The anchors that executed notebooks hold for what their run could not make."""
    pattern = re.compile(rf'<div id=\\?"([a-z0-9-]+)\\?" class=\\?"{NOT_MADE}\\?"')
    return frozenset(
        anchor for path in sorted(book.rglob("*.ipynb")) for anchor in pattern.findall(path.read_text(encoding="utf-8"))
    )


def page_anchors(html: Path) -> dict[str, frozenset[str]]:
    """The ids on each page of a built book, by page without its ending."""
    return {
        path.relative_to(html).with_suffix("").as_posix(): frozenset(
            re.findall(r'\sid="([^"]+)"', path.read_text(encoding="utf-8"))
        )
        for path in sorted(html.rglob("*.html"))
        if "_static" not in path.parts
    }


def _read(path: Path, kind: type[BaseModel], error: type[AnalysisError], keys: str) -> tuple:
    try:
        rows = load_yaml(path.read_bytes()) or []
    except YamlError as unreadable:
        raise error(path.name, str(unreadable)) from None
    found, problems = [], []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(kind.model_validate(row))
        except ValidationError as invalid:
            places = ", ".join(str(problem["loc"][0]) if problem["loc"] else "entry" for problem in invalid.errors())
            problems.append(f"entry {number}: {places} is missing or wrong; an entry has {keys}")
    if problems:
        raise error(path.name, problems)
    return tuple(found)
