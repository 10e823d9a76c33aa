"""Rows in are rows kept and rows explained, for every source, whatever an office has done to its tables."""

import csv
import io
import re
import shutil
from datetime import date, timedelta

from extract_worlds import a_list, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns_by_hand import census, child, details, write, write_903

from analysis.errors import TableError
from analysis.extract.network_tables import COLUMNS, read_network_tables
from analysis.network.engine import connect
from analysis.protocol import load_protocol
from data_synthetic.network.write import TYPES_FILE

DAY = date(2018, 1, 2)
ANYTHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
CHILDREN = st.sampled_from(["A1", "A2", "700,103", "0004", "1.2E+11", "", " ", "Total", "Report run on:", "N/A"])
DAYS = st.one_of(st.integers(0, 400).map(lambda days: f"{DAY + timedelta(days):%d/%m/%Y}"),
                 st.sampled_from(["", "soon", "31/02/2018", "43102"]))  # fmt: skip
TEAMS = st.sampled_from(["Team", '"Team', 'Te"am', 'Team"', 'The ""Team', "", "North East"])
ROWS = st.lists(st.tuples(CHILDREN, DAYS, TEAMS), max_size=8)
SEPARATOR = st.sampled_from([",", ";", "\t", "|"])
DATES = {"list_1": "contact_date", "list_3": "referral_date", "list_4": "start_date"}


def lines_of(name: str, rows, separator: str) -> list[str]:
    """Lines as a careless program writes them: cells joined, nothing quoted, a separator in a cell left out."""
    made = a_list(name, *({"child_id": child, DATES[name]: day, "team": team} for child, day, team in rows))
    return [separator.join(str(cell).replace(separator, " ") for cell in row) for row in made]


def balanced(folder):
    """The account of each list, or None where nothing could be read (said in words)."""
    try:
        report = read(folder)[1]
    except TableError as error:
        assert error.problems
        return None
    assert all(entry.balances for entry in report.lists)
    return report


def save(folder, name: str, text: str, encoding: str = "utf-8") -> None:
    (folder / "annex_a").mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode(encoding))


@ANYTHING
@given(rows=ROWS, separator=SEPARATOR, name=st.sampled_from(list(DATES)), encoding=st.sampled_from(["utf-8", "utf-16"]))
def test_of_a_csv_with_stray_marks_and_blank_identifiers(tmp_path, rows, separator, name, encoding):
    good = ("A9", "02/01/2018", "Team")
    save(tmp_path, "annex_a/x.csv", "\n".join(lines_of(name, [good, *rows, good], separator)), encoding)
    report = balanced(tmp_path)
    assert report is not None and sum(entry.rows_read for entry in report.lists) == len(rows) + 2


@ANYTHING
@given(upper=ROWS, lower=ROWS, separator=SEPARATOR, blank=st.integers(0, 2))
def test_of_two_tables_in_one(tmp_path, upper, lower, separator, blank):
    good = ("A9", "02/01/2018", "Team")
    one = lines_of("list_1", [good, *upper], separator)
    two = lines_of("list_3", [good, *lower], separator)
    save(tmp_path, "annex_a/x.csv", "\n".join([*one, *[separator * 3] * blank, *two]))
    report = balanced(tmp_path)
    read_rows = {entry.title[:6]: entry.rows_read for entry in report.lists}
    assert read_rows == {"List 1": len(upper) + 1 + blank, "List 3": len(lower) + 1}


KINDS = st.sampled_from(["assessment", "referral", "other", ""])
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40)


@ANYTHING
@given(texts=st.lists(st.tuples(CHILDREN, DAYS, KINDS, WORDS), max_size=8), separator=SEPARATOR)
def test_of_documents(tmp_path, texts, separator):
    save(tmp_path, "annex_a/x.csv", "\n".join(lines_of("list_1", [("A1", "02/01/2018", "")], ",")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([("child_id", "date", "kind", "text"), *texts])
    save(tmp_path, "documents.csv", out.getvalue())
    report = balanced(tmp_path)
    (account,) = [entry for entry in report.lists if entry.title == "Documents"]
    assert account.rows_read == len(texts)


@ANYTHING
@given(links=st.lists(st.tuples(CHILDREN, st.sampled_from(["F1", "F2", "", "n/a"])), max_size=8), separator=SEPARATOR)
def test_of_families(tmp_path, links, separator):
    save(tmp_path, "annex_a/x.csv", "\n".join(lines_of("list_1", [("A1", "02/01/2018", "")], ",")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([("child_id", "family_id"), *links])
    save(tmp_path, "families.csv", out.getvalue())
    (account,) = [entry for entry in balanced(tmp_path).lists if entry.title == "Families"]
    assert account.rows_read == len(links)


@ANYTHING
@given(
    names=st.lists(st.sampled_from(["Ann", "ann", "Béla", "", " ", "O'Dell", "N/A"]), max_size=8), separator=SEPARATOR
)
def test_of_names(tmp_path, names, separator):
    save(tmp_path, "annex_a/x.csv", "\n".join(lines_of("list_1", [("A1", "02/01/2018", "")], ",")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([("child_id", "name"), *(("A1", name) for name in names)])
    save(tmp_path, "names.csv", out.getvalue())
    (account,) = [entry for entry in balanced(tmp_path).lists if entry.title == "Names"]
    assert account.rows_read == len(names)
    assert account.rows_kept == len({name.strip() for name in names} - {"", "N/A"})


@ANYTHING
@given(rows=st.lists(st.tuples(CHILDREN, DAYS, st.sampled_from(["1A", "5D", "", "police", "??"])), max_size=8))
def test_of_a_table_of_the_safeguarding_dataset(tmp_path, rows):
    (tmp_path / "ssd").mkdir(exist_ok=True)
    out = io.StringIO(newline="")
    good = ("A9", "02/01/2018", "1A")
    heading = ("cine_person_id", "cine_referral_date", "cine_referral_source_code")
    csv.writer(out).writerows([heading, good, *rows])
    (tmp_path / "ssd" / "ssd_cin_episodes.csv").write_text(out.getvalue(), encoding="utf-8")
    report = balanced(tmp_path)
    assert report is not None and sum(entry.rows_read for entry in report.lists) == len(rows) + 1


ISO = st.sampled_from(["2017-05-01", "2017-05-02", "1900-01-01", "2017-02-31", "", "soon"])
ELEMENTS = {"Assessments": "AssessmentAuthorisationDate", "Section47": "S47ActualStartDate",
            "ChildProtectionPlans": "CPPstartDate"}  # fmt: skip
PARTS = st.lists(st.tuples(st.sampled_from(list(ELEMENTS)), ISO), max_size=3)


@ANYTHING
@given(children=st.lists(st.tuples(st.sampled_from(["7", "8", "", " "]), ISO, PARTS), max_size=4))
def test_of_a_census(tmp_path, children):
    """Rows of the account are the elements of each kind, counted in the text."""
    made = [
        child(one, details(day, *(f"<{kind}><{ELEMENTS[kind]}>{on}</{ELEMENTS[kind]}></{kind}>" for kind, on in parts)))
        for one, day, parts in [("9", "2017-06-01", []), *children]
    ]
    text = census(*made)
    write(tmp_path / "cin_census" / "a.xml", text)
    report = balanced(tmp_path)
    kinds = {"<Child>": "hild", "<CINdetails>": "eferral"}
    assert report is not None
    read_rows = [entry.rows_read for entry in report.lists]
    for element in ("Child", "CINdetails", *ELEMENTS):
        assert text.count(f"<{element}>") in read_rows or not text.count(f"<{element}>"), (kinds, report.lists)


@ANYTHING
@given(episodes=st.lists(st.tuples(CHILDREN.filter(lambda one: "," not in one), DAYS, DAYS), max_size=8))
def test_of_the_return_on_children_looked_after(tmp_path, episodes):
    lines = ["9,01/05/2017,S,01/06/2017,E8", *(f"{one},{begin},S,{end},E8" for one, begin, end in episodes)]
    write_903(tmp_path, "2017", *lines)
    report = balanced(tmp_path)
    read_rows = {entry.title: entry.rows_read for entry in report.lists}
    children = len({line.split(",")[0] for line in lines})
    assert sorted(read_rows.values()) == sorted([len(lines), children])


PERSONS = st.sampled_from(["a1", "a2", "zz", "", " "])
HAPPENED = st.sampled_from(["notification", "substantiated_finding", "referral", "other", ""])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(PERSONS, HAPPENED, ISO), max_size=5))
def test_of_network_tables_every_row_is_kept_or_the_table_is_refused_with_how_many(tmp_path, rows):
    """No row of these is left out: a table with one that cannot be read is refused, and its rows counted."""
    shutil.copy(TYPES_FILE, tmp_path)
    people = [("a1", "2000-02-01", "female", "Pacific"), ("a2", "2002-03-04", "male", "Pacific")]
    links = [("a1", "a2", "sibling of", "2008-01-01")]
    events = [("a1", "notification", "2007-05-01"), ("a1", "substantiated_finding", "2007-06-01"),
              ("a2", "referral", "2010-01-01"), *rows]  # fmt: skip
    for name, cells in (("people", people), ("relationships", links), ("events", events)):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([COLUMNS[name], *cells])
    bad = [row for row in rows if row[0].strip() not in ("a1", "a2") or not row[1] or row[2] not in GOOD_DAYS]
    try:
        tables = read_network_tables(tmp_path, connect(), load_protocol().networks)
    except TableError as error:
        assert bad and any(re.search(r"\d+ (of|rows)", problem) for problem in error.problems)
    else:
        assert not bad and tables.events.count().to_pyarrow().as_py() == len(events)


GOOD_DAYS = ("2017-05-01", "2017-05-02", "1900-01-01")
