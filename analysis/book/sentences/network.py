"""Family networks in sentences."""

from dataclasses import dataclass

from analysis.book.sentences.words import (
    capitalised,
    count,
    interval,
    is_missing,
    label,
    listed,
    number,
    percentage,
    percentage_points,
    spelled,
)
from analysis.disclosure import Released
from analysis.published import network_values

SAMPLES = {"all": "all notifications", "first": "first notifications", "subsequent": "subsequent notifications"}


@dataclass(frozen=True)
class CalibrationRecord:
    """How the planted values of a synthetic world were found.

    Attributes
    ----------
    evaluations : int
        Worlds that were drawn and studied, about.
    on_seed_shown : bool
        Whether the last of them was drawn with the seed of the world shown.
    """

    evaluations: int
    on_seed_shown: bool


WITHHELD = "Too few notifications stand behind these results for them to be published."


def subset_words(predictors: str) -> str:
    """A set of predictors as a reader sees it: 'earlier notifications, recent notifications'; 'all predictors'."""
    return "all predictors" if predictors == "all" else label(predictors)


def read_search(search: CalibrationRecord) -> str:
    """How the planted values were found, and what that is worth."""
    tried = f"They were found by trying: about {count(search.evaluations)} worlds were drawn and studied"
    if search.on_seed_shown:
        return f"{tried}, the last with the very seed shown here, so part of the agreement is chance that was kept."
    return f"{tried}."


def read_table_2(table_2: Released) -> str:
    """How near the run comes to the published table."""
    frame = table_2.frame.dropna(subset=["difference"])
    if frame.empty:
        return WITHHELD
    distance = frame["difference"].astype(float).abs()
    near = int((distance <= 0.012).sum())
    widest = frame.loc[distance.idxmax()]
    return (
        f"{capitalised(spelled(near))} of {spelled(len(frame))} areas lie within 0.012 of the published ones; the "
        f"farthest, {subset_words(widest['predictors'])} on {SAMPLES[widest['sample']]}, is {number(widest['auc'], 3)} "
        f"against {number(widest['published'], 3)}."
    )


def read_folds(table_2: Released) -> str:
    """What it changes to let a child stand on both sides of a fold."""
    frame = table_2.frame.dropna(subset=["auc", "auc_other_folds"])
    if frame.empty:
        return WITHHELD
    change = (frame["auc_other_folds"] - frame["auc"]).astype(float).abs().max()
    largest = number(change, 4) if change >= 0.0001 else "less than 0.0001"
    return (
        "Folds drawn by notification, as published, let a child stand on both sides of a fold. Here the largest change "
        f"that this makes to an area is {largest}."
    )


def read_gains(gains: Released) -> str:
    """What each kind of information adds, and whether its interval excludes zero."""
    frame = gains.frame.dropna(subset=["gain"])
    frame = frame[frame["comparison"].eq("whole-life over recorded")]
    if frame.empty:
        return WITHHELD
    parts = [
        f"{interval(row.gain, row.gain_low, row.gain_high, 3)} on {SAMPLES[row.sample]}" for row in frame.itertuples()
    ]
    return f"In this run, whole-life relationships change the area under the ROC curve by {listed(parts)}."


def read_models(models: Released) -> str:
    """How many models, and which small one is best in each sample."""
    frame = models.frame.dropna(subset=["auc"])
    if frame.empty:
        return WITHHELD
    small = frame[frame["near_best"].ne("full model")]
    best = small.loc[small.groupby("sample", sort=False)["auc"].idxmax()]
    parts = [
        f"{subset_words(row.predictors)} on {SAMPLES[row.sample]} ({number(row.auc, 3)})" for row in best.itertuples()
    ]
    return f"Of {count(len(frame))} models, the best small ones are {'; '.join(parts)}."


def _others(count: int) -> str:
    return {0: "no other lies", 1: "one other lies"}.get(count, f"{spelled(count)} others lie")


def read_selection(best_of_many: Released) -> str:
    """How sure the choice of the best model is."""
    parts = [
        f"On {SAMPLES[row.sample]} the best of {spelled(row.models)} four-variable models is chosen in "
        f"{percentage(row.frequency)} of resamples of families, and {_others(row.near_best - 1)} within one standard "
        f"error of it; on shuffled responses the "
        f"best of as many reaches {number(row.permuted_lowest, 3)} to {number(row.permuted_highest, 3)}."
        for row in best_of_many.frame.dropna(subset=["frequency", "near_best"]).itertuples()
    ]
    return " ".join(parts) or WITHHELD


def read_interactions(interactions: Released) -> str:
    """What squares and products add."""
    gain, published = interactions.frame["gain"].dropna().astype(float), network_values()["interactions"]
    if gain.empty:
        return WITHHELD
    return (
        "Adding every square and product of two predictors changes the area of the four-variable models by "
        f"{number(gain.min(), 3)} to {number(gain.max(), 3)}; published: {number(published['lowest'], 3)} to "
        f"{number(published['highest'], 3)}."
    )


def read_roc(roc: Released) -> str:
    """Recall where a fifth of the low concern is flagged."""
    frame = roc.frame[roc.frame["false_positive_rate"].round(2).eq(0.2) & roc.frame["predictors"].eq("all")]
    parts = [f"{percentage(row.recall)} on {SAMPLES[row.sample]}" for row in frame.dropna().itertuples()]
    found = f"Where a fifth of the notifications of low concern are flagged, {listed(parts)} of high concern are found."
    return found if parts else WITHHELD


def read_trees(trees: Released) -> str:
    """Size and incidence of the high-risk groups that the published figure reports."""
    parts = []
    for network, predictor in (("recorded", "nWithTargetR"), ("whole-life", "nWithTargetW")):
        frame = trees.frame[trees.frame["network"].eq(network) & trees.frame["predictor"].eq(predictor)]
        for row in frame.dropna(subset=["share_above", "incidence_above"]).itertuples():
            apart = row.incidence_above - row.incidence
            least = "a relative" if row.threshold == 1 else f"{spelled(row.threshold)} relatives or more"
            parts.append(
                f"by the {network} network {percentage(row.share_above)} of first notifications have {least} with an "
                f"earlier target event, and an incidence {percentage_points(abs(apart))} "
                f"{'above' if apart > 0 else 'below'} that of all"
            )
    return f"{capitalised('; '.join(parts))}." if parts else WITHHELD


def read_calibration(calibration: Released) -> str:
    """The widest gap between what was predicted and what was seen."""
    frame = calibration.frame.dropna(subset=["mean_risk", "observed"])
    if frame.empty:
        return WITHHELD
    gap = (frame["mean_risk"] - frame["observed"]).astype(float).abs().max()
    most = percentage_points(gap)
    return f"In no group of risk do the mean risk and the share observed lie more than {most} apart."


def read_error_rates(error_rates: Released) -> str:
    """How far error rates lie apart between groups."""
    frame = error_rates.frame
    frame = frame[frame["characteristic"].ne("everyone")].dropna(subset=["false_positive_rate", "false_negative_rate"])
    if frame.empty:
        return WITHHELD
    parts = []
    for name, words in (("false_positive_rate", "false positive"), ("false_negative_rate", "false negative")):
        spread = frame.groupby(["sample", "characteristic"], sort=False)[name].agg(lambda v: v.max() - v.min())
        parts.append(f"{words} rates lie at most {percentage_points(float(spread.max()))} apart")
    return f"Between groups of one characteristic, {listed(parts)}."


def read_whole_life(whole_life: Released) -> str:
    """The gain as published, under the other readings, and of the placebo, on first notifications."""
    frame = whole_life.frame[whole_life.frame["sample"].eq("first")].dropna(subset=["gain"])
    if frame.empty:
        return WITHHELD
    parts = [
        f"{label(row.reading)}: {interval(row.gain, row.gain_low, row.gain_high, 3)}" for row in frame.itertuples()
    ]
    return f"What is added to the area on first notifications, by {'; '.join(parts)}."


def read_worlds(mean: Released) -> str:
    """What the worlds whose truth is known show."""
    parts = []
    for world, words in (("no family risk", "Where family tells nothing"), ("calibrated", "In the calibrated world")):
        frame = mean.frame[mean.frame["world"].eq(world)].set_index(["reading", "sample"])
        found = {
            reading: [frame.loc[(reading, sample)] for sample in SAMPLES if (reading, sample) in frame.index]
            for reading in ("ever_recorded", "complete_registry")
        }
        if not all(found.values()) or any(is_missing(row["gain"]) for rows in found.values() for row in rows):
            continue
        said = {reading: listed(number(row["gain"], 3) for row in rows) for reading, rows in found.items()}
        parts.append(
            f"{words}, links written down on any day add {said['ever_recorded']} (all, first, subsequent), "
            f"and a complete register of births {said['complete_registry']}."
        )
    return " ".join([*parts, registry_verdict(mean)]) if parts else WITHHELD


def registry_verdict(mean: Released) -> str:
    """Whether, where family tells nothing, each reading is seen to add nothing."""
    frame = mean.frame[mean.frame["world"].eq("no family risk")].dropna(subset=["gain_low", "gain_high"])
    by_reading = {
        reading: [row.gain_low > 0 for row in frame[frame["reading"].eq(reading)].itertuples()]
        for reading in ("ever_recorded", "complete_registry")
    }
    if not all(by_reading.values()):
        return ""
    ever, registry = sum(by_reading["ever_recorded"]), sum(by_reading["complete_registry"])
    first = (
        f"With nothing to find, the reading that was published gains beyond its interval in {spelled(ever)} of "
        f"{spelled(len(by_reading['ever_recorded']))} samples, a complete register in {spelled(registry)}."
    )
    if ever and not registry:
        return f"{first} That gain is look-ahead: to have the link is to know that something happened later."
    return first


def read_wider(wider: Released) -> str:
    """Whether wider networks add anything."""
    frame = wider.frame.dropna(subset=["gain"])
    if frame.empty:
        return WITHHELD
    parts = [
        f"{interval(row.gain, row.gain_low, row.gain_high, 3)} on {SAMPLES[row.sample]} ({spelled(row.steps)} steps)"
        for row in frame.itertuples()
    ]
    return f"Counting people further away changes the area by {listed(parts)}."


def read_example(example: Released) -> str:
    """What the picture shows at the first notification."""
    frame = example.frame
    first = frame[frame["moment"].eq("first notification") & frame["state"].eq("in the network")]
    sizes = {network: int(first["network"].eq(network).sum()) for network in ("recorded", "whole-life")}
    return (
        f"At the first notification {spelled(sizes['recorded'])} of the people drawn stand in the recorded network and "
        f"{spelled(sizes['whole-life'])} in the whole-life one. The child is synthetic."
    )


def read_comparators(points: Released) -> str:
    """Our models beside others' in one sentence."""
    frame = points.frame
    own = frame[frame["kind"].eq("this run")].dropna(subset=["auc"])
    others = frame[frame["kind"].eq("published elsewhere")]
    if own.empty:
        return WITHHELD
    elsewhere = listed(f"{number(row.auc, 2)} from {int(row.predictors)} ({row.study})" for row in others.itertuples())
    return (
        f"The models here have {int(own['predictors'].min())} to {int(own['predictors'].max())} predictors and areas "
        f"of {number(own['auc'].min(), 2)} to {number(own['auc'].max(), 2)}; others have published "
        f"{elsewhere}. "
        "They predict other outcomes in other places, so the numbers are no ranking."
    )
