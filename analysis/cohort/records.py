"""The words in which a child's record is counted: kinds of record, sources and needs, as masks over events."""

import polars as pl

_event = pl.col("event")

# What a count counts: its name in the plural and in the singular, and which events it takes.
RECORDS: dict[str, tuple[str, pl.Expr]] = {
    "contacts": ("contact", _event == "contact"),
    "referrals": ("referral", _event == "referral"),
    "referrals_without_action": (
        "referral_without_action",
        (_event == "referral") & (pl.col("outcome") == "no further action"),
    ),
    "assessments": ("assessment", _event == "assessment_start"),
    "section_47_enquiries": ("section_47_enquiry", _event == "section_47"),
    "conferences": ("conference", _event == "initial_conference"),
    "child_protection_plans": ("child_protection_plan", _event == "plan_start"),
    "periods_looked_after": ("period_looked_after", _event == "care_start"),
    "early_help_periods": ("early_help_period", _event == "early_help_start"),
    "periods_of_need": ("period_of_need", _event == "need_start"),
}

# Who raised the concern (codes of contacts and referrals), in groups large enough to learn from.
SOURCE_GROUPS: dict[str, tuple[str, ...]] = {
    "family_or_public": ("individual", "anonymous"),
    "schools": ("schools", "education services"),
    "health": ("health services",),
    "local_authority": ("local authority services", "housing"),
    "police": ("police",),
    "others": ("other legal agency", "other", "unknown"),
}

# Why the child was in need (primary need recorded at the start of a period of need).
NEED_GROUPS: dict[str, tuple[str, ...]] = {
    "abuse_or_neglect": ("N1",),
    "disability_or_illness": ("N2", "N3"),
    "family_stress_or_dysfunction": ("N4", "N5"),
    "own_behaviour": ("N6",),
    "other_needs": ("N7", "N8", "N9", "N0"),
}

COUNTED_EVENTS = (
    "contact",
    "referral",
    "assessment_start",
    "section_47",
    "initial_conference",
    "plan_start",
    "care_start",
    "early_help_start",
    "need_start",
)
