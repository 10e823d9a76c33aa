"""Rows in are rows kept and rows explained, for every source, whatever an office has done to its tables."""

import csv
import io
from datetime import date, timedelta

from extract_worlds import a_list, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import TableError

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
