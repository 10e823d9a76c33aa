"""Families: which children belong together, so that siblings never stand on both sides of a split."""

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from analysis.extract.cells import identifiers
from analysis.extract.report import ListAccount, ReportBuilder, number

LARGEST_FAMILY = 40  # more children than this share a placeholder (such as "unknown"), not a family (ours)


def usable_links(links: pl.DataFrame, notes: ReportBuilder) -> pl.DataFrame:
    """The rows of a table of families that name a child and a family, once each; the others are accounted for.

    Parameters
    ----------
    links : polars.DataFrame
        With child_id, family_id and any other columns.
    notes : ReportBuilder
        Where the rows left out are counted.

    Returns
    -------
    polars.DataFrame
    """
    explained, rows = {}, links.with_columns(child_id=identifiers(links["child_id"]))
    for reason, column in (("no child identifier", "child_id"), ("no family", "family_id")):
        explained[reason] = len(rows) - len(rows := rows.drop_nulls(column))
    explained["the same row again"] = len(rows) - len(rows := rows.unique(["child_id", "family_id"]))
    explained = {reason: count for reason, count in explained.items() if count}
    notes.lists.append(ListAccount("families", "Families", len(links), len(rows), explained))
    return rows


def families_of(links: pl.DataFrame, notes: ReportBuilder, where: str) -> pl.DataFrame:
    """One family for each child, from a table of links between children and families.

    Parameters
    ----------
    links : polars.DataFrame
        `child_id` and `family_id`, any number of rows for each; a child in two families joins them into one, since
        the two households share a child. Links may form circles.
    notes : ReportBuilder
    where : str
        What messages call the table.

    Returns
    -------
    polars.DataFrame
        `child_id`, once each, and `family_id`: the smallest of the joined families' identifiers.
    """
    links = links.select("child_id", "family_id").drop_nulls().unique()
    if links.is_empty():
        return links
    sizes = links.group_by("family_id").agg(pl.col("child_id").n_unique().alias("children"))
    placeholders = sizes.filter(pl.col("children") > LARGEST_FAMILY)
    if len(placeholders):
        sentence = f"{number(len(placeholders), 'family', 'families')} of more than {LARGEST_FAMILY} children"
        notes.problem(where, f"{sentence}; taken as placeholders, so each child is a family of one; correct them")
        links = links.join(placeholders, on="family_id", how="anti")
    child, family = links["child_id"].rank("dense").to_numpy() - 1, links["family_id"].rank("dense").to_numpy() - 1
    if not len(child):
        return links
    n_children, n_families = child.max() + 1, family.max() + 1
    total = int(n_children + n_families)
    graph = coo_matrix((np.ones(len(child)), (child, family + n_children)), shape=(total, total))
    component = connected_components(graph, directed=False)[1]
    links = links.with_columns(component=pl.Series(component[child.astype(int)]))
    joined = links.group_by("component").agg(pl.col("family_id").n_unique() > 1)["family_id"].sum()
    if joined:
        notes.problem(where, f"{number(int(joined), 'family', 'families')} joined from several that share a child")
    smallest = pl.col("family_id").min().over("component")
    return links.select("child_id", family_id=smallest).unique().sort("child_id")
