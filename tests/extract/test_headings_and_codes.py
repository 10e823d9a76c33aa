"""Headings are the same however their words are joined, and codes whichever edition of a code set they come from."""

import re

import polars as pl
import pytest
from extract_worlds import doubtful, read, write_csv

from analysis.extract.cells import codes
from analysis.extract.definitions import annex_a
from analysis.extract.headings import recognise

LISTS = annex_a().tables
ABOUT_CHILDREN = [name for name in LISTS if not LISTS[name].about_adults]
PERSON = ["ChildUniqueID", "Gender", "Ethnicity", "DateOfBirth", "Age"]
WORKER = ["AllocatedTeam", "AllocatedWorker"]
# The columns of Data to Insight's script from the Standard Safeguarding Dataset to Annex A (version 1.2).
SCRIPT = {
    "list_1": [*PERSON, "DateOfContact", "ContactSource"],
    "list_2": [*PERSON, "AssessmentStartDate", "AssessmentCompletionDate", "OrganisationCompletingAssessment"],
    "list_3": [*PERSON, "ReferralDate", "ReferralSource", "ReferralNFA", "ReferralsLast12Months", *WORKER],
    "list_4": [
        *PERSON,
        *("HasDisability", "ContinuousAssessmentStart", "ContinuousAssessmentChildSeen"),
        *("ContinuousAssessmentAuthDate", "CSCSupportRequired", *WORKER),
    ],
    "list_5": [
        *PERSON,
        *("HasDisability", "StratDiscussionDate", "InitialCPConfUnnecessary", "InitialCPConfDate"),
        *("CPConfResultInCPPlan", "NumberS47s12m", "NumberICPCs12m", *WORKER),
    ],
    "list_6": [
        *PERSON,
        *("HasDisability", "CINStartDate", "PrimaryNeedCode", "DateChildLastSeen", "CINClosureDate"),
        *("ReasonForClosure", "CaseStatus", *WORKER),
    ],
    "list_7": [
        *PERSON,
        *("HasDisability", "ChildProtectionPlanStartDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse"),
        *("DateOfLastStatutoryVisit", "ChildSeenAlone", "DateOfLatestReviewConf", "ChildProtectionPlanEndDate"),
        *("ProtectionLastSixMonths", "NumberOfPreviousChildProtectionPlans", *WORKER),
    ],
    "list_8": [
        *PERSON,
        *("UASC", "HasDisability", "LoookedAfterStartDate", "ChildCategoryOfNeed", "SubsequentLACEpisodeLast12Months"),
        *("MostRecentLegalStatusStart", "LegalStatus", "LatestStatutoryReviewDate", "LastSocialWorkVisitDate"),
        *("PermanencePlan", "LastIROVisitDate", "LastHealthAssessmentDate", "LastDentalCheckDate"),
        *("PlacementsLast12Months", "CeasedLookedAfterDate", "ReasonCeasedLookedAfter"),
        *("MostRecentPlacementStartDate", "PlacementType", "PlacementProvider", "PlacementPostcode", "PlacementURN"),
        *("EpisodesChildMissingFromPlacement", "EpisodesChildAbsentFromPlacement"),
        *("ChildOfferedReturnInterviewAfterLastMFH", "ChildAcceptedReturnInterviewAfterLastMFH", *WORKER),
    ],
    "list_9": [
        *(*PERSON, "UASC", "HasDisability", *WORKER, "AllocatedPersonalAdvisor", "EligibilityCategory"),
        *("LatestPathwayPlan", "LAInTouch", "LatestContact", "TypeOfAccommodation", "SuitabilityOfAccommodation"),
        "ActivityStatus",
    ],
    "list_10": [
        *("ChildUniqueID", "FamilyID", "Gender", "Ethnicity", "DateOfBirth", "Age", "HasDisability"),
        *("EnteredCareDate", "ADMSHOBPADecisionDate", "PlacementOrderDate", "MatchedForAdoptionDate"),
        *("PlacedForAdoptionDate", "AdoptionOrderDate", "DecisionReversedDate", "DecisionReversedReason"),
        "DateFFAConsurrencyPlacement",
    ],
}


def _camel(heading: str) -> str:
    words = re.findall(r"[\w]+", heading.replace("'", "").replace("’", ""))
    return "".join(word[0].upper() + word[1:] for word in words)


WRITERS = {
    "as printed": lambda heading: heading,
    "upper case": str.upper,
    "snake case": lambda heading: re.sub(r"\W+", "_", heading.replace("'", "")).strip("_").lower(),
    "camel case": _camel,
    "no spaces": lambda heading: _camel(heading).lower(),
    "two spaces": lambda heading: f" {heading.replace(' ', '  ')} ",
}


@pytest.mark.parametrize("name", SCRIPT)
def test_every_column_of_the_published_script_is_known(name):
    found = recognise("export", [SCRIPT[name]], annex_a())
    assert found is not None and found.table.name == name
    assert found.unknown == () and found.repeated == ()
    read_columns = {field for field, column in found.table.columns.items() if column.kind != "unused"}
    assert {column.field for column in found.missing} & read_columns == set()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("name", ABOUT_CHILDREN)
def test_a_heading_is_the_same_however_its_words_are_joined(name, writer):
    columns = LISTS[name].columns
    found = recognise("export", [[WRITERS[writer](column.heading) for column in columns.values()]], annex_a())
    assert found is not None and found.table.name == name
    assert found.positions == {field: position for position, field in enumerate(columns)}


def test_the_lists_of_the_script_give_their_events(tmp_path):
    rows = {
        "AA_1_contacts": ["7", "a) Male", "u) UNKNOWN", "03/01/2008", 9, "08/01/2018", "p1) 5D: LA services"],
        "AA_3_referrals": [
            "7",
            "a) Male",
            "t) NOBT",
            "03/01/2008",
            9,
            "15/01/2018",
            "q) 6: Police",
            "b) No",
            1,
            "",
            "",
        ],
    }
    for (file, row), name in zip(rows.items(), ("list_1", "list_3"), strict=True):
        write_csv(tmp_path / "annex_a" / "2018" / f"{file}.csv", [SCRIPT[name], row])
    tables, report = read(tmp_path)
    assert tables.events["event"].to_list() == ["contact", "referral"]
    assert tables.events["code"].to_list() == ["local authority services", "police"]
    assert not [problem for problem in doubtful(report) if problem.where != "families"]


ETHNIC = {
    "WBRI": "WBRI", "a) WBRI": "WBRI", "A1": "WBRI", "WENG": "WBRI", "wsco": "WBRI", "A2": "WIRI", "A3": "WOTH",
    "A4": "WIRT", "A5": "WROM", "WEEU": "WOTH", "WROR": "WROM", "B1": "MWBC", "B2": "MWBA", "MWBa": "MWBA",
    "B3": "MWAS", "MWAP": "MWAS", "B4": "MOTH", "MABL": "MOTH", "C1": "AIND", "C2": "APKN", "AKPA": "APKN",
    "C3": "ABAN", "C4": "AOTH", "ATML": "AOTH", "D1": "BCRB", "D2": "BAFR", "BSOM": "BAFR", "D3": "BOTH",
    "BEUR": "BOTH", "E1": "CHNE", "CTWN": "CHNE", "E2": "OOTH", "ARAB": "OOTH", "ORAB": "OOTH", "OKRD": "OOTH",
    "E3": "REFU", "E4": "NOBT", "E5": "NOBT", "s) REFU": "REFU", "s) NOBT": "NOBT", "t) NOBT": "NOBT",
    "u) UNKNOWN": "NOBT",
}  # fmt: skip


def test_extended_and_older_ethnic_codes_are_folded_into_their_main_code():
    read_codes, unknown = codes(pl.Series(list(ETHNIC)), "ethnicity")
    assert dict(zip(ETHNIC, read_codes, strict=True)) == ETHNIC and not unknown.any()


def test_the_letter_before_a_code_does_not_decide_but_a_code_that_nobody_knows_stays_unknown():
    written = ["p1) 5D: LA services", "5D", "z) 5D", "5E", "p1) 5E: LA services", "x"]
    read_codes, unknown = codes(pl.Series(written), "source")
    assert read_codes.to_list() == ["local authority services"] * 3 + [None] * 3
    assert unknown.to_list() == [False] * 3 + [True] * 3
