"""The predictors as a person would count them, one notification at a time, with loops and no joins."""

from collections import defaultdict
from datetime import date


def add_years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def years_old(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class Reference:
    """Counts from lists of tuples: people (id, birth), relationships (person, relative, type, day), events."""

    def __init__(self, people, relationships, events, types, definitions):
        self.birth = dict(people)
        self.relationships = [row for row in relationships if row[0] != row[1]]
        self.events, self.types, self.definitions = set(events), types, definitions
        self.of_person = defaultdict(set)
        for person, kind, day in self.events:
            self.of_person[person].add((kind, day))
        self.links_of = defaultdict(list)
        for person, relative, kind, day in self.relationships:
            self.links_of[person].append((relative, kind, day))
            self.links_of[relative].append((person, kind, day))
        self.abuse_days = defaultdict(list)
        for person, relative, kind, day in relationships:
            instigator = types[kind]["instigator"]
            if instigator:
                self.abuse_days[person if instigator == "person" else relative].append(day)

    def notifications(self):
        """(child, day) of every notification studied."""
        kinds, d = self.definitions.events, self.definitions
        days = {
            (person, day)
            for person, kind, day in self.events
            if kind in kinds.notification and d.first_notification <= day <= d.last_notification
        }
        return sorted(
            (child, day)
            for child, day in days
            if self.birth[child] <= day and years_old(self.birth[child], day) < d.child_under_years
        )

    def count(self, child, day):
        """Every predictor and the response of one notification."""
        d, kinds = self.definitions, self.definitions.events
        notes = {when for kind, when in self.of_person[child] if kind in kinds.notification and when < day}
        targets = [(kind, when) for kind, when in self.of_person[child] if kind in kinds.target and when < day]
        since = add_years(day, -d.recent_years)
        recorded = {relative for relative, _, when in self.links_of[child] if when < day}
        whole_life = {
            relative
            for relative, kind, _ in self.links_of[child]
            if self.types[kind]["whole_life"] == "yes" and max(self.birth[child], self.birth[relative]) < day
        }
        until = add_years(day, d.window_years)
        concern = any(kind in kinds.concern and day < when <= until for kind, when in self.of_person[child])
        return {
            "Age": years_old(self.birth[child], day),
            "nNotes": len(notes),
            "nTargets": len(targets),
            "nNotesRecent": sum(when >= since for when in notes),
            "nTargetsRecent": sum(when >= since for _, when in targets),
            "nNeighsR": len(recorded),
            "nWithNotesR": self.with_event(recorded, kinds.notification, day),
            "nWithTargetR": self.with_event(recorded, kinds.target, day),
            "nAbusersR": self.abusers(recorded, day),
            "nWithNotesW": self.with_event(whole_life, kinds.notification, day),
            "nWithTargetW": self.with_event(whole_life, kinds.target, day),
            "nAbusersW": self.abusers(whole_life, day),
            "concern": int(concern),
        }

    def with_event(self, members, kinds, day):
        """Members who are children on the day and had such an event before it."""
        children = [m for m in members if add_years(self.birth[m], self.definitions.child_under_years) > day]
        return sum(any(kind in kinds and when < day for kind, when in self.of_person[m]) for m in children)

    def abusers(self, members, day):
        return sum(any(when < day for when in self.abuse_days[member]) for member in members)
