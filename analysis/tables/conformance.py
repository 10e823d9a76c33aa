"""What was executed against what was registered: badges, deviations, and a stop where one was not recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from pydantic import BaseModel, ConfigDict

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import EXPLORATORY, key, text
from analysis.errors import ProtocolError
from analysis.protocol import Protocol

OPEN_SECTIONS = ("authorities", "predictions")
"""Where an authority may add and leave out whole entries: what it adds is exploratory, not a deviation."""
OF_INVENTED_DATA = frozenset({"seeds.synthetic_england", "seeds.synthetic_network"})
"""Which invented data are drawn. Another draw is a deviation, but of no analysis: no table is planned by it."""
OPEN_ENTRIES = ("yardsticks.own_rule", "scores.flag_from")
"""Single entries that an authority may add."""

DEVIATIONS = TableSpecification(
    "deviations",
    "Deviations from the registered protocol",
    "one value that was executed otherwise than registered",
    (
        key("address", "where in the protocol"),
        text("registered", "registered value"),
        text("executed", "executed value"),
        text("when", "day it was decided"),
        text("why", "reason"),
    ),
    planned_by=EXPLORATORY,
)


class Deviation(BaseModel):
    """A recorded departure from the registered protocol: where, what is done instead, when and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str
    executed: object
    when: date
    why: str


@dataclass(frozen=True)
class Difference:
    """A value executed otherwise than registered; None where it is absent."""

    address: str
    registered: object
    executed: object


@dataclass(frozen=True)
class Conformance:
    """What the executed protocol changed and added.

    Attributes
    ----------
    differences : tuple of Difference
        Each recorded as a deviation.
    reasons : mapping of str to Deviation
        By address.
    added : frozenset of str
        Predictions that were not registered.
    """

    differences: tuple[Difference, ...]
    reasons: Mapping[str, Deviation]
    added: frozenset[str]

    @property
    def deviating(self) -> frozenset[str]:
        """The sections in which something deviates that an analysis is planned by."""
        addresses = {difference.address for difference in self.differences} - OF_INVENTED_DATA
        return frozenset(address.split(".")[0] for address in addresses)


def badge(
    table: TableSpecification,
    *,
    deviating: frozenset[str] = frozenset(),
    amended: frozenset[str] = frozenset(),
    registered: bool = True,
) -> str:
    """'pre-registered', 'added later', 'deviation' or 'exploratory', for a table and all that is drawn from it.

    Parameters
    ----------
    table : TableSpecification
        Its record names the sections of the protocol that plan it.
    deviating : frozenset of str
        Sections of the protocol in which the run deviates.
    amended : frozenset of str
        Sections that a later version of the protocol added.
    registered : bool
        Whether the prediction it is about was registered.

    Returns
    -------
    str
    """
    if not table.planned_by or not registered:
        return "exploratory"
    if table.planned_by & deviating:
        return "deviation"
    return "added later" if table.planned_by & amended else "pre-registered"


def compare(
    executed: Protocol,
    registered: Protocol,
    deviations: Sequence[Deviation] = (),
    *,
    inherited: Sequence[Deviation] = (),
) -> Conformance:
    """Compare what is executed with what was registered.

    Parameters
    ----------
    executed : Protocol
        The protocol of the run.
    registered : Protocol
        The protocol that comes with the book.
    deviations : sequence of Deviation
        Recorded for this very protocol.
    inherited : sequence of Deviation
        Recorded for the protocol that it was copied from; those it no longer makes count for nothing.

    Returns
    -------
    Conformance

    Raises
    ------
    ProtocolError
        If a value differs without a recorded deviation, or a deviation is recorded that is not executed.
    """
    now, then = _flat(executed), _flat(registered)
    differences = tuple(
        Difference(address, then.get(address), now.get(address))
        for address in sorted(now.keys() | then.keys())
        if now.get(address) != then.get(address) and not _whole_entry(address, now, then)
    )
    changed = {difference.address: difference.executed for difference in differences}
    kept = [one for one in inherited if one.address in changed and changed[one.address] == one.executed]
    reasons = {deviation.address: deviation for deviation in (*kept, *deviations)}
    problems = [_unrecorded(d) for d in differences if not _recorded(d, reasons)]
    problems += [
        f"a deviation is recorded for {address!r}, which is executed as registered; drop the record or make the change"
        for address in sorted(reasons.keys() - changed.keys())
    ]
    if problems:
        raise ProtocolError("protocol and its registration", problems)
    added = frozenset(executed.predictions) - frozenset(registered.predictions)
    return Conformance(differences, reasons, added)


def deviations_table(conformance: Conformance) -> Released:
    """The deviations as a table; it may have no rows."""
    rows = [
        {
            "address": difference.address,
            "registered": str(difference.registered),
            "executed": str(difference.executed),
            "when": conformance.reasons[difference.address].when.isoformat(),
            "why": conformance.reasons[difference.address].why,
        }
        for difference in conformance.differences
    ]
    return derive(DEVIATIONS, lambda: pd.DataFrame(rows, columns=list(DEVIATIONS.column_names)))


def _flat(protocol: Protocol) -> dict[str, object]:
    """Every value by its dotted address; a list counts as one value."""

    def walk(value: object, address: str) -> dict[str, object]:
        if not isinstance(value, dict):
            return {address: value}
        parts = (walk(part, f"{address}.{name}".strip(".")) for name, part in value.items())
        return {found: leaf for part in parts for found, leaf in part.items()}

    return walk(protocol.model_dump(mode="json", by_alias=True), "")


def _whole_entry(address: str, now: Mapping[str, object], then: Mapping[str, object]) -> bool:
    """Whether the address lies in an authority, prediction or rule that only one of the two protocols has."""
    if any(address == entry or address.startswith(f"{entry}.") for entry in OPEN_ENTRIES):
        return True
    section, _, rest = address.partition(".")
    if section not in OPEN_SECTIONS:
        return False
    entry = f"{section}.{rest.partition('.')[0]}."
    return not (any(a.startswith(entry) for a in now) and any(a.startswith(entry) for a in then))


def _recorded(difference: Difference, reasons: Mapping[str, Deviation]) -> bool:
    reason = reasons.get(difference.address)
    return reason is not None and reason.executed == difference.executed


def _unrecorded(difference: Difference) -> str:
    return (
        f"{difference.address!r} is registered as {difference.registered!r} and executed as {difference.executed!r}; "
        "restore it, or record it with its address, executed value, day and reason in deviations.yml: in book/evidence "
        "for the book's own protocol, beside any other"
    )
