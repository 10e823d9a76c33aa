"""Read one authority's extract: from files as they arrive to checked, pseudonymised and redacted tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from analysis.errors import TableError
from analysis.extract import annex_a as annex_a_files
from analysis.extract.authority import ExtractMetadata, read_metadata
from analysis.extract.carried import events_carried
from analysis.extract.definitions import (
    Definitions,
    annex_a,
    standard_safeguarding_dataset,
    statutory_returns,
    versions,
)
from analysis.extract.documents import read_documents, read_named_table
from analysis.extract.events import checked_children, children, events, not_before_birth, supplied_counts
from analysis.extract.families import families_of, usable_links
from analysis.extract.files import printable
from analysis.extract.folders import list_folder, not_read, table_called
from analysis.extract.gaps import unseen_days, unseen_in_one_extract
from analysis.extract.identifiers import note_identifiers_apart, note_identifiers_in_two_ways
from analysis.extract.mapping import with_mapping
from analysis.extract.merge import count_records, merge
from analysis.extract.period import observation_period
from analysis.extract.pseudonymise import pseudonyms
from analysis.extract.report import ExtractAccount, ExtractReport, ListAccount, ReportBuilder, number
from analysis.extract.returns import YearOfReturn, find_returns, observed_years, read_returns, with_periods_of_care
from analysis.extract.scores import read_scores
from analysis.extract.unseen import unseen_lists
from analysis.protocol.values import Study
from analysis.schemas import SCHEMAS, CheckedTables, check_columns
from analysis.text.redact import KINDS, redact_series

Lists = dict[str, pl.DataFrame]
Extracts = list[tuple[str, Lists]]


def read_extract(
    folder: Path, *, secret: bytes, study: Study | None, today: date | None = None, mapping: Path | None = None
) -> tuple[CheckedTables, ExtractReport]:
    """One authority's checked tables, and the account of how its extract became them.

    Parameters
    ----------
    folder : Path
        With `annex_a/`, `ssd/`, or `cin_census/` and `ssda903/`, and perhaps `documents`, `families`, `names`, `scores`
        and `extract.yml`; or one workbook.
    secret : bytes
        Key of the pseudonyms, at least 16 bytes, kept outside every output.
    study : Study or None
        The study period that the report compares the extract's with.
    today : date, optional
        No record can be dated later; the day of reading unless given.
    mapping : Path, optional
        A workbook that says what headings and codes mean; `mapping.xlsx` in the folder unless given.

    Returns
    -------
    tuple of CheckedTables and ExtractReport

    Raises
    ------
    TableError
        If nothing can be read, with every reason.
    """
    folder, notes, latest = Path(folder), ReportBuilder(), today or date.today()
    metadata = notes.attempt(lambda: read_metadata(folder), ExtractMetadata(printable(folder.resolve().name)))
    places = find_returns(folder) if folder.exists() else []
    notes.ignored += not_read(folder, places)
    nothing: tuple[Definitions, list, list[YearOfReturn] | None] = (annex_a(), [], None)
    how = {"latest": latest, "notes": notes, "mapping": mapping}
    definitions, extracts, years = notes.attempt(lambda: _extracts(folder, places, **how), nothing)
    lists, names = _merged_lists(extracts, definitions, notes=notes)
    if not lists:
        notes.attempt(lambda: read_documents(folder, latest=latest, notes=notes), None)
        notes.raise_refusals(metadata.name)
    if years is not None:
        lists = with_periods_of_care(lists, years, notes)
    happened = events(lists, definitions.tables, notes)
    people = children(lists, definitions.tables, notes).join(
        happened.select("child_id").unique(), on="child_id", how="semi"
    )
    if "ssd_disability" in lists:
        people = people.with_columns(pl.col("disability").fill_null("no"))
    happened = not_before_birth(happened, people, what="event", where="All lists", notes=notes)
    if happened.is_empty():
        notes.refusals.append("no record has a usable date")
        notes.raise_refusals(metadata.name)
    counts = supplied_counts(lists, definitions.tables).join(people.select("child_id"), on="child_id", how="semi")
    observed = observed_years(years, notes) if years is not None else None
    first, last, period = observation_period(happened, metadata, study, notes, years=observed)
    days = {"first": first, "last": last}
    unseen = () if years is not None else _unseen(extracts, lists, definitions.tables, happened, **days, notes=notes)
    no_texts = pl.DataFrame(schema=SCHEMAS["documents"])
    links = notes.attempt(lambda: _family_links(folder, lists, notes), None)
    texts = notes.attempt(lambda: _documents(folder, people, links, names, latest=latest, notes=notes), no_texts)
    scores = notes.attempt(lambda: _scores(folder, people, latest=latest, notes=notes), _no_scores())
    notes.raise_refusals(metadata.name)
    people = _with_families(checked_children(people), links, notes)
    tables = CheckedTables(
        children=_hashed(people, secret, "children"),
        events=_hashed(happened, secret, "events"),
        supplied_counts=_hashed(counts, secret, "supplied_counts"),
        documents=_hashed(texts, secret, "documents"),
        scores=_hashed(scores, secret, "scores"),
        first_date=first,
        last_date=last,
        families_known=links is not None,
    )
    report = replace(_report(tables, metadata, definitions, period, notes), unseen=unseen)
    if years is not None:
        report = replace(report, carries=events_carried(lists, definitions.tables))
    return tables, report


def _extracts(
    folder: Path, returns: Sequence[Path], *, latest: date, notes: ReportBuilder, mapping: Path | None = None
) -> tuple[Definitions, Extracts, list[YearOfReturn] | None]:
    """What the source is called, its extracts from the oldest, and its years if it is a statutory return."""
    if returns and not list_folder(folder):
        definitions = with_mapping(statutory_returns(), mapping or table_called(folder, "mapping"))
        years = read_returns(returns, definitions, latest=latest, notes=notes)
        return definitions, [(year.name, year.lists) for year in years], years
    definitions, place = _source(folder)
    definitions = with_mapping(definitions, mapping or table_called(folder, "mapping"))
    notes.ignored += [
        f"{printable(path.name)}: the lists in {printable(place.name)} are read, not the returns" for path in returns
    ]
    found = annex_a_files.find_extracts(place, notes)
    return definitions, annex_a_files.read_extracts(found, definitions, latest=latest, notes=notes), None


def _source(folder: Path) -> tuple[Definitions, Path]:
    if lists := list_folder(folder):
        return (standard_safeguarding_dataset() if lists[0] == "ssd" else annex_a()), lists[1]
    if folder.is_dir() and any(folder.glob("ssd_*.csv")):
        return standard_safeguarding_dataset(), folder
    if not folder.exists():
        raise TableError(printable(folder.name), "no such file or folder; give the path of an extract")
    return annex_a(), folder


def _unseen(extracts: Extracts, lists: Lists, tables, happened: pl.DataFrame, *, first, last, notes: ReportBuilder):
    return (
        *unseen_in_one_extract(extracts, tables, notes),
        *unseen_lists(lists, tables, notes),
        *unseen_days(happened, first, last, notes),
    )


def _merged_lists(extracts: Extracts, definitions: Definitions, *, notes: ReportBuilder) -> tuple[Lists, set[str]]:
    extract_names = [name for name, _ in extracts]
    tables = [name for name in definitions.tables if any(name in lists for _, lists in extracts)]
    frames = {name: [annex_a_files.complete(lists, definitions, name) for _, lists in extracts] for name in tables}
    personal = {
        value
        for name in tables
        for frame in frames[name]
        for field, column in definitions.tables[name].columns.items()
        if column.kind == "name" and field in frame.columns
        for value in frame[field].drop_nulls().unique()
    }
    records = {name: parts for name, parts in frames.items() if not definitions.tables[name].about_adults}
    counts = {position: both for position, *both in count_records(records, definitions.tables).rows()}
    for position, (name, lists) in enumerate(extracts):
        total, added = counts.get(position, (0, 0))
        notes.extracts.append(_extract_account(name, lists, total, added))
    merged = {name: merge(definitions.tables[name], parts, extract_names, notes) for name, parts in records.items()}
    note_identifiers_in_two_ways(merged, notes)
    note_identifiers_apart(merged, definitions.tables, notes)
    return merged, personal


def _extract_account(name: str, lists: Lists, records: int, added: int) -> ExtractAccount:
    days = [
        frame[column]
        for frame in lists.values()
        for column, kind in frame.schema.items()
        if kind == pl.Date and column not in ("birth_date", "expected_birth_date") and frame[column].count()
    ]
    first, last = min((day.min() for day in days), default=None), max((day.max() for day in days), default=None)
    return ExtractAccount(name, first, last, records, added)


def _documents(
    folder: Path,
    people: pl.DataFrame,
    links: pl.DataFrame | None,
    names: set[str],
    *,
    latest: date,
    notes: ReportBuilder,
) -> pl.DataFrame:
    if folder.is_file():
        return pl.DataFrame(schema=SCHEMAS["documents"])
    names = names | _listed_names(folder, notes)
    texts = read_documents(folder, latest=latest, notes=notes)
    known = texts.join(people.select("child_id"), on="child_id", how="semi", maintain_order="left")
    if unknown_children := len(texts) - len(known):
        notes.problem("documents", f"{number(unknown_children, 'document')} about a child who is in no list; left out")
    known = not_before_birth(known, people, what="document", where="documents", notes=notes)
    if known.is_empty():
        return known
    identifiers = people["child_id"].to_list()
    groups = known["child_id"]
    if links is not None:
        families = known.join(links, on="child_id", how="left", maintain_order="left")
        groups = families.select(pl.coalesce("family_id", "child_id")).to_series()
    return known.with_columns(text=redact_series(known["text"], names, identifiers, groups.to_list()))


def _listed_names(folder: Path, notes: ReportBuilder) -> set[str]:
    """Names in a table of their own, to be taken out of every text; its rows are accounted for."""
    path = table_called(folder, "names")
    if path is None:
        return set()
    rows = read_named_table(path, ("name",), notes)
    filled = rows["name"].str.strip_chars().replace("", None).drop_nulls()
    names = set(filled)
    explained = {"no name": len(rows) - len(filled), "the same name again": len(filled) - len(names)}
    explained = {reason: count for reason, count in explained.items() if count}
    notes.lists.append(ListAccount("names", "Names", len(rows), len(names), explained))
    return names


def _scores(folder: Path, people: pl.DataFrame, *, latest: date, notes: ReportBuilder) -> pl.DataFrame:
    path = table_called(folder, "scores") if folder.is_dir() else None
    return read_scores(path, people, latest=latest, notes=notes) if path else _no_scores()


def _no_scores() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMAS["scores"])


def _family_links(folder: Path, lists: Mapping[str, pl.DataFrame], notes: ReportBuilder) -> pl.DataFrame | None:
    if folder.is_dir() and (path := table_called(folder, "families")):
        links = usable_links(read_named_table(path, ("child_id", "family_id"), notes), notes)
        return families_of(links, notes, printable(path.name))
    if "ssd_family" in lists:
        return families_of(lists["ssd_family"], notes, "ssd_family")
    sentence = "no table of families; each child is a family of one, so siblings may be learned from and tested on"
    notes.problem("families", f"{sentence}: results may look better than they are; add families.csv")
    return None


def _with_families(people: pl.DataFrame, links: pl.DataFrame | None, notes: ReportBuilder) -> pl.DataFrame:
    if links is None:
        return people.with_columns(family_id=pl.lit(None, pl.String))
    people = people.join(links, on="child_id", how="left")
    if alone := people["family_id"].null_count():
        notes.problem("families", f"{number(alone, 'child', 'children')} in no family; each taken as a family of one")
    return people


def _hashed(frame: pl.DataFrame, secret: bytes, name: str) -> pl.DataFrame:
    hashed = pseudonyms(frame["child_id"], secret=secret, kind="child")
    if name == "children":
        family = pseudonyms(frame["family_id"], secret=secret, kind="family")
        frame = frame.with_columns(family_id=pl.select(pl.coalesce(family, hashed)).to_series())
    frame = frame.with_columns(child_id=hashed).select(list(SCHEMAS[name])).sort(list(SCHEMAS[name]), nulls_last=True)
    check_columns(frame, name)
    return frame


def _report(
    tables: CheckedTables, metadata: ExtractMetadata, definitions: Definitions, period: str, notes: ReportBuilder
) -> ExtractReport:
    counts = {"children": len(tables.children)}
    if tables.families_known:
        counts["families"] = tables.children["family_id"].n_unique()
    counts |= _tally(tables.events["event"], "{} events")
    counts |= _tally(tables.supplied_counts["count_name"], "supplied counts: {}")
    counts |= _tally(tables.documents["kind"], "documents: {}")
    if not tables.scores.is_empty():
        counts |= {"scores": len(tables.scores), "versions of the tool": tables.scores["version"].n_unique()}
    for kind in KINDS:
        removed = int(tables.documents["text"].str.count_matches(f"[{kind}]", literal=True).sum())
        if removed:
            counts[f"removed from text: {kind}"] = removed
    return ExtractReport(
        name=metadata.name,
        source=definitions.name,
        versions=versions(),
        extracts=tuple(notes.extracts),
        lists=tuple(notes.lists),
        columns=tuple(notes.columns),
        problems=tuple(notes.problems),
        contradictions=dict(notes.contradictions),
        ignored=tuple(notes.ignored),
        not_understood=tuple(notes.not_understood),
        period=period,
        counts=counts,
    )


def _tally(values: pl.Series, label: str) -> dict[str, int]:
    counts = values.value_counts().sort(values.name)
    return {label.format(str(name).replace("_", " ")): count for name, count in counts.iter_rows()}
