"""Released tables for the next authority and for the poll's uses, made by hand."""

import pandas as pd
import small_tables as small

from analysis.disclosure import release
from analysis.study.transport import TRANSPORT
from analysis.tables.next_authority import league, spread
from analysis.tables.poll_uses import use_of_models

CHOSEN = small.PROTOCOL.next_authority.design.slug


def performance(auc=0.7, standardised=0.2, half_width=0.05):
    """One design's three metrics with intervals of one half-width."""
    rows = [
        {
            "design": CHOSEN,
            "metric": metric,
            "cases": 1000,
            "positives": 50,
            "value": value,
            "value_low": value - half_width,
            "value_high": value + half_width,
            "chance": chance,
        }
        for metric, value, chance in (
            ("average_precision", standardised, 0.05),
            ("standardised_average_precision", standardised, 0.05),
            ("auc", auc, 0.5),
        )
    ]
    return small.released("performance", rows)


def world(aucs=(0.6, 0.65, 0.7, 0.75, 0.8, 0.7, 0.62, 0.58), standardised=(0.1, *(0.2,) * 7), half_width=0.03):
    """All eight problems with these results."""
    problems = [(problem.authority, problem.outcome) for problem in small.PROTOCOL.problems]
    results = zip(problems, aucs, standardised, strict=False)
    return {problem: {"performance": performance(auc, ap, half_width)} for problem, auc, ap in results}


def spread_table(**results):
    return spread(world(**results), small.PROTOCOL, small.LEFT_OUT)


def league_table(**results):
    return league(world(**results), small.PROTOCOL)


def transport_table(moved=0.15, verdict="no clear difference"):
    """Two moves between two authorities; the moved model's risks are half, and twice, what they should be."""
    rows = []
    for made_in, moved_to, outcome, ratio in (("LA1", "LA3", "P5", 2.0), ("LA3", "LA1", "P2", 0.5)):
        for metric, own, at in (
            ("average_precision", 0.2, moved),
            ("auc", 0.75, 0.7),
            ("observed_expected_ratio", 1.0, ratio),
        ):
            row = {"made_in": made_in, "moved_to": moved_to, "outcome": outcome, "metric": metric}
            values = {"own": own, "moved": at, "recalibrated": 1.0 if metric.startswith("obs") else at}
            values |= {"difference": None if metric.startswith("obs") else at - own}
            for name, value in values.items():
                missing = value is None
                row |= {name: value, f"{name}_low": None if missing else value - 0.05}
                row |= {f"{name}_high": None if missing else value + 0.05}
            tested = metric == "average_precision"
            row |= {"minimum_detectable_difference": None if values["difference"] is None else 0.08}
            row |= {"p_value": 0.4 if tested else None, "verdict": verdict if tested else None}
            rows.append(row)
    return release(TRANSPORT, pd.DataFrame(rows), preset="synthetic", rules=small.PROTOCOL.disclosure)


def use_table():
    return use_of_models(small.world(), small.PROTOCOL)
