"""The numbers that claims about subgroups and learning curves rest on."""

from analysis.book.sentences.comparison import signed
from analysis.book.sentences.words import capitalised, fraction, number, percentage, plural, spelled
from analysis.claims.evidence import Evidence
from analysis.claims.measures import Measurement, NotAssessable, known, left_out, measure, whole_study, why_empty
from analysis.tables.pooled import FEWEST_PREDICTIONS


@measure
def pairs_that_differ(evidence: Evidence, *, test: str) -> Measurement:
    """Share of head-to-head pairs of subgroups that differ in average precision under a test.

    Parameters
    ----------
    test : {"test_a", "test_b", "test_b_strict", "test_c"}
        Column of the table "subgroup_pairs".
    """
    frame = evidence.frame("subgroup_pairs", metric="average_precision")
    frame = known(frame[frame[test].isin(("differ", "no difference"))], test, "no pair of subgroups could be compared")
    share = float(frame[test].eq("differ").mean())
    return Measurement(share, percentage(share), {"share": percentage(share), "fraction": fraction(share)})


@measure
def gap_between_tests(evidence: Evidence, *, first: str, second: str) -> Measurement:
    """How much larger a share of pairs differs under one test than under another.

    Parameters
    ----------
    first : str
        A test, as in `pairs_that_differ`.
    second : str
        The test that is taken from it.
    """
    one, other = pairs_that_differ(evidence, test=first), pairs_that_differ(evidence, test=second)
    gap = one.value - other.value
    ours = pairs_that_differ(evidence, test="test_c")
    words = {"first": one.shown, "second": other.shown, "ours": ours.shown, "left_out": left_out(evidence)}
    return Measurement(gap, f"{one.shown} and {other.shown}", words)


@measure
def subgroup_above_the_rest(evidence: Evidence, *, characteristic: str, subgroups: list[str]) -> Measurement:
    """Mean over models of a subgroup's AUC minus the mean of that characteristic's other subgroups.

    Average precision is not used: it differs between groups of different prevalence even where a model serves them
    alike. Nothing is said of a group that could be assessed in fewer than three predictions.

    Parameters
    ----------
    characteristic : str
        As the protocol names it, such as "age_band".
    subgroups : list of str
        Names of the subgroup; it may be written in several ways, of which letters and digits count.
    """
    frame = evidence.frame("subgroups", characteristic=characteristic)
    frame = known(frame[frame["assessable"].eq("yes")], "auc", "no subgroup could be assessed")
    wide = frame.pivot_table(
        index=["authority", "outcome", "design"], columns="subgroup", values="auc", aggfunc="first"
    ).astype(float)
    names = [name for name in wide if _plain(name) in {_plain(subgroup) for subgroup in subgroups}]
    if not names or len(names) == wide.shape[1]:
        raise NotAssessable("the subgroup is too small to be assessed, or there is none to compare it with")
    gaps = (wide[names].mean(axis=1) - wide.drop(columns=names).mean(axis=1)).dropna()
    if gaps.empty:
        raise NotAssessable("the subgroup is too small to be assessed in every model")
    if len(set(gaps.index.droplevel("design"))) < FEWEST_PREDICTIONS:
        raise NotAssessable("the subgroup can be assessed in too few predictions for a statement about it")
    words = {"gap": signed(gaps.mean()), "models": plural(len(gaps), "model")}
    return Measurement(float(gaps.mean()), signed(gaps.mean()), words)


@measure
def curves_still_rising(evidence: Evidence, *, as_share: bool = False) -> Measurement:
    """How many learning curves in the verdict still rise at the largest sizes; a count is of the whole study.

    Parameters
    ----------
    as_share : bool
        Whether the number is a share of the curves (0 to 1), not a count.
    """
    if not as_share:
        whole_study(evidence)
    frame = known(evidence.frame("learning_curve_verdicts"), "verdict", why_empty(evidence))
    rising = int(frame["verdict"].eq("rising").sum())
    words = {"count": spelled(rising), "total": spelled(len(frame)), "fraction": fraction(rising / len(frame))}
    words["left_out"] = left_out(evidence)
    words["rise"] = "rises" if rising == 1 else "rise"
    words["shown_not_to"] = capitalised(spelled(int(frame["verdict"].isin(("level", "falling")).sum())))
    words["cannot_tell"] = spelled(int(frame["verdict"].eq("cannot tell").sum()))
    return Measurement(rising / len(frame) if as_share else rising, f"{rising} of {len(frame)}", words)


@measure
def training_above_validation(evidence: Evidence) -> Measurement:
    """Mean over learning curves of training minus validation average precision at the largest size."""
    frame = known(evidence.frame("learning_curves"), "average_precision", why_empty(evidence))
    key = ["authority", "outcome", "design"]
    last = frame[frame["size"].eq(frame.groupby(key)["size"].transform("max"))]
    wide = last.pivot_table(index=key, columns="curve", values="average_precision", aggfunc="first").astype(float)
    if not {"training", "validation"} <= set(wide):
        raise NotAssessable("the learning curves are too small to be released")
    gap = float((wide["training"] - wide["validation"]).mean())
    return Measurement(gap, signed(gap), {"gap": number(abs(gap))})


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
