"""The checked tables: what every extract becomes, and all that the rest of the analysis may see.

One authority's extract becomes five tables and an observation period. Identifiers are keyed hashes, dates of
birth are cut to the month and text is redacted before a table of this kind exists.

`events` is one long table, so that an index event or an outcome can be declared in the protocol by name.

=========================  ======================================  ==================================
event                      code                                    outcome
=========================  ======================================  ==================================
contact                    source group (`SOURCES`)                null
early_help_start           null                                    null
early_help_end             null                                    null
referral                   source group                            no further action, further action
assessment_start           null                                    null
assessment_authorised      null                                    support, no support
section_47                 null                                    conference, no conference
initial_conference         null                                    plan, no plan
need_start                 primary need (N0 ... N9)                null
need_end                   reason for closure (RC1 ... RC8)        null
plan_start                 initial category of abuse               null
plan_end                   latest category of abuse                null
care_start                 category of need (N1 ... N8)            null
care_end                   reason ceased (E11 ...)                 null
legal_status               legal status (C1, C2, V2 ...)           null
placement_start            placement type (U1 ...)                 null
adopted                    null                                    null
residence_order            null                                    null
special_guardianship_order null                                    null
=========================  ======================================  ==================================

`adopted`, `residence_order` and `special_guardianship_order` are derived by the reader from the reasons a
period of care or need ended (E11, E12, RC1; E41, RC3; E45-E48, RC4) and from adoption orders.
"""

from dataclasses import dataclass, field
from datetime import date

import polars as pl

EVENTS = (
    "contact",
    "early_help_start",
    "early_help_end",
    "referral",
    "assessment_start",
    "assessment_authorised",
    "section_47",
    "initial_conference",
    "need_start",
    "need_end",
    "plan_start",
    "plan_end",
    "care_start",
    "care_end",
    "legal_status",
    "placement_start",
    "adopted",
    "residence_order",
    "special_guardianship_order",
)
PERIODS = {
    "early_help": ("early_help_start", "early_help_end"),
    "need": ("need_start", "need_end"),
    "plan": ("plan_start", "plan_end"),
    "care": ("care_start", "care_end"),
}
SOURCES = (
    "individual",
    "schools",
    "education services",
    "health services",
    "housing",
    "local authority services",
    "police",
    "other legal agency",
    "other",
    "anonymous",
    "unknown",
)
GENDERS = ("female", "male", "neither", "not stated")
DISABILITIES = ("yes", "no", "unknown")
ETHNICITY_GROUPS = {
    "White": ("WBRI", "WIRI", "WIRT", "WOTH", "WROM"),
    "Mixed": ("MWBC", "MWBA", "MWAS", "MOTH"),
    "Asian": ("AIND", "APKN", "ABAN", "AOTH", "CHNE"),
    "Black": ("BCRB", "BAFR", "BOTH"),
    "Other ethnicity": ("OOTH",),
    "Missing": ("REFU", "NOBT"),
}
DOCUMENT_KINDS = (
    "early help contact",
    "referral",
    "assessment",
    "conference report",
    "strategy discussion",
)
SUPPLIED_COUNTS = (
    "referrals_in_last_12_months",
    "section_47_enquiries_in_last_12_months",
    "conferences_in_last_12_months",
    "previous_child_protection_plans",
)

SCHEMAS: dict[str, dict[str, pl.DataType]] = {
    # One row per child. birth_month is the first day of the month of birth (or of the month expected, unborn).
    "children": {
        "child_id": pl.String,
        "family_id": pl.String,  # equal to child_id where no families table was supplied
        "birth_month": pl.Date,  # null where not recorded
        "gender": pl.String,  # one of GENDERS
        "ethnicity": pl.String,  # a code of ETHNICITY_GROUPS
        "ethnicity_group": pl.String,  # a key of ETHNICITY_GROUPS
        "disability": pl.String,  # one of DISABILITIES
    },
    # One row per thing that happened to a child, sorted by child_id, date, event.
    "events": {
        "child_id": pl.String,
        "event": pl.String,  # one of EVENTS
        "date": pl.Date,
        "code": pl.String,
        "outcome": pl.String,
    },
    # One row per supplied backward-looking count: as the authority wrote it beside a record of that date.
    "supplied_counts": {
        "child_id": pl.String,
        "date": pl.Date,
        "count_name": pl.String,  # one of SUPPLIED_COUNTS
        "value": pl.Int64,
    },
    # One row per document, its text redacted.
    "documents": {
        "child_id": pl.String,
        "date": pl.Date,
        "kind": pl.String,  # one of DOCUMENT_KINDS
        "text": pl.String,
    },
    # One row per score that a tool gave to a child.
    "scores": {
        "child_id": pl.String,
        "date": pl.Date,
        "score": pl.Float64,  # in whatever range the tool has; higher means more at risk
        "version": pl.String,  # of the tool, or "not stated"
    },
}


NEVER_DAYS = 3650
"""Days since something that never happened: ten years, after which a longer time says no more (ours)."""


@dataclass(frozen=True)
class CheckedTables:
    """One authority's extract, checked, pseudonymised and redacted.

    Attributes
    ----------
    children, events, supplied_counts, documents, scores : polars.DataFrame
        With the columns of `SCHEMAS`. `documents` and `scores` may have no rows.
    first_date, last_date : datetime.date
        The observation period: an outcome after `last_date` cannot have been seen.
    families_known : bool
        Whether a families table was supplied. Without one each child is a family of one, and siblings
        may stand on both sides of a split.
    """

    children: pl.DataFrame
    events: pl.DataFrame
    supplied_counts: pl.DataFrame
    documents: pl.DataFrame
    first_date: date
    last_date: date
    families_known: bool
    scores: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMAS["scores"]))


def check_columns(frame: pl.DataFrame, name: str) -> None:
    """Check that a frame has exactly the columns and types of one of the checked tables.

    Parameters
    ----------
    frame : polars.DataFrame
    name : str
        A key of `SCHEMAS`.

    Raises
    ------
    ValueError
        If a column is missing, unknown, out of order or of another type.
    """
    expected = SCHEMAS[name]
    if dict(frame.schema) != expected:
        raise ValueError(f"checked table {name!r}: expected {expected}, found {dict(frame.schema)}")
