"""The Standard Safeguarding Dataset and Annex A of the same authority tell the same story."""

import polars as pl
import pytest
from extract_worlds import SECRET, TODAY

from analysis.cohort import find_cases
from analysis.extract import read_extract
from analysis.protocol import load_protocol
from data_synthetic.england import synthesise

PROTOCOL = load_protocol()
PERIODS = ("need", "plan", "care")
OF_PERIODS = {f"{kind}_{edge}": kind for kind in PERIODS for edge in ("start", "end")}
OF_PERIODS |= dict.fromkeys(("legal_status", "placement_start", "adopted"), "care")
OF_PERIODS |= dict.fromkeys(("residence_order", "special_guardianship_order"), "need")
BETWEEN_EXTRACTS = "6mo14d"  # LA2's extracts are six months long and repeat a fortnight


@pytest.fixture(scope="module", params=["LA1", "LA2"])
def both(request, tmp_path_factory):
    """The two forms of one authority: LA1 in one long extract, LA2 in one for every six months."""
    found = []
    for form in ("annex_a", "ssd"):
        folder = tmp_path_factory.mktemp(form)
        synthesise(folder, protocol=PROTOCOL, authorities=[request.param], scale=0.05, form=form)
        found.append(read_extract(folder / request.param, secret=SECRET, study=None, today=TODAY))
    return request.param, *found


def test_a_ruled_line_under_the_headings_is_a_blank_row(tmp_path):
    """As the database's own tools write it."""
    lines = ["cine_person_id,cine_referral_date,cine_referral_source_code", "--------,----------,---", "7,02/01/2018,6"]
    (tmp_path / "ssd").mkdir()
    (tmp_path / "ssd" / "ssd_cin_episodes.csv").write_text("\n".join(lines))
    _, report = read_extract(tmp_path, secret=SECRET, study=None, today=TODAY)
    (account,) = report.lists
    assert account.rows_read == 2 and account.explained == {"blank": 1}
    assert not any("not a date" in str(problem) for problem in report.problems)


def test_both_give_the_same_children_families_and_documents(both):
    _, (annex_a, _), (ssd, _) = both
    columns = ["child_id", "family_id", "birth_month", "gender", "ethnicity"]
    assert annex_a.children.select(columns).equals(ssd.children.select(columns))
    assert annex_a.documents.equals(ssd.documents)


def test_both_give_the_same_events_but_for_what_annex_a_cannot_hold(both):
    authority, (annex_a, _), (ssd, _) = both
    only_ssd, only_annex_a = _apart(ssd, annex_a), _apart(annex_a, ssd)
    if authority == "LA1":
        assert only_ssd.is_empty() and only_annex_a.is_empty()
        return
    # Lists 6 to 8 show a child's latest period. What one that ended before an extract, in which a later one is shown,
    # says of itself is lost: its end, and its start too if it also began after the extract before.
    assert set(only_ssd["event"]) <= set(OF_PERIODS)
    followed = only_ssd.join(_starts(ssd), on=["child_id", "kind"], suffix="_of_next").filter(
        pl.col("date_of_next").is_between("date", pl.col("date").dt.offset_by(BETWEEN_EXTRACTS))
    )
    unexplained = only_ssd.join(followed, on=list(only_ssd.columns), how="anti")
    # The generator ends what a young person of 18 is still given on the birthday, so before it began: not in Annex A.
    assert (
        unexplained.join(_starts(ssd), on=["child_id", "kind"], suffix="_of_start")
        .filter(pl.col("event").str.ends_with("_end"), pl.col("date_of_start") > pl.col("date"))
        .n_unique(["child_id", "event", "date"])
        == len(unexplained)
        < 3
    )
    # An end that no extract told is put on the day on which the next period begins.
    assert set(only_annex_a["event"]) <= {f"{kind}_end" for kind in PERIODS}
    nexts = _starts(ssd).select("child_id", "kind", "date")
    assert only_annex_a.join(nexts, on=["child_id", "kind", "date"], how="anti").is_empty()


def test_both_give_the_same_cases_and_outcomes(both):
    """Of every child of whom both hold the same events; of the others, too, in LA1, where there are none."""
    authority, (annex_a, _), (ssd, _) = both
    told_apart = pl.concat([_apart(ssd, annex_a), _apart(annex_a, ssd)])["child_id"].unique()
    assert len(told_apart) < 0.1 * len(ssd.children)
    for prediction in PROTOCOL.predictions.values():
        cases = [
            find_cases(tables, prediction, PROTOCOL.study)
            .cases.filter(~pl.col("child_id").is_in(told_apart.implode()))
            .drop("case_id")
            for tables in (annex_a, ssd)
        ]
        assert cases[0].height > 0 or prediction.authority != authority
        assert cases[0].equals(cases[1])


def _apart(tables, others) -> pl.DataFrame:
    """child_id, event, date and kind of period of the events that the other form does not hold."""
    events = tables.events.join(others.events, on=["child_id", "event", "date"], how="anti")
    return events.select("child_id", "event", "date", kind=_kind())


def _starts(tables) -> pl.DataFrame:
    starts = tables.events.filter(pl.col("event").is_in([f"{kind}_start" for kind in PERIODS]))
    return starts.select("child_id", "date", kind=_kind())


def _kind() -> pl.Expr:
    """The kind of period an event tells of: need, plan or care."""
    return pl.col("event").replace_strict(OF_PERIODS, default=None)


def test_no_count_is_supplied_and_the_report_says_what_was_read(both):
    _, _, (ssd, report) = both
    assert ssd.supplied_counts.is_empty() and report.source == "Standard Safeguarding Dataset"
    assert all(entry.balances for entry in report.lists)
