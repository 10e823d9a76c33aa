"""Census and SSDA903 files written by hand, and read by a plain loop that shares nothing with the reader."""

import csv
import xml.etree.ElementTree as ElementTree
from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

Facts = dict[str, set]


def census(*children: str, last_day: str = "2018-03-31", root: str = "Message", start: str = "") -> str:
    """The text of a census file."""
    about = (
        f"<CollectionDetails><Collection>CIN</Collection><ReferenceDate>{last_day}</ReferenceDate></CollectionDetails>"
    )
    body = f"<Header>{about}</Header><Children>{''.join(children)}</Children>"
    return f"{start}<{root}>{body}</{root.split()[0]}>"


def child(identifier: str, *details: str, sex: str = "<Sex>F</Sex>", more: str = "<Ethnicity>WBRI</Ethnicity>") -> str:
    identifiers = f"<LAchildID>{identifier}</LAchildID><PersonBirthDate>2010-05-01</PersonBirthDate>{sex}"
    return (
        f"<Child><ChildIdentifiers>{identifiers}</ChildIdentifiers>"
        f"<ChildCharacteristics>{more}</ChildCharacteristics>{''.join(details)}</Child>"
    )


def details(day: str, *more: str, closed: str = "", nfa: str = "false") -> str:
    closure = f"<CINclosureDate>{closed}</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>" if closed else ""
    return (
        f"<CINdetails><CINreferralDate>{day}</CINreferralDate><ReferralSource>6</ReferralSource>"
        f"<PrimaryNeedCode>N1</PrimaryNeedCode>{closure}{''.join(more)}<ReferralNFA>{nfa}</ReferralNFA></CINdetails>"
    )


def plan(start: str, end: str = "") -> str:
    ended = f"<CPPendDate>{end}</CPPendDate>" if end else ""
    return (
        f"<ChildProtectionPlans><CPPstartDate>{start}</CPPstartDate>{ended}"
        "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse></ChildProtectionPlans>"
    )


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def write_903(folder: Path, year: str, *episodes: str) -> None:
    """Episodes as "child,DECOM,RNE,DEC,REC", days as 01/05/2017."""
    rows = [line.split(",") for line in episodes]
    header = ["CHILD,SEX,DOB,ETHNIC,UPN", *(f"{name},2,01/05/2010,WBRI,X" for name in sorted({r[0] for r in rows}))]
    lines = ["CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC", *(f"{r[0]},{r[1]},{r[2]},C2,N1,U4,{r[3]},{r[4]}" for r in rows)]
    write(folder / "ssda903" / f"{year}-header.csv", "\n".join(header) + "\n")
    write(folder / "ssda903" / f"{year}-episodes.csv", "\n".join(lines) + "\n")


def counted_from_census(folder: Path, latest: date) -> Facts:
    """What happened by a plain loop over the census files, the years in the order of their names."""
    facts: dict = defaultdict(set)
    referrals: dict = {}
    for path in sorted(folder.glob("*.xml"), key=_reference):
        for one in ElementTree.parse(path).getroot().iter("Child"):
            identifier = one.findtext("ChildIdentifiers/LAchildID")
            for episode in one.iter("CINdetails"):
                day = _iso(episode.findtext("CINreferralDate"), latest)
                if day and (episode.findtext("ReferralSource") or episode.findtext("ReferralNFA")):
                    referrals[identifier, day] = episode.findtext("ReferralNFA") in ("true", "1")
                for name, tag in (
                    ("assessment_authorised", "Assessments/AssessmentAuthorisationDate"),
                    ("section_47", "Section47/S47ActualStartDate"),
                    ("plan_start", "ChildProtectionPlans/CPPstartDate"),
                    ("initial_conference", "Section47/DateOfInitialCPC"),
                    ("initial_conference", "DateOfInitialCPC"),
                ):
                    facts[name] |= {(identifier, _iso(found.text, latest)) for found in episode.findall(tag)}
    facts["no further action"] = {key for key, nfa in referrals.items() if nfa}
    facts["further action"] = {key for key, nfa in referrals.items() if not nfa}
    return {name: {pair for pair in pairs if pair[1]} for name, pairs in facts.items()}


def counted_from_903(folder: Path) -> Facts:
    """Care starts by a plain loop over episodes: new for reason S, a child's first, or after one that ended care."""
    episodes: dict = {}
    for path in sorted(folder.rglob("*episodes.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            episodes[row["CHILD"], datetime.strptime(row["DECOM"], "%d/%m/%Y").date()] = row
    starts, before = set(), {}
    for (identifier, day), row in sorted(episodes.items()):
        earlier = before.get(identifier)
        if row["RNE"] == "S" or earlier is None or (earlier["DEC"] and earlier["REC"] not in ("X1", "")):
            starts.add((identifier, day))
        before[identifier] = row
    return {"care_start": starts}


def cases_after_assessment(folder: Path, outcome: str, observed: tuple[date, date], study: tuple[date, date]) -> Facts:
    """The cases of P7 (`outcome` "plan") or P8 ("care") and those with the outcome, by a plain loop over both returns.

    An assessment opens a case if it was authorised in the study and observed periods, of a child under 18 without a
    plan (P7) or care, on no day on which one began, and if the 12 months after it were observed; unless the child died
    or moved away in them without the outcome.
    """
    born, authorised, plans, left = {}, set(), {}, set()
    for path in sorted((folder / "cin_census").glob("*.xml"), key=_reference):
        for one in ElementTree.parse(path).getroot().iter("Child"):
            identifier = one.findtext("ChildIdentifiers/LAchildID")
            born[identifier] = one.findtext("ChildIdentifiers/PersonBirthDate") or born.get(identifier)
            for episode in one.iter("CINdetails"):
                days = episode.findall("Assessments/AssessmentAuthorisationDate")
                authorised |= {(identifier, date.fromisoformat(day.text)) for day in days if day.text}
                for made in episode.iter("ChildProtectionPlans"):
                    start, end = made.findtext("CPPstartDate"), made.findtext("CPPendDate")
                    plans[identifier, date.fromisoformat(start)] = date.fromisoformat(end) if end else date.max
                if episode.findtext("ReasonForClosure") in ("RC2", "RC5"):
                    left.add((identifier, date.fromisoformat(episode.findtext("CINclosureDate"))))
    care = _care_by_hand(folder / "ssda903", left)
    wanted, barring = (plans, [plans, care]) if outcome == "plan" else (care, [care])
    facts: Facts = {"cases": set(), "with the outcome": set()}
    for child_, day in authorised:
        begin, end = _months_on(day, 1), _months_on(day, 12)
        if not max(observed[0], study[0]) <= day <= min(observed[1], study[1]) or end > observed[1]:
            continue
        if born.get(child_) and day >= _months_on(date.fromisoformat(born[child_]).replace(day=1), 18 * 12):
            continue
        periods = [(start, stop) for kind in barring for (one, start), stop in kind.items() if one == child_]
        if any(start < day < stop or start == day for start, stop in periods):
            continue
        happened = any(one == child_ and begin <= start <= end for one, start in wanted)
        if happened or not any(one == child_ and day <= gone <= end for one, gone in left):
            facts["cases"].add((child_, day))
            facts["with the outcome"] |= {(child_, day)} if happened else set()
    return facts


def _care_by_hand(folder: Path, left: set) -> dict:
    """Periods of care, start to end; those who died in care, or whose care another authority took over, join `left`."""
    episodes: dict = {}
    for path in sorted(folder.rglob("*episodes.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8")):
            episodes[row["CHILD"], datetime.strptime(row["DECOM"], "%d/%m/%Y").date()] = row
    periods, before, current = {}, {}, {}
    for (identifier, day), row in sorted(episodes.items()):
        earlier = before.get(identifier)
        if row["RNE"] == "S" or earlier is None or (earlier["DEC"] and earlier["REC"] not in ("X1", "")):
            current[identifier] = day
        ended = datetime.strptime(row["DEC"], "%d/%m/%Y").date() if row["DEC"] and row["REC"] != "X1" else date.max
        periods[identifier, current[identifier]] = ended
        left |= {(identifier, ended)} if row["REC"] in ("E2", "E3") else set()
        before[identifier] = row
    return periods


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _reference(path: Path) -> str:
    return next(ElementTree.parse(path).getroot().iter("ReferenceDate")).text


def _iso(text: str | None, latest: date) -> date | None:
    day = date.fromisoformat(text) if text else None
    return day if day and date(1985, 1, 1) <= day <= latest else None
