"""What a claim may look at: released tables of a run, or the same tables filled from what was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal

import pandas as pd

from analysis.disclosure import PAGE_TABLES, Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.released import World, rows_with
from analysis.disclosure.specification import NETWORKS, key, measure
from analysis.leakage.rule import leaking
from analysis.protocol import Protocol
from analysis.published import england_cells, leaking_authorities, network_values
from analysis.tables.summaries import joint

Scope = Literal["verdict", "study", "run"]
LEAKAGE_FOUND = "no: leakage found"
NOT_REGISTERED = "no: not registered"


@dataclass(frozen=True)
class Evidence:
    """The tables behind a set of verdicts.

    Attributes
    ----------
    world : mapping
        Released tables by name, for each (authority, outcome).
    protocol : Protocol
        The run's: what was asked of these tables.
    registered : Protocol
        The registered one: what the published studies are judged by.
    network_tables : mapping of str to Released
        The tables of the study of family networks by name; empty where it was not run.
    networks_are_its_own : bool
        Whether those tables are of the same kind of data as `world`; false where an authority's own extract stands
        beside the networks of an invented country, which can neither confirm nor contradict anything about it.
    under_chance : mapping of claim's id to tuple of float, optional
        The number of each claim about models with shuffled risks, as `analysis.claims.agreement.under_chance` gives
        them, where the run has computed them; None if not.
    """

    world: World
    protocol: Protocol
    registered: Protocol
    network_tables: Mapping[str, Released] = field(default_factory=dict)
    networks_are_its_own: bool = True
    under_chance: Mapping[str, tuple[float, ...]] | None = None

    @cached_property
    def _joined(self) -> dict[tuple[Scope, str], Released | None]:
        """The joint tables that were asked for."""
        return {}

    @cached_property
    def study(self) -> World:
        """The problems that were registered: a published claim is held against no other."""
        return {problem: tables for problem, tables in self.world.items() if problem[1] in self.registered.predictions}

    @cached_property
    def leaking(self) -> frozenset[str]:
        """Authorities left out of the overall verdict, by rule: the audit of any of their problems found leakage."""
        return frozenset(
            authority
            for (authority, _), tables in self.study.items()
            if "leakage" in tables and leaks(tables["leakage"])
        )

    @cached_property
    def in_verdict(self) -> World:
        """The problems that count towards the overall verdict."""
        return {problem: tables for problem, tables in self.study.items() if problem[0] not in self.leaking}

    @cached_property
    def left_out(self) -> Mapping[tuple[str, str], str]:
        """Why each problem that is not in the verdict is left out of it, by (authority, outcome)."""
        registered, counted = self.study, self.in_verdict
        return {
            problem: LEAKAGE_FOUND if problem in registered else NOT_REGISTERED
            for problem in self.world
            if problem not in counted
        }

    def frame(self, name: str, *, of: Scope = "verdict", **labels: str) -> pd.DataFrame:
        """A joint table's rows with these labels; may be empty.

        Parameters
        ----------
        name : str
            Of a table in `PAGE_TABLES`.
        of : {"verdict", "study", "run"}
            Over the problems in the verdict; over all that were registered, leaking authorities among them; or over
            all that were run, an authority's own predictions among them.

        Returns
        -------
        pandas.DataFrame
            Released values; those that are withheld are missing.
        """
        if (of, name) not in self._joined:
            problems = {"verdict": self.in_verdict, "study": self.study, "run": self.world}[of]
            self._joined[of, name] = joint(problems, name)
        table = self._joined[of, name]
        if table is None:
            return pd.DataFrame(columns=["authority", "outcome", *PAGE_TABLES[name].column_names])
        return rows_with(table.frame, **labels)


def leaks(leakage: Released) -> bool:
    """Whether a leakage audit found information that could not have been known at the decision."""
    return leaking(leakage.frame)


def published_evidence(registered: Protocol) -> Evidence:
    """What the published tables would be had they been released here: A's 64 values and what follows from them.

    Parameters
    ----------
    registered : Protocol
        The registered protocol. What a run asks of its own data alters nothing that was published.
    """
    problems = sorted({(cell.authority, cell.prediction) for cell in england_cells()})
    world = {problem: _published_tables(*problem) for problem in problems}
    return Evidence(world, registered, registered, _published_network_tables())


@cache
def _published_tables(authority: str, outcome: str) -> Mapping[str, Released]:
    cells = [cell for cell in england_cells() if cell.prediction == outcome]
    performance = pd.DataFrame([{"design": c.design, "metric": c.metric, "value": c.value} for c in cells])
    values = {c.design: c.value for c in cells if c.metric == "average_precision"}
    leak = {
        "check": "too_good",
        "subject": "as published",
        "flagged": "yes" if authority in leaking_authorities() else "no",
        "explanation": "information leakage identified after the modelling",
    }
    return {
        "performance": _published("performance", performance),
        "comparisons": _published("comparisons", pd.DataFrame(_comparisons(values))),
        "leakage": _published("leakage", pd.DataFrame([leak])),
    }


def _comparisons(values: Mapping[str, float]) -> list[dict]:
    """The four like-for-like comparisons of one prediction, by A's rule: any difference at two decimals."""
    pairs = [
        ("text_v_structured", within, f"text_and_structured-{within}", f"structured-{within}")
        for within in ("all_cases", "earlier_cases")
    ] + [
        ("earlier_v_all", within, f"{within}-earlier_cases", f"{within}-all_cases")
        for within in ("structured", "text_and_structured")
    ]
    rows = []
    for comparison, within, first, second in pairs:
        difference = round(values[first] - values[second], 2)
        verdict = "better" if difference > 0 else "worse" if difference < 0 else "tie"
        row = {"comparison": comparison, "within": within, "first": first, "second": second, "difference": difference}
        means = {"first_average_precision": values[first], "second_average_precision": values[second]}
        rows.append(row | means | {"published_rule_verdict": verdict})
    return rows


@cache
def _published_network_tables() -> Mapping[str, Released]:
    published = network_values()
    models = pd.DataFrame(published["table_2"])
    samples = pd.DataFrame([{"sample": name} | counts for name, counts in published["samples"].items()])
    data = pd.DataFrame([{"quantity": name.replace("_", " "), "run": rows} for name, rows in published["data"].items()])
    tables = {"network_table_2": models, "network_samples": samples, "network_data": data}
    return {name: derive(_as_printed(name, frame), lambda frame=frame: frame) for name, frame in tables.items()}


def _as_printed(name: str, frame: pd.DataFrame) -> TableSpecification:
    """A specification of just the columns that were printed."""
    columns = (measure(c, c) if pd.api.types.is_numeric_dtype(frame[c]) else key(c, c) for c in frame)
    return TableSpecification(name, "As printed in B", "one row of B", tuple(columns), planned_by=NETWORKS)


def _published(name: str, frame: pd.DataFrame) -> Released:
    """A table of published values; what was not published is missing."""
    specification = PAGE_TABLES[name]
    return derive(specification, lambda: frame.reindex(columns=list(specification.column_names)))
