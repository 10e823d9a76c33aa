"""The tables of a study of family networks, and the notifications made from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from ibis.expr.types import Table

from analysis.network.links import implied_links, links_of
from analysis.network.predictors import (
    family_of_child,
    history,
    network_counts,
    predictor_table,
    relatives,
    sampled_notifications,
)
from analysis.protocol.values import Networks

NOTIFICATIONS_AT_ONCE = 1_500_000  # counted together: they and their wider networks take some 2 GB of memory

Hold = Callable[[Table], Table]


@dataclass(frozen=True)
class NetworkTables:
    """Checked tables, on whichever engine holds them.

    Attributes
    ----------
    people : person_id, birth_date, gender, ethnicity
    relationships : person_id, relative_id, relationship_type, recorded_date
        "Person is the *mother of* relative", written down that day.
    events : person_id, event, date
        A decision to refer ("referral") is dated as the notification it decides on.
    types : relationship_type, class, whole_life ("yes" or "no"), instigator ("person", "relative" or "")
    registry : person_id, relative_id, relationship_type, optional
        A complete register of births, where there is one.
    """

    people: Table
    relationships: Table
    events: Table
    types: Table
    registry: Table | None = None

    def links(self, reading: str) -> Table:
        """The links of a reading; see `analysis.network.links`."""
        return links_of(
            reading,
            relationships=self.relationships,
            types=self.types,
            people=self.people,
            registry=self.registry,
        )


@dataclass(frozen=True)
class Prepared:
    """What every count begins from, of all children or, in a part, of some.

    Attributes
    ----------
    tables : NetworkTables
    definitions : Networks
    notifications : ibis Table
        As `sampled_notifications` gives them.
    known : ibis Table
        As `relatives` gives it.
    recorded, recorded_before : ibis Table
        Links of everyone by these two readings: wider networks, implied links and the placebo begin from them too.
    children : tuple of int and int, optional
        The first and the last child of a part.
    """

    tables: NetworkTables
    definitions: Networks
    notifications: Table
    known: Table
    recorded: Table
    recorded_before: Table
    children: tuple[int, int] | None = None

    def of_children(self, table: Table, column: str) -> Table:
        """The rows of a table that name a child of this part.

        Parameters
        ----------
        table : ibis Table
        column : str
            Of children's numbers.

        Returns
        -------
        ibis Table
        """
        return table if self.children is None else table.filter(table[column].between(*self.children))

    def links(self, reading: str) -> Table:
        """The children's links of a reading; see `analysis.network.links`."""
        if reading == "implied":
            links = implied_links(self.recorded_before)
        else:
            computed = {"recorded": self.recorded, "recorded_before": self.recorded_before}
            links = computed.get(reading, self.tables.links(reading))
        return self.of_children(links, "child_id")

    def parts(self) -> list["Prepared"]:
        """The same of some children at a time, in their order, so that nothing is grouped or ordered whole."""
        notified = self.notifications.group_by("child_id").agg(number=self.notifications.count())
        number = frame_of(notified).set_index("child_id")["number"].sort_index()
        part = (number.cumsum() - 1) // NOTIFICATIONS_AT_ONCE
        ends = number.index.to_series().groupby(part.to_numpy()).agg(["min", "max"])
        parts = [replace(self, children=(int(first), int(last))) for first, last in ends.itertuples(index=False)]
        parts = [replace(part, notifications=part.of_children(self.notifications, "child_id")) for part in parts]
        return parts or [self]


def prepare(tables: NetworkTables, definitions: Networks, materialise: Hold | None = None) -> Prepared:
    """Compute what several counts begin from.

    Parameters
    ----------
    tables : NetworkTables
        On an engine.
    definitions : Networks
        The protocol's section on networks.
    materialise : callable, optional
        Computes a table that is used again, such as `analysis.network.engine.materialise`. Without it everything stays
        one expression.

    Returns
    -------
    Prepared
    """
    materialise = materialise or _as_it_is
    return Prepared(
        tables,
        definitions,
        notifications=materialise(sampled_notifications(tables.people, tables.events, definitions)),
        known=materialise(relatives(tables.people, tables.relationships, tables.events, tables.types, definitions)),
        recorded=materialise(tables.links("recorded")),
        recorded_before=materialise(tables.links("recorded_before")),
    )


def notification_table(prepared: Prepared, reading: str) -> Table:
    """Every notification with its predictors, the whole-life network taken by this reading.

    Parameters
    ----------
    prepared : Prepared
    reading : str
        A name in the table of `analysis.network.links`.

    Returns
    -------
    ibis Table
        One row for each notification, in no order.
    """
    tables, notifications = prepared.tables, prepared.notifications
    own = history(notifications, prepared.of_children(tables.events, "person_id"), prepared.definitions)
    recorded = network_counts(notifications, prepared.links("recorded"), prepared.known, "R")
    whole_life = network_counts(notifications, prepared.links(reading), prepared.known, "W")
    table = predictor_table(notifications, own, recorded, whole_life, prepared.definitions)
    families = family_of_child(prepared.of_children(tables.relationships, "relative_id"), tables.types)
    table = table.left_join(families, "child_id").drop("child_id_right")
    return table.mutate(family_id=table.mother_id.fill_null(table.child_id)).drop("mother_id")


def counts_of_notifications(prepared: Prepared, counts: Table, names: Sequence[str]) -> pd.DataFrame:
    """Counts (child_id, date and `names`) of every notification, 0 where there are none, in the order of `collect`.

    Parameters
    ----------
    prepared : Prepared
    counts : ibis Table
        child_id, date and the counts; at most one row for each notification.
    names : sequence of str
        Columns of counts.

    Returns
    -------
    pandas.DataFrame
        The columns of `names`.
    """
    keys = ["child_id", "date"]
    table = prepared.notifications.select(*keys).left_join(counts, keys)
    filled = table.select(*keys, **{name: table[name].fill_null(0).cast("int16") for name in names})
    return collect(filled)[list(names)]


def collect(table: Table) -> pd.DataFrame:
    """The rows, by child and day: some 60 bytes to a notification."""
    return frame_of(table.order_by("child_id", "date"))


def frame_of(table: Table) -> pd.DataFrame:
    """A table in memory, days as days and words once each."""
    return table.to_pyarrow().to_pandas(date_as_object=False, strings_to_categorical=True)


def _as_it_is(table: Table) -> Table:
    return table
