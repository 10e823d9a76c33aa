"""Each finding's sentence is counted again from the CSVs behind it, by code that shares none of its own."""

from functools import partial

import numpy as np
import pytest
import small_tables as small
from recounting import check, dec, downloaded, everyday, made_of, n, of, pct, sign
from recounts_of_models import CURVES, varied_world

from analysis.claims import Evidence, assess, claims
from analysis.claims.measures import models_shown
from analysis.claims.yardstick_measures import beyond_four_variables
from analysis.network.catalogue import NETWORK_TABLES
from analysis.tables.summaries import joint, poll

FINDINGS = {claim.id: claim for claim in claims() if claim.finding}
TABLES = "performance comparisons operating_point early_outcomes subgroup_pairs yardsticks".split()
LEAKS = "LA1"  # in the invented tables


class Downloads:
    """The CSV of each table of a run: of all its authorities, or without the one that leaks."""

    def __init__(self, evidence: Evidence):
        self.evidence = evidence

    def all_of(self, name: str):
        return downloaded(joint(self.evidence.world, name))

    def counted(self, name: str):
        return self.all_of(name).query("authority != @LEAKS")

    def network(self, name: str):
        return downloaded(self.evidence.network_tables[name])


def run(seed: int) -> Evidence:
    """A run whose every number is drawn anew."""
    random = np.random.default_rng(seed)
    world = varied_world(random, *TABLES)
    verdicts = varied_world(random, "learning_curve_verdicts", **CURVES)
    world = {
        p: tables | {"learning_curve_verdicts": verdicts[p]["learning_curve_verdicts"]} for p, tables in world.items()
    }
    comments = ("best four-variable model", "best four-variable model without whole-life relationships")
    rows = [
        {"sample": sample, "comment": comment, "predictors": comment, "auc": random.uniform(0.6, 0.7)}
        for sample in ("all", "first", "subsequent")
        for comment in comments
    ]
    most = {"ever_recorded": 0.02, "complete_registry": 0.009}
    gains = [
        {"sample": sample, "reading": reading, "gain": random.uniform(gain / 2, gain)}
        for sample in ("all", "first", "subsequent")
        for reading, gain in most.items()
    ]
    tables = {"network_table_2": rows, "network_whole_life": gains}
    made = {name: made_of(NETWORK_TABLES[name], rows) for name, rows in tables.items()}
    return Evidence(world, small.PROTOCOL, small.PROTOCOL, made)


def passing(csv: Downloads, metric: str):
    rows = csv.counted("performance").query("metric == @metric")
    return (rows["value"] > 0.65).sum(), rows["value"]


def mark(csv: Downloads) -> list[str]:
    above, values = passing(csv, "average_precision")
    return [f"{n(above)} of {of(len(values), 'model')}", "0.65", dec(values.max())]


def auc(csv: Downloads) -> list[str]:
    above, values = passing(csv, "auc")
    by_precision = n(passing(csv, "average_precision")[0])
    counted = f"{n(above)} of {of(len(values), 'model')}"
    if above > passing(csv, "average_precision")[0]:
        return [counted, "0.65", by_precision]
    return ["0.65", counted, by_precision]


def errors(csv: Downloads, rate: str, counted_of: str) -> list[str]:
    rows = csv.counted("operating_point")
    pooled = pct(1 - rows["true_positives"].sum() / rows[counted_of].sum())
    return [of(len(rows), "model"), pct((1 - rows[rate]).mean()), pooled]


def wrong(csv: Downloads) -> list[str]:
    early = csv.counted("early_outcomes")["flagged_early"].sum()
    return [*errors(csv, "precision", "flagged"), pct(early / csv.counted("operating_point")["false_positives"].sum())]


def text(csv: Downloads) -> list[str]:
    rows = csv.all_of("comparisons").query("comparison == 'text_v_structured'")
    better, worse = ((rows["verdict"] == verdict).sum() for verdict in ("better", "worse"))
    return [f"better in {n(better)} of {len(rows)}", f"worse in {n(worse)}", sign(rows["difference"].mean())]


def earlier(csv: Downloads) -> list[str]:
    rows = csv.all_of("comparisons").query("comparison == 'earlier_v_all'")
    lower = (rows["published_rule_verdict"] == "worse").sum()
    better, worse = ((rows["verdict"] == verdict).sum() for verdict in ("better", "worse"))
    counted = [f"in {n(lower)} of {len(rows)} comparisons", f"worse in {n(worse)}", f"better in {n(better)}"]
    return [*counted, sign(rows["difference"].mean())]


def bias(csv: Downloads) -> list[str]:
    rows = csv.counted("subgroup_pairs").query("metric == 'average_precision'")
    return [pct((rows[test] == "differ").mean()) for test in ("test_a", "test_b", "test_c")]


def curves(csv: Downloads) -> list[str]:
    verdicts = csv.counted("learning_curve_verdicts")["verdict"]
    rising = (verdicts == "rising").sum()
    counted = f"{n(rising)} of {len(verdicts)} learning curves"
    if rising / len(verdicts) >= 0.5:
        return [counted, everyday(rising / len(verdicts))]
    return [counted, n(verdicts.isin(["level", "falling"]).sum()), n((verdicts == "cannot tell").sum())]


def samples(csv: Downloads) -> list[str]:
    areas = csv.network("network_table_2").set_index(["sample", "comment"])["auc"].unstack()
    with_links, without = (areas[name] for name in sorted(areas.columns, key=len))
    gained = (with_links - without).reindex(["all", "first", "subsequent"])
    return [f"{n((gained > 0).sum())} of three samples", *(sign(gain, 3) for gain in gained)]


def hindsight(csv: Downloads) -> list[str]:
    gains = csv.network("network_whole_life").groupby("reading")["gain"].mean()
    return [pct(gains["complete_registry"] / gains["ever_recorded"])]


def social_workers(csv: Downloads) -> list[str]:
    shares = downloaded(poll("role", level=0.95)).set_index("answer")["share"]
    return [pct(shares["yes"])]


COUNTED = {
    "A-none-above-threshold": mark,
    "A-auc-easy-win": auc,
    "A-wrong-six-in-ten": wrong,
    "A-misses-four-in-five": partial(errors, rate="recall", counted_of="positives"),
    "A-text-no-benefit": text,
    "A-earlier-worse": earlier,
    "A-bias-inconclusive": bias,
    "A-curves-rising-most": curves,
    "A-poll-yes": social_workers,
    "B-whole-life-better": samples,
    "B-gain-is-real": hindsight,
}


def test_every_finding_is_counted_again():
    assert set(COUNTED) == set(FINDINGS)


@pytest.fixture(scope="module")
def runs() -> list[Evidence]:
    return [run(seed) for seed in range(3)]


@pytest.mark.parametrize("name", COUNTED)
def test_the_numbers_of_a_finding_are_those_of_the_tables_behind_it(name, runs):
    counted = [COUNTED[name](Downloads(evidence)) for evidence in runs]
    for evidence, phrases in zip(runs, counted, strict=True):
        check(assess(FINDINGS[name], evidence).sentence, phrases)
    assert name == "A-poll-yes" or counted[0] != counted[1], "the tables were to differ"


def test_the_line_on_four_variables_and_the_set_of_a_page_are_counted_again(runs):
    for evidence in runs:
        rows = Downloads(evidence).counted("yardsticks").query("yardstick == 'four_variables'")
        better, worse, rest = ((rows["verdict"] == v).sum() for v in ("better", "worse", "no clear difference"))
        said = [f"{n(better)} of {of(len(rows), 'model')}", "four variables", f"{n(worse)} did", f"for {n(rest)} there"]
        check(beyond_four_variables(evidence), said)
        check(models_shown(evidence), [of(len(passing(Downloads(evidence), "auc")[1]), "model")])
