"""What is said of time, of rules set beside models, of other authorities, of the poll and of a tool, counted again."""

import statistics
from functools import partial

import next_tables
import numpy as np
import score_tables
import small_tables as small
from recounting import Recount, dec, ends, in_hundred, made_of, n, of, pct, sign, signs, vary
from recounts_of_models import LABELS, WORLD, varied_page, varied_world

from analysis.book.charts import CHARTS
from analysis.book.charts import time as time_chart
from analysis.book.sentences import (
    agreement,
    front,
    half_years,
    next_authority,
    planted_causes,
    poll_uses,
    self_test,
    slopes,
    supplied_scores,
    time,
    without,
    yardsticks,
)
from analysis.disclosure import combine
from analysis.quality import redaction_trial
from analysis.study.evidence_files import read_fresh_worlds, read_self_test
from analysis.tables.agreement import AGREEMENT, worlds_beside
from analysis.tables.front import published_front
from analysis.tables.planted_causes import PLANTED_CAUSES_TABLE
from analysis.tables.poll_uses import use_of_models, uses
from analysis.tables.self_test import self_test_table
from analysis.tables.slopes import POOLED
from analysis.tables.slopes import slopes as slopes_table
from analysis.tables.summaries import england_summary, joint
from analysis.tables.supplied_scores import accuracy
from analysis.tables.time_summary import time_summary

RECORD = read_self_test()


def summary(random, name: str = "time_parts"):
    return time_summary(varied_world(random, name), small.LEFT_OUT, name, level=0.95)


def with_ends(row) -> str:
    return f"{sign(row['mean'])} {signs(row.low, row.high)}"


def part(frame, name: str, metric: str = "average_precision"):
    return frame[(frame.part == name) & (frame.metric == metric)].iloc[0]


def published_rule(frame) -> list[str]:
    row = part(frame, "published_rule")
    return [f"{n(row.lower)} of {of(row.comparisons, 'comparison')}", with_ends(row), of(row.predictions, "prediction")]


def like_for_like(frame) -> list[str]:
    row = part(frame, "learned_from")
    counted = f"{n(row.lower)} of {of(row.comparisons, 'comparison')}"
    return [counted, with_ends(row), dec(row.minimum_detectable_difference)]


def two_parts(frame) -> list[str]:
    halves = [
        with_ends(part(frame, p, m)) for m in ("average_precision", "auc") for p in ("other_test_cases", "learned_from")
    ]
    return [sign(part(frame, "published_rule")["mean"]), "two parts", *halves]


def in_use(frame) -> list[str]:
    mean = part(frame, "in_use")["mean"]
    return [] if dec(abs(mean)) == "0.00" else [f"{dec(abs(mean))} {'lower' if mean < 0 else 'higher'}"]


def folds(frame) -> list[str]:
    rows = frame[frame.design.str.endswith("earlier_cases")]
    across = (rows.folds_run == "across families").sum()
    return [f"{n(across)} of {of(len(rows), 'model')}"] if across else []


def falls(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"]
    said = []
    for name in ("published_rule", "learned_from"):
        pairs = rows[rows.part == name]
        lower = sum(float(f"{a:.2f}") < float(f"{b:.2f}") for a, b in zip(pairs.after, pairs.before, strict=True))
        said.append(f"{lower} of {len(pairs)} comparisons")
    return said


def by_half_year(frame) -> list[str]:
    def whose(row) -> str:
        return f"{row.outcome}, " if "outcome" in frame else ""

    rows = frame.dropna(subset=["auc"]).sort_values("auc")
    named = [
        f"{dec(r.auc)} ({whose(r)}{('first', 'second')[int(r.half) - 1]} half of {int(r.year)})"
        for r in rows.iloc[[0, -1]].itertuples()
    ]
    many, few = (frame.observed_expected_ratio_high < 1).sum(), (frame.observed_expected_ratio_low > 1).sum()
    return [of(len(rows), "half-year"), *named, f"too many outcomes in {n(many)} of", f"too few in {n(few)}"]


def causes(frame) -> list[str]:
    rows = frame[frame.metric == "average_precision"]
    return [of(rows.predictions.max(), "prediction"), *(with_ends(row) for _, row in rows.iterrows())]


def rules_beaten(frame) -> list[str]:
    said = [of((frame.yardstick == "age_alone").sum(), "model")]
    for name, rows in frame.groupby("yardstick", sort=False):
        better, worse = (rows.verdict == "better").sum(), (rows.verdict == "worse").sum()
        words = name.replace("at_random", "chance").replace("_", " ")
        said.append(f"{n(better)} clearly beat{'s' if better == 1 else ''} {words}")
        said += [f"{n(worse)} clearly fall"] if worse else []
    return [
        *said,
        "with four variables",
        dec(frame[frame.yardstick == "four_variables"].minimum_detectable_difference.median()),
    ]


def four_variables(frame) -> list[str]:
    rows = frame[frame.yardstick == "four_variables"]
    counts = rows.verdict.value_counts()
    better, worse, same = (counts.get(word, 0) for word in ("better", "worse", "no clear difference"))
    said = [
        f"{n(better)} of {of(len(rows), 'model')}",
        "four variables",
        f"{n(worse)} clearly worse",
        f"{n(same)} show",
    ]
    return [*said, sign(rows.difference.mean()), dec(rows.minimum_detectable_difference.median())]


def decisions(frame) -> list[str]:
    said = []
    for row in frame.itertuples():
        counts = [int(v) for v in (row.flagged, row.cases, row.true_positives, row.positives, row.decided_positives)]
        said += [
            LABELS[row.design],
            f"{counts[0]:,} of {counts[1]:,} cases",
            f"{counts[2]:,} of {counts[3]:,} outcomes",
            f"decision {counts[4]:,}",
        ]
    return said


def ceilings(frame) -> list[str]:
    return [
        phrase
        for row in frame.itertuples()
        for phrase in (LABELS[row.design], dec(row.model), ends(row.planted, row.planted_low, row.planted_high))
    ]


def decisions_together(frame) -> list[str]:
    better, worse, rest = ((frame.verdict == v).sum() for v in ("better", "worse", "no clear difference"))
    said = [f"in {of(len(frame), 'comparison')}", f"decision in {n(better)}", f"fewer in {n(worse)}"]
    return [*said, f"for {n(rest)} there"]


def ceilings_together(frame) -> list[str]:
    means = [dec(frame.planted.mean()), f"models {dec(frame.model.mean())}"]
    return [of(len(frame), "model"), *means, n((frame.gap_low > 0).sum())]


def divisions(frame) -> list[str]:
    if "outcome" in frame:
        return divisions_together(frame)
    first, last = frame.average_precision.iloc[[0, -1]]
    steps = frame.dropna(subset=["step"])
    clear = steps[(steps.step_low > 0) | (steps.step_high < 0)].step
    return [dec(first), dec(last), *(f"({sign(step)})" for step in clear)]


def divisions_together(frame) -> list[str]:
    whole = frame.groupby(PROBLEM).filter(lambda rows: rows.average_precision.notna().all())
    names = dict(zip(whole.division.unique(), DIVIDED, strict=True))
    means = [f"{dec(whole[whole.division == name].average_precision.mean())} {words}" for name, words in names.items()]
    return [of(whole.groupby(PROBLEM).ngroups, "prediction"), *means]


DIVIDED = ("at random", "by child", "by family", "in time", "in time with embargo")


def equally_good(frame) -> list[str]:
    rows = frame[(frame.characteristic == "everyone") & frame.agreed.notna()]
    several = rows[rows.models > 1]
    agreed = 100 * several.agreed
    said = [
        f"flags {agreed.mean():.0f} in the",
        of(len(several), "model"),
        f"({agreed.min():.0f} to {agreed.max():.0f})",
    ]
    pooled = f"{100 * several.flagged_by_all.sum() / several.flagged.sum():.0f} with all flags counted"
    said += [pooled] * (len(several) > 1)
    alone = len(rows) - len(several)
    return [*said, *([of(alone, "model")] if alone else []), f"drops {100 * rows.flags_lost.mean():.0f} of 100"]


def enough(frame) -> list[str]:
    known = frame[frame.enough.isin(["yes", "no"]) & frame.cases_needed.notna()]
    unknown = len(frame) - len(known)
    said = [f"{n((known.enough == 'yes').sum())} of {of(len(known), 'model')}"]
    said.append(f"more than {int(known.cases_needed.median()):,}")
    said.append(f"fewer than {known.events_per_predictor.median():.1f} outcomes")
    return said + ([f"for {n(unknown)} it"] if unknown else [])


def without_them(frame) -> list[str]:
    lower, higher = (frame.difference_high < 0).sum(), (frame.difference_low > 0).sum()
    said = [
        f"{dec(frame.with_them.mean())} to {dec(frame.without_them.mean())}",
        of(len(frame), "model"),
        sign(frame.difference.mean()),
    ]
    return [*said, f"zero in {n(lower)} and above it in {n(higher)}", dec(frame.minimum_detectable_difference.median())]


def leak_worth(frame) -> list[str]:
    before, after = (frame.with_them > 0.4).sum(), (frame.without_them > 0.4).sum()
    most = frame.loc[(frame.without_them - frame.with_them).idxmin()]
    others = joint(OTHERS, "performance").frame
    passing = ((others.metric == "average_precision") & (others.value > 0.4)).sum()
    number = (others.metric == "average_precision").sum()
    return [
        of(len(frame), "model"),
        f"{n(before)} pass",
        "0.40",
        f"{n(after)} without",
        LABELS[most.design],
        f"{dec(most.with_them)} to {dec(most.without_them)}",
        f"other {n(number)}",
        of(number + len(frame), "model"),
        f"{n(passing + after)} would",
    ]


OTHERS = {problem: tables for problem, tables in WORLD.items() if problem[0] != "LA1"}


def left_out_again(random):
    world = varied_world(random, "without_predictors")
    return joint({p: tables for p, tables in world.items() if p[0] == "LA1"}, "without_predictors")


def spread(frame) -> list[str]:
    alone, prior = (
        frame[frame.row == f"next authority, {how}"].iloc[0] for how in ("these results alone", "with a prior")
    )
    said = [f"{n(alone.results)} results", f"{dec(alone.auc_low)} to {dec(alone.auc_high)}", "half"]
    return [*said, f"{dec(prior.auc_low)} to {dec(prior.auc_high)}"]


def league(frame) -> list[str]:
    known = frame[frame.standing != "cannot be said"]
    alike = known.standing.str.startswith("not clearly").sum()
    if alike == len(known):
        return [of(len(known), "result")]
    return [f"{n(len(known) - alike)} of {of(len(known), 'result')}", dec((known.auc_high - known.auc_low).max())]


def moves(frame) -> list[str]:
    said = []
    for _, rows in frame.groupby(["made_in", "moved_to"], sort=False):
        rows = rows.set_index("metric")
        score, ratio = rows.loc["average_precision"], rows.loc["observed_expected_ratio"]
        said += [ends(score[name], score[f"{name}_low"], score[f"{name}_high"]) for name in ("moved", "own")]
        said += [dec(ratio.moved), dec(ratio.recalibrated)]
    return said


def each_use(frame) -> list[str]:
    return [
        phrase
        for row in frame.itertuples()
        for phrase in (
            pct(row.share),
            of(row.false_alarms, "false alarm"),
            f"{n(row.better)} of {of(row.models, 'model')}",
        )
    ]


def uses_of_models(frame) -> list[str]:
    counts = frame.verdict.value_counts()
    return [
        of(frame.verdict.notna().sum(), "pair"),
        *(n(counts.get(v, 0)) for v in ("better", "not better", "cannot tell")),
    ]


def slope_pooled(frame) -> list[str]:
    row = frame[frame.prediction == POOLED].iloc[0]
    if np.isnan(row.slope_low):
        return [row.authority, sign(row.slope, 3), "three predictions"]
    said = [row.authority, sign(row.slope, 3), signs(row.slope_low, row.slope_high, 3)]
    return [*said, *([dec(row.margin)] if row.verdict == "level" else [])]


def each_slope(frame) -> list[str]:
    rows = frame[(frame.in_verdict == "yes") & (frame.prediction != POOLED)]
    counts = [(rows.verdict == word).sum() for word in ("rising", "level", "falling", "cannot tell")]
    steep, up = (rows.slope > rows.margin.iloc[0]).sum(), (rows.slope > 0).sum()
    said = [
        f"{n(up)} of {of(len(rows), 'slope')}",
        *(f"{n(count)} " for count in counts),
        "14 of 24",
        f"{n(steep)} of them",
    ]
    return [*said, dec(rows.margin.iloc[0])]


def steepness(random):
    verdicts = ("rising", "level", "falling", "cannot tell")
    return slopes_table(
        varied_world(random, "learning_curve_verdicts", verdict=verdicts), small.LEFT_OUT, margin=0.01, level=0.95
    )


def distances_of_worlds(frame) -> list[str]:
    shown, others = frame.iloc[0], frame.iloc[1:]
    nearer, further = sum(others.distance < shown.distance), sum(others.distance > shown.distance)
    spread_of = lambda k: f"{dec(others[k].min())} to {dec(others[k].max())}"  # noqa: E731
    said = [of(shown.models, "model"), dec(shown.average_precision_median), dec(shown.average_precision_largest)]
    said += [
        f"in {n(len(others))} worlds",
        spread_of("average_precision_median"),
        spread_of("average_precision_largest"),
    ]
    said += [f"{n(shown.lower_from_earlier)} of {of(shown.pairs, 'pair')}"]
    low, high = others.lower_from_earlier.min(), others.lower_from_earlier.max()
    return [
        *said,
        n(low) if low == high else f"{n(low)} to {n(high)}",
        f"{n(nearer)} of the others",
        f"{n(further)} further",
    ]


def drawn_worlds(random):
    names = ("the world shown", "seed 1", "seed 2", "seed 3")
    rows = [
        {
            "world": name,
            "models": 32,
            "pairs": 16,
            "lower_from_earlier": int(random.integers(0, 17)),
            "distance": random.random(),
        }
        | {
            f"{metric}_{kind}": random.random()
            for metric in ("average_precision", "auc")
            for kind in ("median", "largest")
        }
        for name in names
    ]
    return made_of(AGREEMENT, rows)


def worlds_of_models(frame) -> list[str]:
    among = passing = among_shown = 0
    beyond = []
    shown, others = frame[frame.world == "the world shown"], frame[frame.world != "the world shown"]
    for row in shown.itertuples():
        same = others[(others.prediction == row.prediction) & (others.design == row.design)].average_precision
        among += same.min() <= row.published <= same.max()
        among_shown += same.min() <= row.average_precision <= same.max()
        if abs(row.published - sum(same) / len(same)) > 2 * statistics.stdev(same):
            beyond.append(f"{row.prediction} (")
    for _, models in others.groupby("world"):
        counted = models[models.in_verdict == "yes"]
        passing += (counted.average_precision > counted.mark).any()
    said = [
        f"{n(among)} of {of(len(shown), 'model')}",
        of(others.world.nunique(), "world"),
        f"for {n(among_shown)} the",
    ]
    far = [f"For {n(len(beyond))} the", "two standard deviations", *beyond] if beyond else []
    return [*said, "0.65", f"{n(passing)} of these", *far, *gains_from_text(others)]


def gains_from_text(others) -> list[str]:
    scores = {(row.prediction, row.design, row.world): row for row in others.itertuples()}
    reached = {}
    for (prediction, design, world), row in scores.items():
        if design.startswith("text_and_structured-"):
            without = scores[prediction, design.removeprefix("text_and_"), world]
            published = round(row.published - without.published, 9)
            enough = round(row.average_precision - without.average_precision, 9) >= published
            if published >= 0.05:
                counted = reached.setdefault((prediction, design.split("-")[1]), [published, 0])
                counted[1] += enough
    cases = {"all_cases": "all cases", "earlier_cases": "earlier cases"}
    said = [f"{n(k)} for {p} (learned from {cases[c]}, {dec(gain)})" for (p, c), (gain, k) in reached.items()]
    return ["added 0.05 or more", *said] if said else []


def beside_worlds(random):
    table = worlds_beside(england_summary(WORLD), read_fresh_worlds(), small.LEFT_OUT, mark=0.65)
    return vary(table, random, in_verdict=("yes", "no"))


def first_page(frame) -> list[str]:
    best = frame.loc[frame.average_precision.idxmax()]
    passed = (frame.average_precision > frame.mark).sum()
    return [f"{n(passed)} of {of(len(frame), 'model')}", dec(best.mark), dec(best.average_precision)]


def self_tested(frame) -> list[str]:
    said = ["95%", of(len(frame), "test set"), "93% and 97%"]
    for name in ("average_precision", "auc", "recall", "precision", "difference"):
        held = frame[f"coverage_{name}"]
        near = ((held >= 0.93 - 1e-9) & (held <= 0.97 + 1e-9)).sum()
        said.append(f"{n(near)} (lowest {pct(held.min())})")
    said += ["two models", pct(frame["size"].mean()), f"at most {pct(frame['size'].max())}", "5%"]
    return [
        *said,
        f"{pct(frame.power.min())} to {pct(frame.power.max())}",
        pct(frame.shuffled_better_than_chance.mean()),
        "2.5%",
    ]


def coverages(frame) -> list[str]:
    held = (frame[f"coverage_{name}"] for name in ("average_precision", "auc", "recall", "precision", "difference"))
    return [*(f"{pct(one.min())} to {pct(one.max())}" for one in held), "95%"]


def shares_of_changes(frame) -> list[str]:
    enough, surely = (frame.share >= 0.9).sum(), (frame.share_low >= 0.9).sum()
    row = frame.sort_values("share").iloc[0]
    said = [of(len(frame), "pair"), "90%", f"in {n(enough)},", f"in {n(surely)} the whole"]
    return [*said, f"{pct(row.share)} ({pct(row.share_low)} to {pct(row.share_high)}", pct(row.next_share)]


def drawn_causes(random):
    causes = ("fewer_cases", "older_cases", "case_mix")
    rows = [
        {
            "cause": cause,
            "metric": metric,
            "worlds": 9,
            "share": share,
            "share_low": share - 0.1,
            "share_high": share + 0.1,
        }
        | {"next_largest": "same_mix", "next_share": random.random()}
        for cause in causes
        for metric in ("average_precision", "auc")
        for share in [random.uniform(0.7, 1.1)]
    ]
    return made_of(PLANTED_CAUSES_TABLE, rows)


def covered(frame) -> list[str]:
    scored, late, none = frame.cases
    return [
        f"{pct(scored / frame.cases.sum())} of {int(frame.cases.sum()):,} cases",
        f"{int(late):,} had one",
        f"{int(none):,} had none",
    ]


def by_problem(frame):
    """Each prediction's rows with how it is named."""
    return [(f"{outcome} in {place}", rows) for (place, outcome), rows in frame.groupby(PROBLEM, sort=False)]


def tool_compared(frame) -> list[str]:
    of_each = by_problem(frame)
    if len(of_each) > 1:
        return tool_compared_in_several(frame)
    said = [dec(frame.tool_average_precision.iloc[0])]
    for verdict in ("better", "worse", "no clear difference"):
        rivals = frame[frame.verdict == verdict].rival
        said += ["four variables"] * (rivals == "four_variables").sum()
    return said


def tool_compared_in_several(frame) -> list[str]:
    said, counts = [of(frame.groupby(PROBLEM).ngroups, "prediction")], {}
    for row in frame.itertuples():
        if row.verdict != "no clear difference":
            counts[row.verdict, row.rival] = counts.get((row.verdict, row.rival), 0) + 1
    names = {"structured-all_cases": LABELS[small.S_ALL], "text_and_structured-all_cases": LABELS[small.T_ALL]}
    words = {pair: f"clearly {pair[0]} than {names.get(pair[1], pair[1].replace('_', ' '))} in" for pair in counts}
    return said + [f"{words[pair]} {n(count)}" for pair, count in counts.items()]


def right_how_often(frame) -> list[str]:
    claimed = frame[frame.flagged_by == "an accuracy as suppliers claim"].accuracy.iloc[0]
    nobody, own = (frame[frame.flagged_by == name] for name in ("flagging no one", "supplied_score"))
    if frame.groupby(PROBLEM).ngroups == 1:
        right, found = pct(own.accuracy.iloc[0]), pct(own.recall.iloc[0])
        return [pct(nobody.accuracy.iloc[0]), f"“{pct(claimed)} accurate”", right, found]
    less = f"in {n((nobody.accuracy > claimed).sum())} of {of(nobody.accuracy.notna().sum(), 'prediction')}"
    return [span(nobody.accuracy), f"“{pct(claimed)} accurate”", less, span(own.accuracy), span(own.recall)]


def span(shares) -> str:
    """From the lowest share to the highest."""
    low, high = pct(shares.min()), pct(shares.max())
    return low if low == high else f"{low} to {high}"


def tool_flags(frame) -> list[str]:
    return [
        in_hundred(part, row.cases)
        for row in frame.dropna(subset=["cases", "flagged", "true_positives"]).itertuples()
        for part in (row.flagged, row.true_positives, row.false_negatives)
    ]


def tool_calibrated(frame) -> list[str]:
    said = []
    for problem, rows in by_problem(frame):
        said += [problem, f"say {pct(rows.mean_risk.iloc[-1])}", f"{pct(rows.observed.iloc[-1])} had"]
    return said


def tool_worth(frame) -> list[str]:
    said = []
    for problem, rows in by_problem(frame):
        rival = rows.net_benefit_all.clip(lower=0)
        ahead, clearly = (rows.net_benefit > rival).sum(), (rows.net_benefit_low > rival).sum()
        said += [problem, f"at {ahead} of {len(rows)} thresholds", f"clearly so at {clearly}"]
    return said


def tool_by_group(frame) -> list[str]:
    said = []
    for problem, rows in by_problem(frame[frame.assessable == "yes"]):
        said += [problem, *(f"{pct(v.min())} to {pct(v.max())}" for v in (1 - rows.recall, rows.false_discovery_rate))]
    return said


PROBLEM = ["authority", "outcome"]


def varied_scores(name: str, random, problems=(("LA2", "P3"),), **choices):
    return combine({problem: vary(score_tables.tables()[name], random, **choices) for problem in problems})


SEVERAL = (("LA2", "P3"), ("LA3", "P5"), ("LA4", "P7"))
of_several = partial(varied_scores, problems=SEVERAL)


def accuracies(random):
    """Of three predictions, of which more and fewer have the outcome."""
    world = {problem: score_tables.tables(positives=int(random.integers(50, 400))) for problem in SEVERAL}
    return vary(accuracy(world, small.PROTOCOL), random)


def tool_beyond_four(frame) -> list[str]:
    rows = frame[frame.rival == "four_variables"]
    better, worse, rest = ((rows.verdict == v).sum() for v in ("better", "worse", "no clear difference"))
    mean, least = sign(rows.difference.mean()), dec(rows.minimum_detectable_difference.median())
    if better == len(rows):
        return ["four variables", mean]
    if not better:
        clearly = [f"worse in {n(worse)} of {of(len(rows), 'prediction')}"] if worse else []
        return ["four variables", *clearly, mean, least]
    return ["four variables", f"{n(better)} of {of(len(rows), 'prediction')}", n(worse), n(rest), mean, least]


def redacted(random):
    """Marks of the trial of redaction, of 20 to 400 identifiers a kind."""
    rows = []
    for texts in (redaction_trial.SYNTHETIC, redaction_trial.HARD, redaction_trial.UNLISTED):
        for kind in redaction_trial.KINDS.values():
            number = int(random.integers(20, 400))
            removed = int(random.integers(0, number))
            rows.append({"texts": texts, "kind": kind, "identifiers": number, "removed": removed})
    frame = [row | {"recall": row["removed"] / row["identifiers"]} for row in rows]
    return made_of(redaction_trial.REDACTION, frame)


def names_removed(frame) -> list[str]:
    known = frame[frame.kind.isin([redaction_trial.KNOWN, redaction_trial.STRANGER])]
    first, second, third, fourth = (
        f"{row.removed:,} of {row.identifiers:,} mention"
        for texts in (redaction_trial.SYNTHETIC, redaction_trial.HARD)
        for kind in (redaction_trial.KNOWN, redaction_trial.STRANGER)
        for row in known[(known.texts == texts) & (known.kind == kind)].itertuples()
    )
    return [first, "98%", second, third, fourth]


def kinds_removed(frame) -> list[str]:
    rows = frame[frame.texts == redaction_trial.UNLISTED]
    total = rows[rows.kind == redaction_trial.KINDS["all"]].iloc[0]
    kinds = rows[rows.kind != redaction_trial.KINDS["all"]].sort_values("recall", kind="stable")
    said = [f"{row.kind} {row.removed} of {row.identifiers}" for row in kinds.itertuples()]
    return [f"{total.removed} of {total.identifiers} identifiers", *said]


READ = {
    "time.read_published_rule": Recount(summary, time.read_published_rule, published_rule),
    "time.read_like_for_like": Recount(summary, time.read_like_for_like, like_for_like),
    "time.read_time_parts": Recount(summary, time.read_time_parts, two_parts),
    "time.read_in_use": Recount(summary, time.read_in_use, in_use),
    "time.read_folds": Recount(
        lambda random: joint(varied_world(random, "optimism"), "optimism"), time.read_folds, folds
    ),
    "time.read_falls": Recount(
        lambda random: joint(varied_world(random, "time_parts"), "time_parts"), time_chart.read_falls, falls
    ),
    "half_years.read_half_years": Recount(partial(varied_page, "half_years"), half_years.read_half_years, by_half_year),
    "half_years.read_causes": Recount(partial(summary, name="time_causes"), half_years.read_causes, causes),
    "yardsticks.read_yardsticks": Recount(partial(varied_page, "yardsticks"), yardsticks.read_yardsticks, rules_beaten),
    "yardsticks.read_four_variables": Recount(
        partial(varied_page, "yardsticks"), yardsticks.read_four_variables, four_variables
    ),
    "yardsticks.read_decisions": Recount(partial(varied_page, "flags_compared"), yardsticks.read_decisions, decisions),
    "yardsticks.read_ceiling": Recount(partial(varied_page, "ceiling"), yardsticks.read_ceiling, ceilings),
    "yardsticks.read_decisions_together": Recount(
        partial(varied_page, "flags_compared"), yardsticks.read_decisions_together, decisions_together
    ),
    "yardsticks.read_ceilings": Recount(partial(varied_page, "ceiling"), yardsticks.read_ceilings, ceilings_together),
    "yardsticks.read_dependence": Recount(partial(varied_page, "dependence"), yardsticks.read_dependence, divisions),
    "yardsticks.read_equally_good": Recount(
        partial(varied_page, "equally_good"), yardsticks.read_equally_good, equally_good
    ),
    "yardsticks.read_enough_cases": Recount(partial(varied_page, "enough_cases"), yardsticks.read_enough_cases, enough),
    "without.read_without": Recount(partial(varied_page, "without_predictors"), without.read_without, without_them),
    "without.read_leak_worth": Recount(
        left_out_again,
        partial(without.read_leak_worth, performance=joint(OTHERS, "performance"), threshold=0.4),
        leak_worth,
    ),
    "next_authority.read_spread": Recount(
        lambda random: vary(next_tables.spread_table(), random), next_authority.read_spread, spread
    ),
    "next_authority.read_league": Recount(
        lambda random: next_tables.league_table(aucs=random.random(8), standardised=random.random(8)),
        next_authority.read_league,
        league,
    ),
    "next_authority.read_transport": Recount(
        lambda random: vary(next_tables.transport_table(), random), next_authority.read_transport, moves
    ),
    "poll_uses.read_uses": Recount(
        lambda random: uses(use_of_models(varied_world(random, "decision_curve"), small.PROTOCOL), small.PROTOCOL),
        lambda table: " ".join(poll_uses.read_uses(table)),
        each_use,
    ),
    "poll_uses.read_use_of_models": Recount(
        lambda random: use_of_models(varied_world(random, "decision_curve"), small.PROTOCOL),
        poll_uses.read_use_of_models,
        uses_of_models,
    ),
    "slopes.read_pooled_slope": Recount(steepness, slopes.read_pooled_slope, slope_pooled),
    "slopes.read_slopes": Recount(steepness, partial(slopes.read_slopes, published=(14, 24)), each_slope),
    "agreement.read_agreement": Recount(drawn_worlds, agreement.read_agreement, distances_of_worlds),
    "agreement.read_worlds_beside": Recount(beside_worlds, agreement.read_worlds_beside, worlds_of_models),
    "front.read_front": Recount(
        lambda random: vary(published_front(small.PROTOCOL), random), front.read_front, first_page
    ),
    "self_test.read_self_test": Recount(
        lambda random: vary(self_test_table(RECORD), random),
        partial(self_test.read_self_test, record=RECORD),
        self_tested,
    ),
    "charts.describe_self_test": Recount(
        lambda random: vary(self_test_table(RECORD), random), CHARTS["self_test"].describe, coverages
    ),
    "planted_causes.read_planted_causes": Recount(drawn_causes, planted_causes.read_planted_causes, shares_of_changes),
    "redaction_trial.read_redaction": Recount(redacted, redaction_trial.read_redaction, names_removed),
    "redaction_trial.read_unlisted": Recount(redacted, redaction_trial.read_unlisted, kinds_removed),
    "supplied_scores.beyond_four_variables": Recount(
        partial(of_several, "score_comparisons"), supplied_scores.beyond_four_variables, tool_beyond_four
    ),
    "supplied_scores.read_coverage": Recount(
        partial(varied_scores, "score_coverage"), lambda table: " ".join(supplied_scores.read_coverage(table)), covered
    ),
    "supplied_scores.read_comparisons": Recount(
        partial(varied_scores, "score_comparisons"),
        lambda table: " ".join(supplied_scores.read_comparisons(table)),
        tool_compared,
    ),
    "supplied_scores.read_scores_compared": Recount(
        partial(varied_scores, "score_comparisons"), supplied_scores.read_scores_compared, tool_compared
    ),
    "supplied_scores.read_scores_compared of several": Recount(
        partial(of_several, "score_comparisons"), supplied_scores.read_scores_compared, tool_compared
    ),
    "supplied_scores.read_accuracy of several": Recount(accuracies, supplied_scores.read_accuracy, right_how_often),
    "supplied_scores.read_scores_calibrated of several": Recount(
        partial(of_several, "calibration"), supplied_scores.read_scores_calibrated, tool_calibrated
    ),
    "supplied_scores.read_scores_worth of several": Recount(
        partial(of_several, "decision_curve"), supplied_scores.read_scores_worth, tool_worth
    ),
    "supplied_scores.read_scores_by_group of several": Recount(
        partial(of_several, "subgroups"), supplied_scores.read_scores_by_group, tool_by_group
    ),
    "yardsticks.read_dependence of several": Recount(
        lambda random: joint(varied_world(random, "dependence"), "dependence"), yardsticks.read_dependence, divisions
    ),
    "supplied_scores.read_accuracy": Recount(
        lambda random: vary(score_tables.accuracy_table(), random), supplied_scores.read_accuracy, right_how_often
    ),
    "supplied_scores.read_scores_calibrated": Recount(
        partial(varied_scores, "calibration"), supplied_scores.read_scores_calibrated, tool_calibrated
    ),
    "supplied_scores.read_scores_worth": Recount(
        partial(varied_scores, "decision_curve"), supplied_scores.read_scores_worth, tool_worth
    ),
    "supplied_scores.read_scores_by_group": Recount(
        partial(varied_scores, "subgroups"), supplied_scores.read_scores_by_group, tool_by_group
    ),
    "supplied_scores.read_flags": Recount(
        partial(varied_scores, "operating_point"), supplied_scores.read_flags, tool_flags
    ),
}
