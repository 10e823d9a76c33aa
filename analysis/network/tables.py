"""The tables of a study of family networks, and the notifications made from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from ibis.expr.types import Table

from analysis.network.links import links_of
from analysis.network.predictors import (
    family_of_child,
    history,
    network_counts,
    predictor_table,
    relatives,
    sampled_notifications,
)
from analysis.protocol.values import Networks

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
    """What every reading of the whole-life network shares: notifications, histories, the recorded network."""

    tables: NetworkTables
    definitions: Networks
    notifications: Table
    own: Table
    known: Table
    recorded: Table


def prepare(tables: NetworkTables, definitions: Networks, materialise: Hold | None = None) -> Prepared:
    """Compute what does not depend on the reading of the whole-life network.

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
    notifications = materialise(sampled_notifications(tables.people, tables.events, definitions))
    known = materialise(relatives(tables.people, tables.relationships, tables.events, tables.types, definitions))
    own = materialise(history(notifications, tables.events, definitions))
    recorded = materialise(network_counts(notifications, tables.links("recorded"), known, "R"))
    return Prepared(tables, definitions, notifications, own, known, recorded)


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
    whole_life = network_counts(prepared.notifications, prepared.tables.links(reading), prepared.known, "W")
    table = predictor_table(prepared.notifications, prepared.own, prepared.recorded, whole_life, prepared.definitions)
    families = family_of_child(prepared.tables.relationships, prepared.tables.types)
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
