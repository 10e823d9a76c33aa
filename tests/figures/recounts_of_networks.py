"""What is said of family networks, counted again."""

from functools import partial

from recounting import Recount, dec, ends, made_of, n, pct

from analysis.book.charts.network.models import POINTS
from analysis.book.sentences import network
from analysis.network.catalogue import NETWORK_TABLES

SAMPLES = ("all", "first", "subsequent")


def invented(name: str, rows) -> partial:
    """A table of family networks; `rows(random, sample)` gives the cells of each sample."""
    return partial(_invented, name, rows)


def _invented(name, rows, random):
    made = [{"sample": sample} | cells for sample in SAMPLES for cells in rows(random, sample)]
    return made_of(POINTS if name == "network_points" else NETWORK_TABLES[name], made)


def gain(random) -> dict:
    value, half = random.normal(0, 0.01), random.uniform(0.001, 0.02)
    return {"gain": value, "gain_low": value - half, "gain_high": value + half}


def sets_of_predictors(random, sample) -> list[dict]:
    rows = []
    for predictors in ("age alone", "nNotes nTargets", "all"):
        auc = random.uniform(0.6, 0.7)
        row = {"predictors": predictors, "auc": auc, "auc_other_folds": auc + random.normal(0, 0.001)}
        rows.append(row | {"published": auc - (gap := random.normal(0, 0.012)), "difference": gap})
    return rows


def models(random, sample) -> list[dict]:
    rows = [
        {"predictors": f"nNotes n{letter}", "near_best": "no", "auc": random.uniform(0.6, 0.7)} for letter in "ABCD"
    ]
    return [*rows, {"predictors": "all", "near_best": "full model", "auc": 0.8}]


def best_of_many(random, sample) -> list[dict]:
    low = random.uniform(0.5, 0.52)
    row = {"models": 70, "frequency": random.random(), "near_best": int(random.integers(1, 14))}
    return [row | {"permuted_lowest": low, "permuted_highest": low + 0.01}]


def operating(random, sample) -> list[dict]:
    rates = (0.1, 0.2, 0.3)
    return [
        {
            "predictors": p,
            "false_positive_rate": rate,
            "recall": random.random(),
            "high_concern": 9,
            "notifications": 99,
        }
        for p in ("all", "age alone")
        for rate in rates
    ]


def trees(random, sample) -> list[dict]:
    if sample != "first":
        return []
    names = (("recorded", "nWithTargetR"), ("recorded", "nNotes"), ("whole-life", "nWithTargetW"))
    return [
        {"network": network, "predictor": predictor, "threshold": int(random.integers(1, 4)), "incidence": 0.1}
        | {"share_above": random.random(), "incidence_above": random.uniform(0, 0.3)}
        for network, predictor in names
    ]


def bins(random, sample) -> list[dict]:
    return [{"bin": str(i), "mean_risk": random.random() / 5, "observed": random.random() / 5} for i in range(4)]


def rates_of_groups(random, sample) -> list[dict]:
    return [
        {"characteristic": kind, "subgroup": group}
        | {"false_positive_rate": random.random(), "false_negative_rate": random.random()}
        for kind, groups in {"everyone": ("everyone",), "gender": ("a", "b"), "age": ("c", "d", "e")}.items()
        for group in groups
    ]


def worlds(random, sample) -> list[dict]:
    return [
        {"world": world, "reading": reading} | gain(random)
        for world in ("no family risk", "calibrated")
        for reading in ("ever_recorded", "complete_registry", "placebo")
    ]


def people(random, sample) -> list[dict]:
    if sample != "all":
        return []
    return [
        {"moment": moment, "network": network, "state": state, "person": str(i)}
        for moment in ("first notification", "last notification")
        for network in ("recorded", "whole-life")
        for i, state in enumerate(random.choice(["in the network", "known later"], 12))
    ]


def points(random, sample) -> list[dict]:
    elsewhere = {
        "kind": "published elsewhere",
        "study": f"Study of {sample}",
        "predictors": int(random.integers(1, 200)),
    }
    own = {"kind": "this run", "predictors": int(random.integers(1, 20)), "auc": random.uniform(0.6, 0.8)}
    return [own, elsewhere | {"auc": random.uniform(0.6, 0.8)}]


def table_2(frame) -> list[str]:
    gap = frame.difference.abs()
    widest = frame.loc[gap.idxmax()]
    return [
        f"{n((gap <= 0.012).sum())} of {n(len(frame))} areas",
        "0.012",
        dec(widest.auc, 3),
        dec(widest.published, 3),
    ]


def small_models(frame) -> list[str]:
    small = frame[frame.near_best != "full model"]
    best = [small[small["sample"] == sample].auc.max() for sample in SAMPLES]
    return [str(len(frame)), *(f"({dec(auc, 3)})" for auc in best)]


def best_chosen(frame) -> list[str]:
    return [
        phrase
        for row in frame.itertuples()
        for phrase in (
            f"{n(row.models)} four-variable",
            pct(row.frequency),
            f"{n(row.near_best - 1) if row.near_best > 1 else 'no'} other",
            f"{dec(row.permuted_lowest, 3)} to {dec(row.permuted_highest, 3)}",
        )
    ]


def high_risk_groups(frame) -> list[str]:
    said = []
    for predictor in ("nWithTargetR", "nWithTargetW"):
        row = frame[frame.predictor == predictor].iloc[0]
        apart = row.incidence_above - row.incidence
        least = [f"{n(row.threshold)} relatives"] if row.threshold > 1 else []
        said += [pct(row.share_above), *least, f"{pct(abs(apart))[:-1]} points {'above' if apart > 0 else 'below'}"]
    return said


def apart(frame) -> list[str]:
    groups = frame[frame.characteristic != "everyone"].groupby(["sample", "characteristic"])
    spread = [
        (groups[name].max() - groups[name].min()).max() for name in ("false_positive_rate", "false_negative_rate")
    ]
    return [f"{pct(widest)[:-1]} points" for widest in spread]


def known_worlds(frame) -> list[str]:
    said = []
    for world in ("no family risk", "calibrated"):
        for reading in ("ever_recorded", "complete_registry"):
            rows = frame[(frame.world == world) & (frame.reading == reading)].gain
            said.append(f"{dec(rows.iloc[0], 3)}, {dec(rows.iloc[1], 3)} and {dec(rows.iloc[2], 3)}")
    nothing = frame[(frame.world == "no family risk") & (frame.gain_low > 0)].reading.value_counts()
    return [
        *said,
        f"{n(nothing.get('ever_recorded', 0))} of three",
        f"register in {n(nothing.get('complete_registry', 0))}",
    ]


def drawn(frame) -> list[str]:
    rows = frame[(frame.moment == "first notification") & (frame.state == "in the network")].network
    return [f"{n((rows == 'recorded').sum())} of the people", f"{n((rows == 'whole-life').sum())} in the whole-life"]


def beside_others(frame) -> list[str]:
    own, others = frame[frame.kind == "this run"], frame[frame.kind == "published elsewhere"]
    said = [
        f"{own.predictors.min():.0f} to {own.predictors.max():.0f}",
        f"{dec(own.auc.min())} to {dec(own.auc.max())}",
    ]
    return [*said, *(f"{dec(row.auc)} from {row.predictors:.0f}" for row in others.itertuples())]


def gains(frame) -> list[str]:
    if "comparison" in frame:
        frame = frame[frame.comparison == "whole-life over recorded"]
    return [ends(row.gain, row.gain_low, row.gain_high, 3) for row in frame.itertuples()]


READ = {
    "network.read_table_2": Recount(invented("network_table_2", sets_of_predictors), network.read_table_2, table_2),
    "network.read_folds": Recount(
        invented("network_table_2", sets_of_predictors),
        network.read_folds,
        lambda frame: [dec((frame.auc - frame.auc_other_folds).abs().max(), 4)],
    ),
    "network.read_gains": Recount(
        invented(
            "network_gains",
            lambda random, sample: [{"comparison": f"{w} over recorded"} | gain(random) for w in ("whole-life", "age")],
        ),
        network.read_gains,
        gains,
    ),
    "network.read_models": Recount(invented("network_models", models), network.read_models, small_models),
    "network.read_selection": Recount(
        invented("network_best_of_many", best_of_many), network.read_selection, best_chosen
    ),
    "network.read_interactions": Recount(
        invented("network_interactions", lambda random, sample: [gain(random)]),
        network.read_interactions,
        lambda frame: [
            "two predictors",
            "four-variable",
            f"{dec(frame.gain.min(), 3)} to {dec(frame.gain.max(), 3)}",
            "0.001 to 0.005",
        ],
    ),
    "network.read_roc": Recount(
        invented("network_roc", operating),
        network.read_roc,
        lambda frame: [
            f"{pct(row.recall)} on {row.sample}"
            for row in frame[(frame.false_positive_rate == 0.2) & (frame.predictors == "all")].itertuples()
        ],
    ),
    "network.read_trees": Recount(invented("network_trees", trees), network.read_trees, high_risk_groups),
    "network.read_calibration": Recount(
        invented("network_calibration", bins),
        network.read_calibration,
        lambda frame: [f"{pct((frame.mean_risk - frame.observed).abs().max())[:-1]} points"],
    ),
    "network.read_error_rates": Recount(
        invented("network_error_rates", rates_of_groups), network.read_error_rates, apart
    ),
    "network.read_whole_life": Recount(
        invented(
            "network_whole_life",
            lambda random, sample: [{"reading": r} | gain(random) for r in ("ever_recorded", "placebo")],
        ),
        network.read_whole_life,
        lambda frame: gains(frame[frame["sample"] == "first"]),
    ),
    "network.read_worlds": Recount(invented("network_whole_life_mean", worlds), network.read_worlds, known_worlds),
    "network.read_wider": Recount(
        invented("network_wider", lambda random, sample: [{"steps": int(random.integers(2, 5))} | gain(random)]),
        network.read_wider,
        lambda frame: [
            phrase
            for row in frame.itertuples()
            for phrase in (ends(row.gain, row.gain_low, row.gain_high, 3), f"({n(row.steps)} steps)")
        ],
    ),
    "network.read_example": Recount(invented("network_example", people), network.read_example, drawn),
    "network.read_comparators": Recount(invented("network_points", points), network.read_comparators, beside_others),
}
