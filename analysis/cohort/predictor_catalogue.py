"""The structured predictors, one by one: name, group, one line of meaning, and the expression that computes it."""

from dataclasses import dataclass, field

import polars as pl

from analysis.cohort.records import NEED_GROUPS, RECORDS, SOURCE_GROUPS
from analysis.schemas import ETHNICITY_GROUPS, NEVER_DAYS, PERIODS, SUPPLIED_COUNTS

DAYS_PER_YEAR = 365.25  # of the Julian calendar


@dataclass(frozen=True)
class Predictor:
    """A structured predictor.

    Attributes
    ----------
    name, group, meaning : str
        Column name, heading under which it is listed, and one line on what it says.
    value : polars.Expr
        Over the case's own row (groups "child", "calendar", "open now", "supplied counts") or an aggregate over the
        earlier records joined to the case (all others).
    """

    name: str
    group: str
    meaning: str
    value: pl.Expr = field(repr=False, compare=False)


# ---------------------------------------------------------------------------------------------------------
# Aggregates over the records joined to a case: columns event, code, outcome, date, index_date, months_3, months_12
_LAST_3 = pl.col("date") >= pl.col("months_3")
_LAST_12 = pl.col("date") >= pl.col("months_12")
_DAYS_AGO = (pl.col("index_date") - pl.col("date")).dt.total_days()


def _count(which: pl.Expr) -> pl.Expr:
    return which.fill_null(False).sum()


def _days_since_last(which: pl.Expr) -> pl.Expr:
    return _DAYS_AGO.filter(which.fill_null(False)).min().fill_null(NEVER_DAYS).clip(upper_bound=NEVER_DAYS)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _history() -> list[Predictor]:
    found = []
    for plural, (singular, which) in RECORDS.items():
        many, one = _words(plural), _words(singular)
        found += [
            Predictor(f"previous_{plural}", "history", f"{many} before the index date", _count(which)),
            Predictor(
                f"{plural}_last_12_months", "history", f"{many} in the 12 months before", _count(which & _LAST_12)
            ),
            Predictor(f"{plural}_last_3_months", "history", f"{many} in the 3 months before", _count(which & _LAST_3)),
            Predictor(
                f"days_since_last_{singular}",
                "history",
                f"days since the last {one} before the index date ({NEVER_DAYS:,}: never, or longer)",
                _days_since_last(which),
            ),
        ]
    return found


def _sources_and_needs() -> list[Predictor]:
    raised = pl.col("event").is_in(["contact", "referral"])
    sources = [
        Predictor(
            f"raised_by_{group}",
            "sources",
            f"earlier contacts and referrals from: {', '.join(codes)}",
            _count(raised & pl.col("code").is_in(codes)),
        )
        for group, codes in SOURCE_GROUPS.items()
    ]
    needs = [
        Predictor(
            f"need_{group}",
            "needs",
            f"earlier periods of need for {_words(group)} ({', '.join(codes)})",
            _count((pl.col("event") == "need_start") & pl.col("code").is_in(codes)),
        )
        for group, codes in NEED_GROUPS.items()
    ]
    return sources + needs


def _known() -> list[Predictor]:
    known = _DAYS_AGO.max().fill_null(0).clip(upper_bound=NEVER_DAYS)
    return [
        Predictor(
            "days_known",
            "history",
            f"days since the first record of the child (0: none; at most {NEVER_DAYS:,})",
            known,
        ),
        Predictor(
            "days_since_last_record",
            "history",
            "days since the last record of any counted kind",
            _days_since_last(pl.lit(True)),
        ),
        Predictor("days_with_records", "history", "days on which anything was recorded", pl.col("date").n_unique()),
    ]


def _siblings() -> list[Predictor]:
    def which(plural):
        return RECORDS[plural][1]

    found = [
        Predictor(
            "siblings_known",
            "siblings",
            "other children of the family with a record before the index date",
            pl.col("sibling_id").n_unique(),
        )
    ]
    for plural in ("contacts", "referrals", "section_47_enquiries", "child_protection_plans", "periods_looked_after"):
        many, one = _words(plural), _words(RECORDS[plural][0])
        found += [
            Predictor(
                f"siblings_{plural}", "siblings", f"siblings' {many} before the index date", _count(which(plural))
            ),
            Predictor(
                f"siblings_{plural}_last_12_months",
                "siblings",
                f"siblings' {many} in the 12 months before",
                _count(which(plural) & _LAST_12),
            ),
        ]
        if plural not in ("contacts", "referrals"):
            name = f"days_since_siblings_last_{RECORDS[plural][0]}"
            meaning = f"days since a sibling's last {one} ({NEVER_DAYS:,}: never, or longer)"
            found.append(Predictor(name, "siblings", meaning, _days_since_last(which(plural))))
    early_help = _count(which("early_help_periods"))
    found.append(
        Predictor("siblings_early_help_periods", "siblings", "siblings' early help periods before", early_help)
    )
    return found


# ---------------------------------------------------------------------------------------------------------
# Values of the case's own row
def _has_turned(years: int) -> pl.Expr:
    return pl.col("index_date") >= pl.col("birth_month").dt.offset_by(f"{years}y")


def _child() -> list[Predictor]:
    age = (pl.col("index_date") - pl.col("birth_month")).dt.total_days() / DAYS_PER_YEAR
    unborn = pl.col("birth_month") > pl.col("index_date")
    found = [
        Predictor(
            "age_years", "child", "age on the index date, from the month of birth (unborn: 0)", age.clip(lower_bound=0)
        ),
        Predictor("age_under_1", "child", "unborn or under one year old", ~_has_turned(1)),
        Predictor("age_16_or_over", "child", "aged 16 or over", _has_turned(16)),
        Predictor("unborn", "child", "month of birth later than the index date", unborn),
        Predictor("age_not_recorded", "child", "month of birth not recorded", pl.col("birth_month").is_null()),
    ]
    found += [
        Predictor(f"gender_{gender}", "child", f"gender recorded as {gender}", pl.col("gender") == gender)
        for gender in ("female", "male")
    ]
    for group in ETHNICITY_GROUPS:
        name = f"ethnicity_{group.lower().replace(' ethnicity', '')}"
        meaning = "ethnicity refused or not obtained" if group == "Missing" else f"ethnicity group {group}"
        found.append(Predictor(name, "child", meaning, pl.col("ethnicity_group") == group))
    for answer in ("yes", "unknown"):
        meaning = "a disability was known of" if answer == "yes" else "nothing on record yet that says whether disabled"
        found.append(Predictor(f"disability_{answer}", "child", meaning, pl.col("disability") == answer))
    return found


def _calendar() -> list[Predictor]:
    seasons = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
    month = pl.col("index_date").dt.month()
    return [
        Predictor(f"index_date_in_{season}", "calendar", f"index date in {season}", month.is_in(months))
        for season, months in seasons.items()
    ]


def _open_now() -> list[Predictor]:
    meanings = {
        "early_help": "early help was open at the close of the day before",
        "need": "a period of need was open at the close of the day before",
        "plan": "a child protection plan was open at the close of the day before",
        "care": "looked after at the close of the day before",
    }
    return [Predictor(f"{period}_open", "open now", meanings[period], pl.col(f"{period}_open")) for period in PERIODS]


def _supplied() -> list[Predictor]:
    return [
        Predictor(
            f"supplied_{name}",
            "supplied counts",
            f"{_words(name)}, as the authority wrote it beside its latest record on or before the index date",
            pl.col(name),
        )
        for name in SUPPLIED_COUNTS
    ]


ROW_PREDICTORS = (*_child(), *_calendar(), *_open_now())
OWN_PREDICTORS = (*_history(), *_known(), *_sources_and_needs())
SIBLING_PREDICTORS = tuple(_siblings())
SUPPLIED_PREDICTORS = tuple(_supplied())
PREDICTORS: tuple[Predictor, ...] = (*ROW_PREDICTORS, *OWN_PREDICTORS, *SIBLING_PREDICTORS, *SUPPLIED_PREDICTORS)
