"""Whatever was released is remembered, and what comes later tells nothing beside any of it."""

import errno
import json
import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_page import invent_page

from analysis.__main__ import main
from analysis.disclosure import PAGE_TABLES, attack_jointly, publication, read_released, release_all, write_released
from analysis.disclosure.ledger import ledger_folder, ledgers_folder, open_ledger, read_ledger
from analysis.disclosure.notes import BESIDE_EARLIER, STANDS
from analysis.errors import DisclosureError
from analysis.protocol import load_protocol
from analysis.study.problem import ProblemStudy
from analysis.study.results import Results
from analysis.study.settings import Settings, choose_problems
from analysis.workflow.summary import check_jointly

PROTOCOL = load_protocol()
RULES, DFE = PROTOCOL.disclosure, PROTOCOL.disclosure.presets["dfe"]
NAMES = ("flow", "outcome_by_year")


def page(seed=11, size=6000):
    invented = invent_page(PAGE_TABLES, np.random.default_rng(seed), size=size, prevalence=0.05)
    return {name: invented[name] for name in NAMES}


def without_child(frames, number=1):
    """The same page without some children of the first year: one of them had the outcome."""
    fewer = {name: frame.copy() for name, frame in frames.items()}
    fewer["outcome_by_year"].loc[0, ["cases", "positives"]] -= [number, 1]
    fewer["flow"]["remaining"] -= number
    return fewer


def later(frames, number=1):
    """The page of a later extract: without some children, and with many more cases in the last year."""
    more = without_child(frames, number)
    more["outcome_by_year"].loc[more["outcome_by_year"].index[-1], ["cases", "positives"]] += [60, 20]
    more["flow"]["remaining"] += 60
    return more


def study_of(build: Path, outcomes=("P7",), outcome="P7") -> ProblemStudy:
    (build / "steps").mkdir(exist_ok=True, parents=True)
    (build / "steps" / "extract-Northshire.json").write_text(json.dumps({"product": "0" * 64}))
    settings = Settings(PROTOCOL, False, choose_problems(PROTOCOL, ["Northshire"], outcomes))
    return ProblemStudy(settings, build, settings.problem("Northshire", outcome))


def moved_a_little(first, second) -> int:
    """Printed counts of the same rows that differ by 1 to the threshold, read from the files as anybody could."""
    few = 0
    for path in sorted(first.glob("*.csv")):
        before, after = pd.read_csv(path), pd.read_csv(second / path.name)
        for column in PAGE_TABLES[path.stem].named("count"):
            if len(before) == len(after):
                few += (before[column.name] - after[column.name]).abs().between(1, DFE.threshold).sum()
    return int(few)


def copy_of(folder: Path, target: Path) -> Path:
    tables = read_released(folder, PAGE_TABLES)
    write_released(tables, target, provenance={})
    return target


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def release(study: ProblemStudy, frames, tmp_path: Path, name: str) -> Path:
    study.release(frames)
    return copy_of(study.build / study.problem.slug / "released", tmp_path / "seen" / name)


def test_an_erased_child_is_not_told_by_running_the_page_again_and_again(tmp_path):
    study = study_of(tmp_path)
    seen = [release(study, page(), tmp_path, "1"), release(study, later(page()), tmp_path, "2")]
    naive = release_all(later(page()), preset="dfe", rules=RULES)
    write_released(naive, tmp_path / "naive", provenance={})
    assert moved_a_little(seen[0], tmp_path / "naive")  # what the guard is for
    study = study_of(tmp_path)
    seen += [release(study, later(page()), tmp_path, str(number)) for number in (3, 4)]
    assert not any(moved_a_little(earlier, seen[-1]) for earlier in seen[:-1])
    assert bytes_of(seen[1]) == bytes_of(seen[2]) == bytes_of(seen[3])
    folder = ledger_folder("england", "Northshire")
    assert len(read_ledger(folder, PAGE_TABLES).entries) == 2  # the same results are recorded once


def with_positives(frames, number):
    """The page with so many outcomes in its first year, and all else the same."""
    other = {name: frame.copy() for name, frame in frames.items()}
    other["outcome_by_year"].loc[0, "positives"] = number
    return other


@pytest.mark.parametrize("preset", ["dfe", "research"])
def test_six_and_then_withheld_does_not_tell_five_to_who_knows_of_one_erased_child(tmp_path, preset):
    """Six were printed, five would be withheld: whoever knows that one child is gone would know which."""
    least = RULES.presets[preset].threshold + 1
    study = study_of(tmp_path)
    rules = study.settings.protocol.disclosure.model_copy(update={"own_data": preset})
    protocol = study.settings.protocol.model_copy(update={"disclosure": rules})
    study = replace(study, settings=replace(study.settings, protocol=protocol))
    before = with_positives(page(), least)
    after = without_child(before)
    first = release(study, before, tmp_path, "1")
    printed = [release_all(f, preset=preset, rules=RULES)["outcome_by_year"].frame for f in (before, after)]
    assert printed[0]["positives"].notna()[0] and printed[1]["positives"].isna()[0]  # what would have told
    again = study.release(after)
    assert bytes_of(tmp_path / "Northshire" / "P7" / "released") == bytes_of(first)
    assert STANDS in again["flow"].notes and STANDS in again["outcome_by_year"].notes
    assert len(read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries) == 1


def test_a_release_stands_only_while_few_cases_changed_and_the_rules_are_the_same(tmp_path):
    def stands(*second, outcome_title=None):
        build = tmp_path / str(len(list(tmp_path.iterdir())))
        ledgers = ledgers_folder()
        if ledgers.exists():
            ledgers.rename(build.with_name(build.name + " ledgers"))
        study = study_of(build)
        study.release(page())
        if outcome_title:
            problem = study.settings.protocol.predictions["P7"].model_copy(update={"title": outcome_title})
            predictions = study.settings.protocol.predictions | {"P7": problem}
            protocol = study.settings.protocol.model_copy(update={"predictions": predictions})
            study = replace(study, settings=replace(study.settings, protocol=protocol))
        return STANDS in study.release(*second)["flow"].notes

    assert stands(without_child(page(), 1)) and stands(without_child(page(), DFE.threshold))
    assert not stands(without_child(page(), DFE.threshold + 1))
    assert not stands(later(page()))
    assert not stands(without_child(page(), 1), outcome_title="Another question")
    assert not stands(page())  # nobody changed


def test_what_was_first_printed_stays_guarded_when_other_code_releases_it_again(tmp_path, monkeypatch):
    """With another fingerprint the third release is made anew, and is judged beside the first, not the last only."""
    study = study_of(tmp_path)
    first = release(study, page(), tmp_path, "1")
    release(study, later(page()), tmp_path, "2")
    monkeypatch.setattr(publication, "_fingerprint", lambda *arguments: "of other code")
    third = release(study, later(page()), tmp_path, "3")
    assert moved_a_little(first, third) == 0
    assert len(read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries) == 3


def test_three_growing_releases_tell_nothing_pair_by_pair(tmp_path):
    """In the first year the first and the third lie 4 apart, each 8 or more from the second."""
    study = study_of(tmp_path)
    seen = [release(study, without_child(page(), n), tmp_path, str(n)) for n in (30, 10)]
    seen.append(release(study, later(page(), 26), tmp_path, "26"))
    assert not any(moved_a_little(a, b) for a in seen for b in seen)


def test_a_page_says_that_an_earlier_release_is_why(tmp_path):
    study = study_of(tmp_path)
    first = study.release(page())
    again = study.release(later(page()))
    assert not any(BESIDE_EARLIER in table.notes for table in first.values())
    assert BESIDE_EARLIER in again["outcome_by_year"].notes


class Killed(BaseException):
    """Stands for a kill: nothing that is not a `finally` runs after it."""


@pytest.mark.parametrize("at", ["_write_beside", "_put_in_place", "after"])
def test_a_kill_at_any_moment_leaves_what_comes_out_the_same(tmp_path, monkeypatch, at):
    whole = study_of(tmp_path / "whole")
    monkeypatch.setenv("CHILDRENS_SERVICES_KEY", str(tmp_path / "another" / "key"))
    whole.release(page())
    whole.release(later(page()))
    monkeypatch.setenv("CHILDRENS_SERVICES_KEY", str(tmp_path / "mine" / "key"))
    study = study_of(tmp_path / "killed")
    study.release(page())

    def kill(*arguments):
        raise Killed

    with monkeypatch.context() as patch:
        if at != "after":
            patch.setattr(publication, at, kill)
            with pytest.raises(Killed):
                study.release(later(page()))
        else:
            study.release(later(page()))
    study.release(later(page()))
    released = Path("Northshire", "P7", "released")
    assert bytes_of(study.build / released) == bytes_of(whole.build / released)
    assert len(read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries) == 2


def test_no_table_is_in_place_before_its_release_is_recorded(tmp_path, monkeypatch):
    study = study_of(tmp_path)
    study.release(page())
    released = tmp_path / "Northshire" / "P7" / "released"
    before = bytes_of(released)

    def kill(*arguments):
        raise Killed

    monkeypatch.setattr("analysis.disclosure.ledger.Ledger.record", kill)
    with pytest.raises(Killed):
        study.release(later(page()))
    assert bytes_of(released) == before


def writes(monkeypatch, full_at: int) -> list[int]:
    """Let the disk be full from the given text written on; how many were written is counted."""
    real, count = Path.write_text, [0]

    def write_text(self, *arguments, **options):
        if self.suffix in (".csv", ".json") and "steps" not in self.parts:
            count[0] += 1
            if count[0] >= full_at:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", write_text)
    return count


@pytest.mark.parametrize("full_at", range(1, 2 * (len(NAMES) + 1) + 1))
def test_a_full_disk_at_any_write_is_one_clear_error_and_the_old_tables_stand(tmp_path, monkeypatch, full_at):
    small = dict(page(size=1500).items())
    study = study_of(tmp_path)
    study.release(small)
    released = tmp_path / "Northshire" / "P7" / "released"
    before = bytes_of(released)
    with monkeypatch.context() as patch:
        writes(patch, full_at)
        with pytest.raises(DisclosureError, match="No space left on device.*run the same command"):
            study.release(later(small))
    assert bytes_of(released) == before
    study.release(later(small))
    assert len(read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries) == 2
    read_released(released, PAGE_TABLES)


@pytest.mark.parametrize("same_build", [True, False])
def test_an_outcome_released_by_a_run_of_its_own_is_judged_beside_the_others(tmp_path, same_build):
    """P8 has three children fewer; one build or two, one run or two."""
    builds = (tmp_path / "a", tmp_path / "a" if same_build else tmp_path / "b")
    first = study_of(builds[0], ["P7"], "P7").release(page())
    second = study_of(builds[1], ["P8"], "P8")
    apart = second.release(without_child(page(), 3))
    naive = release_all(without_child(page(), 3), preset="dfe", rules=RULES)
    assert attack_jointly({("Northshire", "P7"): first, ("Northshire", "P8"): naive}, DFE)
    assert not attack_jointly({("Northshire", "P7"): first, ("Northshire", "P8"): apart}, DFE)
    check_jointly(Results(second.settings, builds[1]))


def test_pages_that_tell_a_few_children_beside_another_runs_outcome_are_stopped(tmp_path):
    study_of(tmp_path, ["P7"], "P7").release(page())
    second = study_of(tmp_path, ["P8"], "P8")
    naive = release_all(without_child(page(), 3), preset="dfe", rules=RULES)
    write_released(naive, tmp_path / "Northshire" / "P8" / "released", provenance={})
    with pytest.raises(DisclosureError, match="difference of"):
        check_jointly(Results(second.settings, tmp_path))


def test_what_a_build_released_before_there_was_a_ledger_is_its_first_entry(tmp_path):
    naive = release_all(page(), preset="dfe", rules=RULES)
    old = tmp_path / "Northshire" / "P7" / "released"
    write_released(naive, old, provenance={})
    first = copy_of(old, tmp_path / "seen")
    study_of(tmp_path).release(without_child(page()))
    assert moved_a_little(first, old) == 0
    assert [e.fingerprint == "" for e in read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries] == [
        True,
        False,
    ]


def test_synthetic_data_leave_no_ledger(tmp_path):
    study = study_of(tmp_path)
    replace(study, settings=replace(study.settings, synthetic=True)).release(page())
    assert not ledgers_folder().exists()


def test_the_ledger_is_its_owners_alone_and_holds_what_was_printed_and_no_more(tmp_path):
    study_of(tmp_path).release(page())
    paths = list(ledgers_folder().rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    (entry,) = ledger_folder("england", "Northshire").iterdir()
    assert bytes_of(entry) == bytes_of(tmp_path / "Northshire" / "P7" / "released")


@pytest.mark.parametrize("harm", ["altered", "removed"])
def test_a_ledger_that_was_altered_stops_the_release_with_a_cure(tmp_path, harm):
    study = study_of(tmp_path)
    study.release(page())
    study.release(later(page()))
    first = ledger_folder("england", "Northshire") / "000001"
    if harm == "altered":
        (first / "flow.csv").write_text("step,removed,remaining\n")
    else:
        first.rename(tmp_path / "gone")
    with pytest.raises(DisclosureError, match="entry 000001.*back from a backup"):
        study.release(page())


@pytest.mark.parametrize("name", ["../victim", "/etc", "..", "a/b", "Nörd shire"])
def test_no_name_of_an_authority_leads_out_of_the_ledgers(name):
    folder = ledger_folder("england", name)
    assert folder.parent == ledgers_folder() / "england" and folder.resolve().parent.name == "england"


def test_deleting_child_level_data_keeps_the_ledger_and_says_so(tmp_path, capsys):
    study_of(tmp_path).release(page())
    assert main(["delete", "--build", str(tmp_path)]) == 0
    assert "left alone" in capsys.readouterr().out
    assert len(read_ledger(ledger_folder("england", "Northshire"), PAGE_TABLES).entries) == 1


def test_a_half_written_entry_is_none(tmp_path):
    folder = ledger_folder("england", "Northshire")
    with open_ledger(folder, PAGE_TABLES):
        (folder / "unfinished").mkdir()
        (folder / "unfinished" / "flow.csv").write_text("step")
    study_of(tmp_path).release(page())
    assert [path.name for path in folder.iterdir()] == ["000001"]
