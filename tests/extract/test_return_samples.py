"""Returns laid out as the public samples are: a census with every element, one made by a generator, SSDA903 as CSV."""

import random
from datetime import date, timedelta

import pytest
from extract_worlds import TODAY
from returns_by_hand import cases_after_assessment, counted_from_903, counted_from_census, write

from analysis.extract.check import check
from analysis.protocol import load_protocol

PROTOCOL = load_protocol()
YEARS = (2016, 2017, 2018, 2019)  # in which each return ends
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"


def every_element(identifier: str, day: date, plan: date | None, nfa: bool) -> str:
    """A child with every element of the 2023-24 edition, a stray text between them, and dates out of order."""
    ends = f"<CPPendDate>{plan + timedelta(days=90)}</CPPendDate>" if plan else ""
    plans = (
        f"<ChildProtectionPlans>\n<CPPstartDate>{plan}</CPPstartDate>{ends}<InitialCategoryOfAbuse>PHY"
        "</InitialCategoryOfAbuse><LatestCategoryOfAbuse>PHY</LatestCategoryOfAbuse><NumberOfPreviousCPP>1"
        "</NumberOfPreviousCPP><Reviews>\n<CPPreviewDate>2015-01-01</CPPreviewDate></Reviews></ChildProtectionPlans>"
    )
    return f"""
    <Child>
      <ChildIdentifiers>
        <LAchildID>{identifier}</LAchildID><UPN>A123456789123</UPN><UPNunknown>UN3</UPNunknown>PersonBirthDate
        <PersonBirthDate>2010-03-27</PersonBirthDate>
        <Sex>1</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities><Disability>HAND</Disability><Disability>HEAR</Disability></Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>{day}</CINreferralDate><ReferralSource>1A</ReferralSource><PrimaryNeedCode>N4</PrimaryNeedCode>
        <Assessments>
          <AssessmentActualStartDate>{day}</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>{day + timedelta(days=40)}</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment><AssessmentFactors>1C</AssessmentFactors></FactorsIdentifiedAtAssessment>
        </Assessments>
        <CINPlanDates><CINPlanStartDate>2015-01-24</CINPlanStartDate></CINPlanDates>
        <Section47>
          <S47ActualStartDate>{day + timedelta(days=9)}</S47ActualStartDate>
          <InitialCPCtarget>2015-06-23</InitialCPCtarget>
          <DateOfInitialCPC>{day + timedelta(days=19)}</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired>
        </Section47>
        <ReferralNFA>{int(nfa)}</ReferralNFA>
        {plans if plan else ""}
      </CINdetails>
    </Child>"""


def as_generated(identifier: str, day: date, plan: date | None, nfa: bool) -> str:
    """A child as the generated sample of 2022 has them: another element for sex, no disability, no section 47."""
    plans = f"<ChildProtectionPlans><CPPstartDate>{plan}</CPPstartDate></ChildProtectionPlans>" if plan else ""
    return (
        f"<Child><ChildIdentifiers><LAchildID>{identifier}</LAchildID><UPN>A850728973744</UPN><PersonBirthDate>2009-12-06"
        "</PersonBirthDate><GenderCurrent>2</GenderCurrent></ChildIdentifiers><ChildCharacteristics><Ethnicity>WIRT"
        f"</Ethnicity></ChildCharacteristics><CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>4"
        f"</ReferralSource><DateOfInitialCPC>{day + timedelta(days=60)}</DateOfInitialCPC><Assessments>"
        f"<AssessmentAuthorisationDate>{day + timedelta(days=30)}</AssessmentAuthorisationDate></Assessments>"
        f"<ReferralNFA>{str(nfa).lower()}</ReferralNFA>{plans}</CINdetails></Child>"
    )


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    """Four years of both returns of one invented authority, the shapes of the census taking turns."""
    folder, draw = tmp_path_factory.mktemp("returns"), random.Random(4)
    for year in YEARS:
        first, shape = date(year - 1, 4, 1), every_element if year % 2 else as_generated
        children, episodes = [], []
        for number in draw.sample(range(200), 120):
            day = first + timedelta(days=draw.randrange(300))
            plan = day + timedelta(days=60 + draw.randrange(200)) if draw.random() < 0.2 else None
            children.append(shape(f"C{number:04d}", day, plan, draw.random() < 0.3))
            if draw.random() < 0.15:
                begins = min(day + timedelta(days=draw.randrange(60)), date(year, 3, 1))
                ends = min(begins + timedelta(days=20), date(year, 3, 31))
                episodes.append(
                    f"C{number:04d},{begins:%d/%m/%Y},S,C2,N1,U4,PR1,{ends:%d/%m/%Y},E4A,,B12 2KE,S19 8BX,1"
                )
        about = f"<Collection>CIN</Collection><Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate>"
        source = "<Source><SourceLevel>L</SourceLevel><LEA>201</LEA><SerialNo>001</SerialNo></Source>"
        header = f"<Header><CollectionDetails>{about}</CollectionDetails>{source}</Header>"
        text = f"<Message>\n  {header}\n  <Children>{''.join(children)}</Children>\n</Message>"
        write(folder / "cin_census" / f"{year}.xml", text)
        known = sorted({line.split(",")[0] for line in episodes})
        for name, lines in {
            "episodes": [EPISODES, *episodes],
            "header": ["CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB", *(f"{one},2,06/12/2009,BCRB,B1,," for one in known)],
            "missing": ["CHILD,DOB,MISSING,MIS_START,MIS_END", *(f"{one},06/12/2009,M,," for one in known)],
            "uasc": ["CHILD,SEX,DOB,DUC", *(f"{one},2,06/12/2009," for one in known)],
        }.items():
            write(folder / "ssda903" / f"{year}-{name}.csv", "\n".join(lines) + "\n")
    (authority,) = check(folder, PROTOCOL, today=TODAY).authorities
    return folder, authority


def test_every_event_is_one_that_a_plain_loop_over_the_files_finds(returns):
    folder, authority = returns
    facts = counted_from_census(folder / "cin_census", TODAY) | counted_from_903(folder / "ssda903")
    counted = {name: len(pairs) for name, pairs in facts.items() if "further" not in name}
    assert counted == {name: authority.report.counts[f"{name.replace('_', ' ')} events"] for name in counted}
    assert min(counted.values()) > 30
    rows = {row.prediction: row for row in authority.readiness}
    assert rows["P1"].index_events == len(facts["no further action"]) > 50
    assert rows["P4"].index_events == len(facts["further action"]) > 50


@pytest.mark.parametrize(("prediction", "outcome"), [("P7", "plan"), ("P8", "care")])
def test_cases_outcomes_and_families_equal_a_plain_count(returns, prediction, outcome):
    folder, authority = returns
    row = next(row for row in authority.readiness if row.prediction == prediction)
    observed = date(YEARS[0] - 1, 4, 1), date(YEARS[-1], 3, 31)
    study = PROTOCOL.study.first_date, PROTOCOL.study.last_date
    facts = cases_after_assessment(folder, outcome, observed, study)
    assert row.cases == len(facts["cases"]) > 100
    assert row.outcomes == len(facts["with the outcome"]) > 5
    assert row.families == len({child for child, _ in facts["cases"]})  # without a table of families each child is one


def test_tables_of_the_return_that_are_not_needed_are_named(returns):
    ignored = returns[1].report.ignored
    assert [line for line in ignored if "2018-missing.csv: a table of SSDA903 that is not needed" in line]
    assert all(entry.balances for entry in returns[1].report.lists)
