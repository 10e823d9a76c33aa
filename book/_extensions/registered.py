"""Print the protocol and the data schema from the code that enforces them, so that no page can contradict it.

``{registered}`splits.folds` `` shows one value, ``{registered}`comparison.alpha%` `` one as a percentage;
the directives `registered-values`, `registered-predictions`, `fixed-numbers`, `checked-tables`, `events` and
`released-tables` each print a table.
"""

import re
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.nodes import nested_parse_with_titles

# The book is built from the top of the repository, whose packages are not installed.
ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))

from analysis import schemas  # noqa: E402
from analysis.disclosure import TableSpecification  # noqa: E402
from analysis.disclosure.catalogue import PAGE_TABLES  # noqa: E402
from analysis.escape import as_myst  # noqa: E402
from analysis.protocol import Protocol, load_protocol  # noqa: E402
from analysis.protocol.in_code import fixed_numbers  # noqa: E402
from analysis.protocol.read import protocol_hash  # noqa: E402
from analysis.schemas import SCHEMAS  # noqa: E402
from analysis.study.evidence_files import check_conformance  # noqa: E402
from analysis.study.paths import Paths  # noqa: E402
from analysis.study.settings import read_settings  # noqa: E402

DATE_LIKE = 10_000_000  # seeds are days written as numbers, and are left so
TYPES = {"String": "text", "Date": "date", "Int64": "whole number", "Float64": "number"}
COLUMN_MEANINGS = {
    "child_id": "pseudonym of the child",
    "family_id": "pseudonym of the family; the child's own where no families table was supplied",
    "birth_month": "first day of the month of birth, or of the month expected",
    "gender": "one of " + ", ".join(schemas.GENDERS),
    "ethnicity": "national code",
    "ethnicity_group": "one of " + ", ".join(schemas.ETHNICITY_GROUPS),
    "disability": "one of " + ", ".join(schemas.DISABILITIES),
    "event": "what happened: see below",
    "date": "day it happened, or was recorded",
    "code": "a detail, depending on the event",
    "outcome": "how it ended, where it has an ending",
    "count_name": "which count the authority supplied",
    "value": "the count, as supplied",
    "kind": "one of " + ", ".join(schemas.DOCUMENT_KINDS),
    "text": "the words, redacted",
    "score": "what a tool said of the child, in its own range",
    "version": "version of the tool, or not stated",
}


def value_at(protocol: dict, address: str) -> object:
    """The value at a dotted address of the protocol.

    Raises
    ------
    KeyError
        If there is none.

    Examples
    --------
    >>> value_at({"splits": {"folds": 5}}, "splits.folds")
    5
    """
    value = protocol
    for key in address.split("."):
        value = value[key]
    return value


def in_words(value: object) -> str:
    """A registered value as a reader sees it.

    Examples
    --------
    >>> in_words(["logistic_regression", "xgboost"]), in_words(1000), in_words(20261122), in_words({"months": 12})
    ('logistic regression, xgboost', '1,000', '20261122', 'months: 12')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{in_words(key)}: {in_words(part)}" for key, part in value.items() if part is not None)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(part) for part in value) or "none"
    if isinstance(value, int):
        return f"{value:,}" if value < DATE_LIKE else str(value)
    return str(value).replace("_", " ")


def leaves(protocol: dict) -> Iterator[tuple[str, object, str]]:
    """Each section's values as (address, value, source), without predictions, amendments and notes on sources."""
    for section, values in protocol.items():
        if section in ("predictions", "amendments"):
            continue
        if not isinstance(values, dict):
            yield section, values, ""
            continue
        for key, value in values.items():
            if key != "source":
                yield f"{section}.{key}", value, in_words(values.get("source", ""))


class RegisteredRole(SphinxRole):
    """One registered value, in the text; with a % after its address as a percentage."""

    def run(self):
        address = self.text.removesuffix("%")
        try:
            value = value_at(_protocol(self.env.app), address)
            text = in_words(value) if address == self.text else f"{100 * value:g}%"
        except (KeyError, TypeError):
            message = self.inliner.reporter.error(f"the protocol has no value at {self.text!r}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        self.env.note_dependency(_path(self.env.app))
        return [nodes.inline(self.rawtext, text, classes=["registered"])], []


class Printed(SphinxDirective):
    """A directive whose content is MyST written by `markdown`."""

    def run(self):
        self.env.note_dependency(_path(self.env.app))
        container = nodes.Element()
        nested_parse_with_titles(self.state, StringList(self.markdown().splitlines(), source="protocol"), container)
        return container.children

    def markdown(self) -> str:
        raise NotImplementedError


class RegisteredValues(Printed):
    def markdown(self) -> str:
        protocol, departures = _protocol(self.env.app), _departures(self.env.app)
        rows, before = [], ""
        for key, value, source in leaves(protocol):
            if key in departures:
                value, source = departures[key]
            rows.append((_address(key), in_words(value), "as above" if source and source == before else source))
            before = source
        digest = protocol_hash(Protocol.model_validate(protocol))
        table = _table("Registered values", ("Value", "Registered as", "Source"), rows, widths="34 36 30")
        added = [
            (str(one["version"]), str(one["when"]), _address(one["address"]), as_myst(one["why"]))
            for one in protocol.get("amendments", ())
        ]
        if added:
            headings = ("Version", "When", "Value", "Why")
            table += f"\n\n{_table('Added after the first registration', headings, added, widths='12 16 26 46')}"
        return f"{table}\n\nFingerprint of the protocol: `{digest[:16]}`, registered {protocol['registered']}."


class FixedNumbers(Printed):
    def markdown(self) -> str:
        rows = [
            (
                _address(one.name.lower()),
                ", ".join(f"{value:,g}" if value < 1 else f"{value:,}" for value in one.value),
                as_myst(one.meaning),
                as_myst(one.source),
                f"`{one.file}`",
            )
            for one in fixed_numbers()
            if one.source
        ]
        headings = ("Number", "Value", "What it is", "Source", "File")
        return _table("Numbers that stand in the code", headings, rows, widths="18 14 36 12 20")


class RegisteredPredictions(Printed):
    def markdown(self) -> str:
        predictions = load_protocol(_path(self.env.app)).predictions
        rows = [(name, p.authority, as_myst(p.question), as_myst(p.source)) for name, p in predictions.items()]
        headings = ("Prediction", "Authority", "Question", "Source")
        return _table("The predictions", headings, rows, widths="12 12 46 30")


class CheckedTableList(Printed):
    def markdown(self) -> str:
        rows = [
            (f"`{table}`", f"`{column}`", TYPES[str(kind)], COLUMN_MEANINGS[column])
            for table, columns in SCHEMAS.items()
            for column, kind in columns.items()
        ]
        return _table(
            "Columns of the checked tables", ("Table", "Column", "Type", "Meaning"), rows, widths="20 20 12 48"
        )


class Events(Printed):
    def markdown(self) -> str:
        """The table in the docstring of `analysis.schemas`, read by the columns of its first rule."""
        lines = schemas.__doc__.splitlines()
        rules = [number for number, line in enumerate(lines) if line.startswith("===")]
        starts = [rule.start() for rule in re.finditer("=+", lines[rules[0]])]
        spans = list(zip(starts, [*starts[1:], None], strict=True))
        cells = [
            [line[start:end].replace("(`SOURCES`)", "").strip() for start, end in spans]
            for line in lines[rules[1] + 1 : rules[2]]
        ]
        rows = [(f"`{event}`", *("" if cell == "null" else cell for cell in others)) for event, *others in cells]
        return _table("Events", ("Event", "Code", "Outcome"), rows, widths="34 36 30")


class ReleasedTableList(Printed):
    def markdown(self) -> str:
        return "\n\n".join(_released_table(table) for table in PAGE_TABLES.values())


def _released_table(table: TableSpecification) -> str:
    """The columns of a released table, folded under its title."""
    rows = [(f"`{c.name}`", c.role, c.meaning, ", ".join(f"`{of}`" for of in c.of)) for c in table.columns]
    headings = ("Column", "Role", "Meaning", "Rests on")
    columns = _table(f"`{table.name}`: one row is {table.row}", headings, rows, widths="26 12 40 22")
    summary = f"<summary>{escape(table.title)} <span>{len(rows)} columns</span></summary>"
    opened = f'<details class="folded-columns" id="table-{table.name.replace("_", "-")}">{summary}'
    return f"```{{raw}} html\n{opened}\n```\n\n{columns}\n\n```{{raw}} html\n</details>\n```"


def _departures(app: Sphinx) -> dict[str, tuple[object, str]]:
    """What was registered of each value that is executed otherwise, and since when and why it is, by its address."""
    build = Path(app.srcdir).parent
    of_a_run = Paths(build).settings.is_file()
    found = read_settings(build).conformance if of_a_run else check_conformance(load_protocol(_path(app)))
    departures = {}
    for one in found.differences:
        said = f"executed as {in_words(one.executed)}"
        if reason := found.reasons.get(one.address):
            said += f" since {reason.when}: {reason.why}"
        departures[one.address] = (one.registered, as_myst(said))
    return departures


def _table(caption: str, headings: tuple, rows: list[tuple], *, widths: str) -> str:
    lines = [f":::{{list-table}} {caption}", ":header-rows: 1", f":widths: {widths}", ":class: prose", ""]
    for row in (headings, *rows):
        lines += [f"{'*' if number == 0 else ' '} - {cell}" for number, cell in enumerate(row)]
    return "\n".join([*lines, ":::"])


def _address(key: str) -> str:
    """An address such as "splits.test_share" as words."""
    return key.replace("_", " ").replace(".", ": ")


def _path(app: Sphinx) -> str:
    """The protocol that the run left beside the book's source, or the one in the repository."""
    of_the_run = Path(app.srcdir).parent / "protocol.json"
    return str(of_the_run if of_the_run.is_file() else ROOT / "protocol.yml")


def _protocol(app: Sphinx) -> dict:
    return yaml.safe_load(Path(_path(app)).read_text(encoding="utf-8"))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("registered", RegisteredRole())
    app.add_directive("registered-values", RegisteredValues)
    app.add_directive("registered-predictions", RegisteredPredictions)
    app.add_directive("fixed-numbers", FixedNumbers)
    app.add_directive("checked-tables", CheckedTableList)
    app.add_directive("events", Events)
    app.add_directive("released-tables", ReleasedTableList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
