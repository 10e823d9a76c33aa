"""Released tables of a page parted into what is said of its models and what of the score of a tool."""

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import key, measure, setting
from analysis.disclosure.derive import derive
from analysis.disclosure.lazy import LazyTables
from analysis.disclosure.released import World
from analysis.disclosure.specification import MODELS
from analysis.protocol import Protocol
from analysis.tables.summaries import joint

SCORE = "supplied_score"
OF_SCORES = ("score_coverage", "score_versions", "score_comparisons")
NOBODY, CLAIMED = "flagging no one", "an accuracy as suppliers claim"

ACCURACY = TableSpecification(
    "score_accuracy",
    "How often the tool is right, beside flagging no one",
    "one prediction and way of flagging",
    (
        key("authority", "authority"),
        key("outcome", "prediction"),
        key("flagged_by", f"{SCORE}; {NOBODY}; or {CLAIMED}"),
        measure("accuracy", "share of cases that it is right about"),
        measure("precision", "share of flagged cases with the outcome"),
        measure("recall", "share of outcomes that it flags"),
        setting("threshold", "from which the score flags, for one in a range of its own the share of cases below"),
    ),
    planned_by=MODELS | {"scores", "operating_threshold"},
    derived=True,
)


def models_only(tables: Mapping[str, Released]) -> Mapping[str, Released]:
    """A page's tables without what is said of a score; each is made when it is asked for."""

    def of_models(name: str) -> Released:
        table = tables[name]
        has_score = "design" in table.frame and table.frame["design"].eq(SCORE).any()
        return table.without(design=SCORE) if has_score else table

    return LazyTables([name for name in tables if name not in OF_SCORES], of_models)


class ScoreTables(Mapping[str, Released]):
    """What a page's tables say of a score; a table is read when it is asked for.

    Parameters
    ----------
    tables : dict of name -> Released
        All of the page.
    """

    def __init__(self, tables: Mapping[str, Released]):
        self._tables, self._read = tables, LazyTables(list(tables), self._of_score)

    def _of_score(self, name: str) -> Released:
        table = self._tables[name]
        return table.where(design=SCORE) if name not in OF_SCORES and "design" in table.frame else table

    def __contains__(self, name: object) -> bool:
        return name in self._tables and (name in OF_SCORES or self._has_rows(str(name)))

    def _has_rows(self, name: str) -> bool:
        frame = self._read[name].frame
        return "design" in frame and len(frame) > 0

    def __getitem__(self, name: str) -> Released:
        if name not in self:
            raise KeyError(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in self._tables if name in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def score_only(tables: Mapping[str, Released]) -> Mapping[str, Released]:
    """What a page's tables say of a score; empty where none was supplied."""
    return ScoreTables(tables) if "score_coverage" in tables else {}


def accuracy(scores: World, protocol: Protocol) -> Released | None:
    """How often the score is right at its threshold, beside flagging no one and a claim; None without scores.

    Flagging no one is right about every case without the outcome, so where the outcome is rare it is right nearly
    always, and finds nobody.

    Parameters
    ----------
    scores : World
        Of the pages that have scores.
    protocol : Protocol
        Its section `scores` holds the accuracy of the claim.

    Returns
    -------
    Released or None
    """
    points = joint(scores, "operating_point")
    return None if points is None else derive(ACCURACY, lambda frame: _accuracy_rows(frame, protocol), points)


def _accuracy_rows(points: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    counted = points[["cases", "positives"]].astype("Float64")  # missing where withheld
    negatives = (counted["cases"] - counted["positives"]) / counted["cases"]
    rows = []
    for point, without in zip(points.to_dict("records"), negatives, strict=True):
        labels = {"authority": point["authority"], "outcome": point["outcome"]}
        shown = {name: point[name] for name in ("accuracy", "precision", "recall", "threshold")}
        rows += [
            labels | {"flagged_by": SCORE} | shown,
            labels | {"flagged_by": NOBODY, "accuracy": without, "recall": 0.0},
            labels | {"flagged_by": CLAIMED, "accuracy": protocol.scores.example_accuracy},
        ]
    return pd.DataFrame(rows, columns=list(ACCURACY.column_names))
