"""The numbers that claims about family networks are about."""

from collections.abc import Mapping

import pandas as pd

from analysis.book.sentences.comparison import group_in_text, signed
from analysis.book.sentences.words import (
    count,
    is_missing,
    label,
    listed,
    number,
    percentage,
    percentage_points,
    spelled,
)
from analysis.claims.evidence import Evidence
from analysis.claims.measures import Measurement, NotAssessable, known, measure

ROLES = {
    "best model": "full",
    "best four-variable model": "four",
    "best four-variable model without whole-life relationships": "recorded",
    "best four-variable model from events alone": "events",
}
NOT_RUN = "the study of family networks was not run"


def network_frame(evidence: Evidence, name: str) -> pd.DataFrame:
    """A released table of the network study.

    Parameters
    ----------
    evidence : Evidence
    name : str
        Of the table.

    Returns
    -------
    pandas.DataFrame
        Released values.

    Raises
    ------
    NotAssessable
        If it was not run or not released, or is of an invented country beside an authority's own extract.
    """
    if evidence.network_tables and not evidence.networks_are_its_own:
        raise NotAssessable("the networks of this run are those of an invented country")
    if name not in evidence.network_tables:
        raise NotAssessable(NOT_RUN)
    return evidence.network_tables[name].frame


def areas(evidence: Evidence) -> Mapping[tuple[str, str], float]:
    """Area under the ROC curve of each (sample, role) of the table of selected models."""
    frame = known(network_frame(evidence, "network_table_2"), "auc", "its areas were not released")
    return {(row.sample, ROLES[row.comment]): float(row.auc) for row in frame.itertuples() if row.comment in ROLES}


def gains(evidence: Evidence, more: str, fewer: str) -> dict[str, float]:
    """What one role's model has over another's, in each sample that has both.

    Parameters
    ----------
    evidence : Evidence
    more : str
        A role: one of the values of `ROLES`.
    fewer : str
        The role of the model with fewer predictors.

    Returns
    -------
    dict of str to float
        Difference in AUC by sample, above 0 where the first has the larger.

    Raises
    ------
    NotAssessable
        If no sample has both.
    """
    found = areas(evidence)
    samples = dict.fromkeys(sample for sample, _ in found)
    result = {s: found[s, more] - found[s, fewer] for s in samples if {(s, more), (s, fewer)} <= set(found)}
    if not result:
        raise NotAssessable("the models to be compared were not released")
    return result


@measure
def network_area(evidence: Evidence, *, sample: str, role: str) -> Measurement:
    """One area of the table of selected models.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
        Which notifications.
    role : str
        One of the values of `ROLES`.
    """
    found = areas(evidence)
    if (sample, role) not in found:
        raise NotAssessable("that model was not released")
    return Measurement(found[sample, role], number(found[sample, role], 3))


@measure
def network_gain(evidence: Evidence, *, more: str, fewer: str, sample: str = "", end: str = "") -> Measurement:
    """The gain in area between two roles: of one sample, or the least or most over samples.

    Parameters
    ----------
    more : str
        A role, as in `gains`.
    fewer : str
        The role of the model with fewer predictors.
    sample : str
        A sample of notifications; "" for the least or the most over samples.
    end : {"min", "max"}
        Which, where no sample is named.
    """
    found = gains(evidence, more, fewer)
    if sample and sample not in found:
        raise NotAssessable("that sample has no such model")
    value = found[sample] if sample else {"min": min, "max": max}[end](found.values())
    words = {"gains": listed(f"{signed(gain, 3)} ({label(name)})" for name, gain in found.items())}
    return Measurement(value, signed(value, 3), words)


@measure
def samples_gaining(evidence: Evidence, *, more: str, fewer: str) -> Measurement:
    """In how many samples one role's model has the larger area.

    Parameters
    ----------
    more : str
        A role, as in `gains`.
    fewer : str
        The role of the model with fewer predictors.
    """
    found = gains(evidence, more, fewer)
    higher = sum(gain > 0 for gain in found.values())
    gained = listed(f"{signed(gain, 3)} ({label(name)} notifications)" for name, gain in found.items())
    words = {"count": spelled(higher), "total": spelled(len(found)), "gains": gained}
    return Measurement(higher, f"{higher} of {len(found)}", words)


@measure
def share_of_gain_kept(evidence: Evidence, *, reading: str) -> Measurement:
    """How much of the gain of the published reading is left under another, in the mean of the samples.

    Parameters
    ----------
    reading : str
        How links known from birth are read, such as "complete_registry"; see `analysis.network.links`.
    """
    rows = {
        name: known(_reading(evidence, name), "gain", "its gains were not released")["gain"].astype(float).mean()
        for name in (reading, "ever_recorded")
    }
    if rows["ever_recorded"] <= 0:
        raise NotAssessable("the published reading shows no gain to be kept")
    share = rows[reading] / rows["ever_recorded"]
    words = "none" if share <= 0 else "all" if share >= 1 else percentage(share)
    return Measurement(share, words, {"share": words})


@measure
def notifications(evidence: Evidence, *, samples: list[str]) -> Measurement:
    """Notifications of some samples added up.

    Parameters
    ----------
    samples : list of str
        Of "all", "first" and "subsequent".
    """
    frame = network_frame(evidence, "network_samples").set_index("sample")["notifications"]
    if frame.reindex(samples).isna().any():
        raise NotAssessable("those samples were not released")
    total = int(frame[samples].sum())
    return Measurement(total, count(total))


@measure
def children(evidence: Evidence, *, sample: str) -> Measurement:
    """Children in a sample of notifications.

    Parameters
    ----------
    sample : {"all", "first", "subsequent"}
    """
    frame = network_frame(evidence, "network_samples").set_index("sample")["children"]
    if sample not in frame or is_missing(frame[sample]):
        raise NotAssessable("that sample was not released")
    return Measurement(int(frame[sample]), count(frame[sample]))


@measure
def network_rows(evidence: Evidence, *, quantity: str) -> Measurement:
    """How many people, relationships, types or events the data hold.

    Parameters
    ----------
    quantity : str
        Row of the table "network_data", such as "relationships".
    """
    frame = network_frame(evidence, "network_data").set_index("quantity")["run"]
    if quantity not in frame or is_missing(frame[quantity]):
        raise NotAssessable("that count was not released")
    return Measurement(int(frame[quantity]), count(frame[quantity]))


@measure
def high_risk_group(evidence: Evidence, *, predictor: str, column: str) -> Measurement:
    """Share in a single-split tree's high-risk group, or the incidence there above that of the sample.

    Parameters
    ----------
    predictor : str
        As B abbreviates it, such as "nWithTargetR".
    column : {"share_above", "incidence_above"}
        The group's share of the sample, or its incidence minus the sample's.
    """
    frame = network_frame(evidence, "network_trees")
    row = known(frame[frame["predictor"].eq(predictor)], "share_above", "that tree was not released").iloc[0]
    value = float(row["share_above"]) if column == "share_above" else float(row["incidence_above"] - row["incidence"])
    return Measurement(value, percentage(value) if column == "share_above" else percentage_points(value))


@measure
def interaction_gain(evidence: Evidence, *, end: str) -> Measurement:
    """Least or most that squares and products add.

    Parameters
    ----------
    end : {"min", "max"}
    """
    frame = known(network_frame(evidence, "network_interactions"), "gain")
    value = float(frame["gain"].astype(float).agg(end))
    return Measurement(value, signed(value, 3))


@measure
def calibration_distance(evidence: Evidence) -> Measurement:
    """Mean distance between mean risk and observed share over the groups of risk."""
    frame = known(network_frame(evidence, "network_calibration"), "observed").dropna(subset=["mean_risk"])
    value = float((frame["mean_risk"].astype(float) - frame["observed"].astype(float)).abs().mean())
    return Measurement(value, percentage_points(value), {"distance": percentage_points(value)})


@measure
def error_rate_spread(evidence: Evidence, *, rate: str) -> Measurement:
    """Widest gap in an error rate between the subgroups of one characteristic and sample.

    Parameters
    ----------
    rate : {"false_negative_rate", "false_positive_rate"}
    """
    frame = known(network_frame(evidence, "network_error_rates"), rate)
    spread = frame.groupby(["sample", "characteristic"])[rate].agg(lambda values: values.max() - values.min())
    value = float(spread.astype(float).max())
    widest = spread.astype(float).idxmax()[1]
    return Measurement(
        value, percentage_points(value), {"gap": percentage_points(value), "widest": group_in_text(widest)}
    )


def _reading(evidence: Evidence, reading: str) -> pd.DataFrame:
    frame = network_frame(evidence, "network_whole_life")
    if reading not in set(frame["reading"]):
        raise NotAssessable("these data hold no such registry")
    return frame[frame["reading"].eq(reading)]
