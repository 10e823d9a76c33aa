"""What each authority put in, as a released table: lists, extracts, period, children and documents."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from analysis.disclosure import Released, TableSpecification, read_released
from analysis.disclosure.catalogue import count, key, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.files import MANIFEST
from analysis.disclosure.publication import History, publish_tables
from analysis.disclosure.specification import DOES_NOT_ADD_UP, EXPLORATORY
from analysis.extract.report import ExtractReport
from analysis.protocol import Protocol
from analysis.schemas import CheckedTables
from analysis.study.paths import Paths

DOCUMENTS = "Documents"  # stand in the account beside the lists, and here in a column of their own
NEAREST = 10
"""Children and documents of an authority's own are given to the nearest ten, so that two runs tell of no one child."""

SUPPLIED = TableSpecification(
    "supplied",
    "What was supplied",
    "one authority",
    (
        key("authority", "authority"),
        text("source", "form of the lists"),
        text("lists", "lists of which at least one row was used"),
        setting("extracts", "extracts put in"),
        text("first_month", "month in which observation begins"),
        text("last_month", "month in which it ends"),
        count("children", "children in the lists; of an authority's own, to the nearest ten"),
        count("documents", "documents; of an authority's own, to the nearest ten"),
        text("families", "whether a table of families was supplied"),
    ),
    planned_by=EXPLORATORY,
    population="children supplied by {authority}",
    counts_of={"documents": ("documents", "documents supplied by {authority}")},
    adds_up=DOES_NOT_ADD_UP,
)


def release_supplied(
    tables: CheckedTables, account: ExtractReport, folder: Path, *, protocol: Protocol, history: History | None
) -> None:
    """Release what one authority supplied into `folder`; no file is named, for its name may hold a person's.

    Parameters
    ----------
    tables : CheckedTables
        The authority's checked tables.
    account : ExtractReport
        Which lists were read, from which extracts.
    folder : Path
        Named "released", in the folder that has the authority's name.
    protocol : Protocol
        Its section on disclosure says by which preset.
    history : History or None
        Where it is remembered what was said of it before; None for synthetic data.
    """
    nearest, rules = NEAREST if history else 1, protocol.disclosure
    row = {
        "authority": folder.parent.name,
        "source": account.source,
        "lists": "; ".join(
            dict.fromkeys(one.title for one in account.lists if one.rows_kept and one.title != DOCUMENTS)
        ),
        "extracts": len(account.extracts),
        "first_month": f"{tables.first_date:%B %Y}",
        "last_month": f"{tables.last_date:%B %Y}",
        "children": nearest * round(tables.children.height / nearest),
        "documents": nearest * round(tables.documents.height / nearest),
        "families": "yes" if tables.families_known else "no: each child counts as a family of one",
    }
    publish_tables(
        {SUPPLIED.name: pd.DataFrame([row])},
        {SUPPLIED.name: SUPPLIED},
        folder,
        preset=rules.own_data if history else rules.synthetic_data,
        rules=rules,
        provenance={"authority": folder.parent.name},
        history=history,
    )


def supplied_table(build: Path, names: Mapping[str, str]) -> Released | None:
    """What the authorities supplied, a row each; None where their extracts were read elsewhere.

    Parameters
    ----------
    build : Path
    names : mapping of str to str
        What each authority is called, by the name of its folder.

    Returns
    -------
    Released or None
    """
    folders = [Paths(build).supplied(authority) for authority in names]
    tables = [_read(folder) for folder in folders if (folder / MANIFEST).is_file()]
    if not tables:
        return None

    def named(*frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
        frame = pd.concat(frames, ignore_index=True)
        return frame.assign(authority=frame["authority"].map(names))

    return derive(SUPPLIED, named, *tables)


def _read(folder: Path) -> Released:
    return read_released(folder, {SUPPLIED.name: SUPPLIED})[SUPPLIED.name]
