"""What is said of models, comparisons and curves, counted again."""

from functools import partial

import numpy as np
import small_tables as small
from recounting import Recount, dec, ends, everyday, in_hundred, n, of, pct, sign, vary

from analysis.book.charts.learning import with_verdicts
from analysis.book.sentences import comparison, performance, risks, text
from analysis.tables.flags import flags
from analysis.tables.results_table import results_table, with_mark
from analysis.tables.summaries import england_summary, joint, metric_choice, poll, subgroup_gaps, timeline
from analysis.tables.uses import risk_by_outcome, thresholds_side_by_side

WORLD = small.world()
LABELS = {
    small.S_ALL: "structured data, all cases",
    small.T_ALL: "text and structured data, all cases",
    small.S_EARLIER: "structured data, earlier cases",
    small.T_EARLIER: "text and structured data, earlier cases",
}


def text_comparisons(frame) -> list[str]:
    rows = frame[frame.comparison == "text_v_structured"]
    count = lambda column, word: n((rows[column] == word).sum())  # noqa: E731
    least = rows.minimum_detectable_difference.median()
    clearly = f"clearly better in {count('verdict', 'better')} and clearly worse in {count('verdict', 'worse')}"
    return [
        f"{clearly} of {of(len(rows), 'comparison')}",
        sign(rows.difference.mean()),
        "two decimals",
        f"better in {count('published_rule_verdict', 'better')}",
        f"worse in {count('published_rule_verdict', 'worse')}",
        dec(least),
    ]


def chosen_kinds(frame) -> list[str]:
    same = other = pairs = 0
    for _, rows in frame.groupby(["authority", "outcome", frame.design.str.endswith("earlier_cases")]):
        (one, two) = rows.to_dict("records")
        pairs += 1
        same += one["family"] == two["family"] and one["parameters"] == two["parameters"]
        other += one["family"] != two["family"]
    between = f"in {n(pairs - same - other)} of the same kind with other"
    return [f"{n(same)} of {of(pairs, 'comparison')}", between, f"in {n(other)} they"]


def groups(frame) -> list[str]:
    designs = list(dict.fromkeys(frame.design))
    drawn = frame[frame.design == max(designs, key=lambda one: frame[frame.design == one].recall.notna().sum())]
    known = drawn[drawn.recall.notna() | drawn.false_discovery_rate.notna()].assign(missed=lambda f: 1 - f.recall)
    said = [f"{n(len(known))} of {of(len(drawn), 'subgroup')}"]
    for column, say in (("missed", pct), ("false_discovery_rate", pct), ("auc", dec)):
        values = known[column].dropna()
        if len(values):
            low, high = say(values.min()), say(values.max())
            said.append(low if low == high else f"{low} to {high}")
    return said


def gaps(frame) -> list[str]:
    group = ["characteristic", "subgroup"]
    wide = frame.groupby(group).filter(lambda rows: rows.prediction.nunique() >= 3)
    means = wide.groupby(group).gap.mean()
    if wide.empty:
        return ["three predictions"]
    models = wide[["authority", "prediction", "design"]].drop_duplicates()
    said = [f"same {of(len(models), 'model')}", f"{sign(means.min())} to {sign(means.max())}"]
    said += [of(len(means), "subgroup"), "three predictions"]
    clear = wide[wide.test_c == "differ"].groupby(group).prediction.nunique()
    named = clear[clear >= 3].index
    if not len(named):
        return said + ["three predictions"] * bool((wide.test_c == "differ").any())
    return [*said, "three predictions", *(f"{subgroup} ({sign(means[c, subgroup])})" for c, subgroup in named)]


def pairs(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"]
    tests = ("test_a", "test_b", "test_b_strict", "test_c")
    shares = [pct((rows[test] == "differ").mean()) for test in tests]
    return [f"Of {len(rows):,} head-to-head pairs", *shares, dec(rows.minimum_detectable_difference.median())]


def curve_verdicts(frame) -> list[str]:
    counts = [(frame.verdict == word).sum() for word in ("rising", "level", "falling", "cannot tell")]
    small = len(frame) - sum(counts)
    return [of(len(frame), "learning curve"), *(f"{n(count)} " for count in [*counts, small] if count)]


def one_curve(frame) -> list[str]:
    frame = frame.dropna(subset=["average_precision"])
    curve = [name for name in ("authority", "outcome", "design") if name in frame]
    apart = []
    for _, rows in frame.groupby(curve):
        last = rows[rows["size"] == rows["size"].max()].set_index("curve").average_precision
        apart.append(last.training - last.validation)
    gap = sum(apart) / len(apart)
    counted = curve_verdicts(frame.drop_duplicates(curve)) if "verdict" in frame else []
    return [*counted, f"{dec(abs(gap))} {'above' if gap > 0 else 'below'}"]


def leakage(frame) -> list[str]:
    status = frame.flagged.value_counts()
    flagged, unmade = status.get("yes", 0), status.get("could not be checked", 0)
    first = of(flagged, "warning sign") if flagged else f"in {len(frame) - unmade} check"
    later = [of(status.get("review", 0), "result")] if "review" in status else []
    return [first, *later, *([of(unmade, "check")] if unmade else [])]


def answers(frame) -> list[str]:
    by_share = frame.sort_values("share")
    said = [f"{pct(r.share)} ({pct(r.share_low)} to {pct(r.share_high)})" for r in by_share.itertuples()]
    return [str(by_share.answers.iloc[0]), said[-1], said[0]]


def give_away(random):
    """Three predictions' models that read text, as registered, masked and with two lags."""
    rows = [
        {"design": design, "audit": audit, "lag_days": days, "cases": 1000, "positives": 50}
        | {"average_precision": 0.3, "average_precision_low": 0.2, "average_precision_high": 0.4}
        for design in (small.T_ALL, small.T_EARLIER)
        for audit, days in (("as_registered", 0), ("terms_masked", 0), ("lag", 7), ("lag", 30))
    ]
    world = {p: {"give_away": vary(small.released("give_away", rows), random)} for p in list(WORLD)[2:5]}
    return joint(world, "give_away")


def given_away(frame) -> list[str]:
    key = ["authority", "outcome", "design"]
    registered = frame[frame.audit == "as_registered"].set_index(key)
    others = frame[frame.audit != "as_registered"]
    low = [registered.average_precision_low[tuple(row)] for row in others[key].to_numpy()]
    means = others.groupby(["audit", "lag_days"]).average_precision.mean()
    return [
        of(len(registered), "model"),
        f"{dec(registered.average_precision.mean())} as registered",
        f"{dec(means['terms_masked', 0])} with words",
        f"{dec(means['lag', 7])} without the last 7 days",
        f"{dec(means['lag', 30])} without the last 30 days",
        f"{n((others.average_precision < low).sum())} of {of(len(others), 'check')}",
    ]


def beside_published(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"].dropna(subset=["published", "run"])
    gap = (rows.run - rows.published).abs()
    known = frame.dropna(subset=["published", "run"])
    inside = (known.low <= known.published) & (known.published <= known.high)
    precisions, areas = (inside[known.metric == metric] for metric in ("average_precision", "auc"))
    said = [f"half of the {len(rows)}", dec(gap.median(), 3), dec(gap.max()), f"{precisions.sum()} published"]
    return [*said, f"{areas.sum()} of {len(areas)} published AUCs"]


def against_mark(frame) -> list[str]:
    rows = frame[frame.in_verdict == "yes"].dropna(subset=["average_precision"])
    best = rows.sort_values("average_precision").iloc[-1]
    better = (rows.better_than_chance == "yes").sum()
    first = f"{n((rows.average_precision > rows.mark).sum())} of {of(len(rows), 'model')}"
    return [
        first,
        dec(best.mark),
        f"{LABELS[best.design]} for {best.prediction} in",
        dec(best.average_precision),
        f"{n(better)} do",
    ]


def metrics(frame) -> list[str]:
    means = sorted((frame[frame.metric == m].value.mean() for m in frame.metric.unique()), reverse=True)
    rows = frame[frame.metric == "accuracy"].dropna(subset=["value", "chance"])
    return [
        of(frame.prediction.nunique(), "prediction"),
        *map(dec, means),
        *([f"{n((rows.value > rows.chance).sum())} of {of(len(rows), 'model')}"] if len(rows) else []),
    ]


def windows(frame) -> list[str]:
    shares = frame.drop_duplicates("prediction").prevalence
    return [
        of(frame.prediction.nunique(), "prediction"),
        f"{frame.to_months.max():.0f} months",
        f"{pct(shares.min())} to {pct(shares.max())}",
    ]


def verdicts(frame) -> list[str]:
    counts = [(frame.verdict == word).sum() for word in ("better", "worse", "no clear difference")]
    return [of(len(frame), "comparison"), *(f"{n(count)} show" for count in counts if count)]


def best(frame, metric: str) -> list[str]:
    rows = frame[frame.metric == metric].reset_index()
    row = rows.loc[rows.value.idxmax()]
    return [f"{ends(row.value, row.value_low, row.value_high)}, from {LABELS[row.design]}", dec(row.chance)]


def withheld(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"]
    missing = int(rows.value.isna().sum())
    return [f"{n(missing)} of {of(len(rows), 'model')}"] if missing else []


def success(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"]
    above, sure = (rows.value > 0.2).sum(), (rows.value_low > 0.2).sum()
    return [f"{n(above)} of {of(len(rows), 'design')}", "0.20", *([f"{n(sure)} with the whole"] if above else [])]


def errors(frame) -> list[str]:
    flagged, right, positives = frame.flagged.sum(), frame.true_positives.sum(), frame.positives.sum()
    return [
        f"{n(len(frame))} {'models' if 'authority' in frame else 'designs'}",
        f"{everyday((1 - frame.precision).mean())} did not",
        f"{everyday((1 - frame.recall).mean())} were missed",
        pct((flagged - right) / flagged),
        pct((positives - right) / positives),
    ]


def kinds_of_flags(frame) -> list[str]:
    right, wrong, missed = frame.true_positives.sum(), frame.false_positives.sum(), frame.false_negatives.sum()
    said = [of(len(frame), "model" if "authority" in frame else "design")]
    said += [pct(wrong / (right + wrong)), pct(missed / (right + missed))]
    later = frame[frame.window_opens_later == 1]
    return [*said, *([pct(later.flagged_early.sum() / later.false_positives.sum())] if len(later) else [])]


def per_hundred(frame) -> list[str]:
    rows = frame.assign(flagged=frame.true_positives + frame.false_positives)
    row = rows.loc[(rows.true_positives / rows.flagged).idxmax()]
    early = ["flagged_early"] if row.window_opens_later else []
    names = ("flagged", "true_positives", *early, "false_negatives")
    said = {name: in_hundred(row[name], row.cases) for name in names}
    if said.get("flagged_early") == "0":
        said["flagged_early"] = "none"
    return [LABELS[row.design], *said.values()]


def early_scores(frame) -> list[str]:
    registered = frame[frame.counted_as == "as_registered"].sort_values("average_precision").iloc[-1]
    rows = frame[frame.design == registered.design].set_index("counted_as")
    said = (rows.loc[way] for way in ("as_registered", "left_out", "outcomes"))
    return [ends(r.average_precision, r.average_precision_low, r.average_precision_high) for r in said]


def years(frame) -> list[str]:
    first, last = frame.iloc[0], frame.iloc[-1]
    whole = pct(frame.positives.sum() / frame.cases.sum())
    at_ends = [f"{pct(row.prevalence)} in {int(row.year)}" for row in (first, last)] * (len(frame) > 1)
    return [f"over {of(len(frame), 'year')} and {int(frame.cases.sum()):,} cases", whole, *at_ends]


def top_of_calibration(frame) -> list[str]:
    top = frame.groupby("design").tail(1)
    row = top.sort_values("mean_risk").iloc[-1]
    over = (top.mean_risk > top.observed).sum()
    return [f"{n(over)} of {of(len(top), 'design')}", LABELS[row.design], pct(row.mean_risk), pct(row.observed)]


def benefit(frame) -> list[str]:
    rival = np.maximum(frame.net_benefit_all, 0)
    return [pct((frame.net_benefit > rival).mean()), pct((frame.net_benefit_low > rival).mean())]


def middle(frame, column: str, setting: str, at: float) -> list[str]:
    rows = [part.loc[(part[setting] - at).abs().round(6).idxmin()] for _, part in frame.groupby("design", sort=False)]
    highest = max(rows, key=lambda row: row[column])
    return [dec(highest[setting]), dec(highest[column]), LABELS[highest.design], dec(min(row[column] for row in rows))]


def thresholds(frame) -> list[str]:
    rows = frame[frame.design == frame.design.iloc[0]]
    uses = {"highest_5_percent": ["5% of cases"], "highest_10_percent": ["10% of cases"]}
    said = []
    for row in rows.itertuples():
        counts = [f"{int(v):,}" for v in (row.flagged_per_1000, row.right_per_1000, row.missed_per_1000)]
        said += [*uses.get(row.use, []), f"{counts[0]} are flagged, {counts[1]} of them", f"{counts[2]} with"]
    return [*said, "nine false"]


def calibration_band(frame) -> list[str]:
    by_design = [part for _, part in frame.groupby("design")]
    high = sum((part.observed_high < part.risk).any() for part in by_design)
    low = sum((part.observed_low > part.risk).any() for part in by_design)
    top = frame.loc[frame.risk.idxmax()]
    said = f"too high in {n(high)} and clearly too low in {n(low)} of {of(len(by_design), 'design')}"
    return [dec(top.risk), ends(top.observed, top.observed_low, top.observed_high), said]


def lowest_band(frame) -> list[str]:
    lowest = frame.groupby("design", sort=False).tail(1)
    row = lowest.loc[(lowest.without_outcome - lowest.with_outcome).idxmax()]
    edges = frame[(frame.design == row.design) & (frame.from_risk > 0)].from_risk
    return [dec(edges.min(), 3), pct(row.with_outcome), pct(row.without_outcome), "two bars"]


def varied_page(name: str, random, **choices):
    return vary(WORLD["LA2", "P3"][name], random, **choices)


def varied_world(random, *names: str, **choices):
    return {
        problem: page | {name: vary(page[name], random, **choices) for name in names} for problem, page in WORLD.items()
    }


def tested_groups(random):
    """Groups of which two are tested against each other in every model, and differ in some."""
    rows = small.subgroup_pairs().frame.drop_duplicates("design")
    rows = rows.assign(metric="auc", first="under 1", second="1 to 4")
    tested = small.released("subgroup_pairs", rows)
    world = varied_world(random, "subgroups", assessable=("yes",))
    often = ("differ", *("no difference",) * random.integers(1, 12))
    return {p: page | {"subgroup_pairs": vary(tested, random, test_c=often)} for p, page in world.items()}


def some_withheld(random):
    table = small.performance()
    frame = table.frame
    return small.released("performance", frame.assign(value=frame.value.mask(random.random(len(frame)) < 0.5)))


CURVES = {"verdict": ("rising", "level", "falling", "cannot tell")}
READ = {
    "comparison.read_comparison": Recount(
        lambda random: joint(varied_world(random, "comparisons"), "comparisons"),
        partial(comparison.read_comparison, comparison="text_v_structured"),
        text_comparisons,
    ),
    "comparison.read_chosen_kinds": Recount(
        lambda random: joint(varied_world(random, "optimism"), "optimism"), comparison.read_chosen_kinds, chosen_kinds
    ),
    "comparison.read_subgroups": Recount(partial(varied_page, "subgroups"), comparison.read_subgroups, groups),
    "comparison.read_gaps": Recount(
        lambda random: subgroup_gaps(tested_groups(random), "auc"),
        comparison.read_gaps,
        gaps,
    ),
    "comparison.read_subgroup_pairs": Recount(
        partial(varied_page, "subgroup_pairs"), comparison.read_subgroup_pairs, pairs
    ),
    "comparison.read_learning_curves": Recount(
        partial(varied_page, "learning_curve_verdicts", **CURVES), comparison.read_learning_curves, curve_verdicts
    ),
    "comparison.read_one_learning_curve": Recount(
        lambda random: with_verdicts(
            varied_page("learning_curves", random), varied_page("learning_curve_verdicts", random, **CURVES)
        ),
        comparison.read_one_learning_curve,
        one_curve,
    ),
    "comparison.read_leakage": Recount(
        lambda random: joint(varied_world(random, "leakage"), "leakage"), comparison.read_leakage, leakage
    ),
    "text.read_give_away": Recount(give_away, text.read_give_away, given_away),
    "comparison.read_poll": Recount(
        lambda random: vary(poll("uses", level=0.95), random), comparison.read_poll, answers
    ),
    "comparison.read_published_v_run": Recount(
        lambda random: england_summary(varied_world(random, "performance")),
        comparison.read_published_v_run,
        beside_published,
    ),
    "comparison.read_against_mark": Recount(
        lambda random: with_mark(
            results_table(varied_world(random, "performance", "chance"), small.LEFT_OUT), small.PROTOCOL
        ),
        comparison.read_against_mark,
        against_mark,
    ),
    "comparison.read_metric_choice": Recount(
        lambda random: vary(metric_choice(WORLD, small.S_ALL), random), comparison.read_metric_choice, metrics
    ),
    "comparison.read_timeline": Recount(
        lambda random: timeline(small.PROTOCOL.predictions, varied_world(random, "outcome_by_year")),
        comparison.read_timeline,
        windows,
    ),
    "comparison.read_verdicts": Recount(partial(varied_page, "comparisons"), comparison.read_verdicts, verdicts),
    "performance.read_average_precision": Recount(
        partial(varied_page, "performance"),
        performance.read_average_precision,
        partial(best, metric="average_precision"),
    ),
    "performance.read_metric": Recount(
        partial(varied_page, "performance"), partial(performance.read_metric, metric="auc"), partial(best, metric="auc")
    ),
    "performance.read_withheld": Recount(some_withheld, performance.read_withheld, withheld),
    "performance.read_success": Recount(
        partial(varied_page, "performance"), partial(performance.read_success, threshold=0.2), success
    ),
    "performance.read_operating_point": Recount(
        partial(varied_page, "operating_point"), performance.read_operating_point, errors
    ),
    "performance.read_flags": Recount(
        lambda random: vary(flags(small.operating_point(), small.early_outcomes()), random),
        performance.read_flags,
        kinds_of_flags,
    ),
    "performance.read_per_hundred": Recount(
        lambda random: vary(flags(small.operating_point(), small.early_outcomes()), random),
        performance.read_per_hundred,
        per_hundred,
    ),
    "performance.read_early_scores": Recount(
        partial(varied_page, "early_outcome_scores"), performance.read_early_scores, early_scores
    ),
    "performance.read_prevalence": Recount(partial(varied_page, "outcome_by_year"), performance.read_prevalence, years),
    "performance.read_calibration": Recount(
        partial(varied_page, "calibration"), performance.read_calibration, top_of_calibration
    ),
    "performance.read_decision_curve": Recount(
        partial(varied_page, "decision_curve"), performance.read_decision_curve, benefit
    ),
    "performance.read_curve": Recount(
        partial(varied_page, "precision_recall_curve"),
        partial(performance.read_curve, column="precision", setting="recall"),
        partial(middle, column="precision", setting="recall", at=0.5),
    ),
    "performance.read_curve of ROC": Recount(
        partial(varied_page, "roc_curve"),
        partial(performance.read_curve, column="recall", setting="false_positive_rate"),
        partial(middle, column="recall", setting="false_positive_rate", at=0.1),
    ),
    "risks.read_thresholds": Recount(
        lambda random: vary(thresholds_side_by_side(small.operating_point(), small.thresholds_by_use()), random),
        partial(risks.read_thresholds, false_alarms=9),
        thresholds,
    ),
    "risks.read_calibration_curve": Recount(
        partial(varied_page, "calibration_curve"), risks.read_calibration_curve, calibration_band
    ),
    "risks.read_risk_by_outcome": Recount(
        lambda random: vary(risk_by_outcome(small.thresholds()), random), risks.read_risk_by_outcome, lowest_band
    ),
}
