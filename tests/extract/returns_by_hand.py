"""Census and SSDA903 files written by hand, and read by a plain loop that shares nothing with the reader."""

import csv
import xml.etree.ElementTree as ElementTree
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


def _reference(path: Path) -> str:
    return next(ElementTree.parse(path).getroot().iter("ReferenceDate")).text


def _iso(text: str | None, latest: date) -> date | None:
    day = date.fromisoformat(text) if text else None
    return day if day and date(1985, 1, 1) <= day <= latest else None
