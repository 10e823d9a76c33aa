"""What the lists, tables and codes of an extract are called: versioned data files, read once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from analysis.text.redact import rules as redaction_rules


@dataclass(frozen=True)
class Column:
    """One column of a list: its official heading, what it holds and other headings seen for it."""

    field: str
    heading: str
    kind: str  # identifier, date, birth, code, count, name, words or unused
    codes: str = ""
    also: tuple[str, ...] = ()
    pattern: str = ""
    why: str = ""
    optional: bool = False  # only some versions of the list have it
    meanings: Mapping[str, str] = field(default_factory=dict)  # code, in bare words, -> value: said by an authority
    words: str = ""  # the field that says in words what this code says, for where the code is blank or unknown


@dataclass(frozen=True)
class EventRule:
    """An event that a row records: on which date, with which code and outcome, under which condition."""

    event: str
    date: str
    code: str = ""
    outcome: str = ""
    same: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    unless: Mapping[str, str | Sequence[str]] = field(default_factory=dict)  # one value or several
    with_any: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One list or table of a source: how it is recognised and what its rows say."""

    name: str
    title: str
    columns: Mapping[str, Column]
    record: tuple[str, ...]
    events: tuple[EventRule, ...]
    counts: Mapping[str, Mapping[str, str]]
    sheets: tuple[str, ...] = ()
    prefix: str = ""
    families: bool = False
    about_adults: bool = False
    latest_period_only: bool = False
    placeholders: tuple[str, ...] = ()  # written where nothing has happened yet
    not_children: str = ""  # a pattern of identifiers that are not children's
    left_out: Mapping[str, str] = field(default_factory=dict)  # field, value and reason of rows that are not ours

    @property
    def dates(self) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if column.kind == "date")


@dataclass(frozen=True)
class Definitions:
    """Everything known of one source: its name, the version of its headings and its tables."""

    name: str
    version: str
    tables: Mapping[str, Table]
    not_needed: tuple[str, ...] = ()  # names of further tables of the source, which are recognised and not read


def words(text: str) -> str:
    """A heading or a code as its bare words: lower case, no punctuation, single spaces.

    Examples
    --------
    >>> words(" Child’s Category of Need ")
    "child's category of need"
    >>> words("a) 1A: Individual")
    'a 1a individual'
    """
    text = text.replace("’", "'").replace("‘", "'").replace("`", "'").lower()
    return re.sub(r"[^\w']+|_", " ", text).replace(" '", " ").replace("' ", " ").strip("' ")


@cache
def annex_a() -> Definitions:
    """The lists that Ofsted asks for before an inspection."""
    return _source("Annex A", "annex_a.yml")


@cache
def standard_safeguarding_dataset() -> Definitions:
    """The tables of the Standard Safeguarding Dataset that are read."""
    return _source("Standard Safeguarding Dataset", "standard_safeguarding_dataset.yml")


@cache
def statutory_returns() -> Definitions:
    """The children in need census and SSDA903, which are read beside each other."""
    census, looked_after = _source("census", "cin_census.yml"), _source("903", "ssda903.yml")
    return Definitions(
        name="Children in need census and SSDA903",
        version=f"{census.version}; {looked_after.version}",
        tables=MappingProxyType({**census.tables, **looked_after.tables}),
    )


@cache
def census_elements() -> frozenset[str]:
    """The elements of the census that are not read, in lower case."""
    return frozenset(name.lower() for name in _load("cin_census.yml")["elements"])


@cache
def code_forms(code_set: str) -> Mapping[str, str]:
    """Every accepted way (in bare words) of writing the values of a code set, with what each becomes."""
    official, synonyms = _load("codes.yml")["sets"][code_set], _load("synonyms.yml")["sets"].get(code_set, {})
    forms: dict[str, set[str]] = {}
    for value, labels in official.items():
        for form in {words(value), *(form for label in labels for form in _forms(label))}:
            forms.setdefault(form, set()).add(value)
    unique = {form: values.pop() for form, values in forms.items() if len(values) == 1}
    for value, variants in synonyms.items():
        unique |= {words(str(variant)): value for variant in variants}
    return MappingProxyType(unique)


@cache
def accepted_values(code_set: str) -> tuple[str, ...]:
    """The official ways to write a code set's values, for messages."""
    return tuple(labels[0] for labels in _load("codes.yml")["sets"][code_set].values())


@cache
def events_from_reasons() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Events that follow from why a period ended: by event and kind of end, the codes of the reason."""
    return _load("codes.yml")["from_reasons"]


def versions() -> dict[str, str]:
    """The version of each data file, for the report."""
    names = (
        "annex_a.yml",
        "standard_safeguarding_dataset.yml",
        "cin_census.yml",
        "ssda903.yml",
        "codes.yml",
        "synonyms.yml",
    )
    return {name: str(_load(name)["version"]) for name in names} | {"redaction.yml": str(redaction_rules()["version"])}


@cache
def _load(name: str) -> dict:
    return yaml.safe_load(files("analysis.extract").joinpath("data", name).read_text(encoding="utf-8"))


def _forms(label: str) -> set[str]:
    # "a) 1A: Individual" -> with and without its letter, its code and its words.
    matched = re.fullmatch(r"(?:(\w\d?)\) ?)?(?:([A-Z]{1,4}\d{0,2}[A-Z]?|\d{1,2}[A-F]?)(?:: ?| - |$))?(.*)", label)
    letter, code, text = matched.groups(default="") if matched else ("", "", label)
    bodies = {f"{code} {text}", code, text} - {""}
    forms = bodies | {f"{letter} {body}" for body in bodies} | ({letter} if not code else set())
    return {words(form) for form in forms} - {""}


def _source(name: str, file: str) -> Definitions:
    values = _load(file)
    shared = values.get("every_table", {})
    tables = {key: _table(key, shared | table) for key, table in values["tables"].items()}
    return Definitions(name, str(values["version"]), MappingProxyType(tables), tuple(values.get("not_needed", ())))


def _table(name: str, values: dict) -> Table:
    columns = {
        key: Column(key, **{k: tuple(v) if isinstance(v, list) else v for k, v in column.items()})
        for key, column in values["columns"].items()
    }
    events = [{k: tuple(v) if isinstance(v, list) else v for k, v in e.items()} for e in values.get("events", ())]
    return Table(
        name=name,
        title=values["title"],
        columns=MappingProxyType(columns),
        record=tuple(values["record"]),
        events=tuple(EventRule(**event) for event in events),
        counts=values.get("counts", {}),
        sheets=tuple(values.get("sheets", ())),
        prefix=values.get("prefix", ""),
        families=values.get("families", False),
        about_adults=values.get("about_adults", False),
        latest_period_only=values.get("latest_period_only", False),
        placeholders=tuple(str(value) for value in values.get("placeholders", ())),
        not_children=values.get("not_children", ""),
        left_out=values.get("left_out", {}),
    )
