"""Step: what the book states about the whole run, as CSV files for machines; what chance gives, for its chapters."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from analysis.claims import claims
from analysis.claims.agreement import shuffled_values
from analysis.claims.shuffled import shuffled
from analysis.disclosure import PAGE_TABLES, Released, attack_jointly, write_released
from analysis.disclosure.files import altered_files, read_manifest
from analysis.disclosure.ledger import ledger_folder, read_ledger
from analysis.errors import DisclosureError
from analysis.protocol.values import Preset
from analysis.study.results import Results, open_results, write_shuffled
from analysis.tables.summaries import england_summary
from analysis.workflow.collect.attacked import withstood


def write_summary(build: Path, folder: Path, by_chance: Path, networks: Path) -> None:
    """Write `england.csv` and `networks.csv` (published beside run) and every page table, joined over the problems.

    The numbers of the claims with shuffled risks are computed here once for all chapters.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    folder : Path
        Where the CSV files go; deleted first.
    by_chance : Path
        The file of the claims' numbers with shuffled risks; deleted first.
    networks : Path
        The summary of the study of family networks.

    Raises
    ------
    DisclosureError
        If a released file was altered, or a small count can be worked out from all the pages together, which no page
        by itself tells.
    """
    study = open_results(build)
    check_files(study)
    check_jointly(study)
    values = shuffled_values(claims(), shuffled(study.evidence))
    names = dict.fromkeys(name for tables in study.world.values() for name in tables)
    tables = {"england": england_summary(study.world)} | {name: study.joint_once(name) for name in names}
    shutil.rmtree(folder, ignore_errors=True)
    by_chance.unlink(missing_ok=True)
    write_released(tables, folder, provenance={})
    shutil.copyfile(networks, folder / "networks.csv")
    write_shuffled(values, by_chance)


def check_files(study: Results) -> None:
    """Raise `DisclosureError` if a folder of released tables holds anything but what its manifest names."""
    folders = [study.paths.released(problem.slug) for problem in study.settings.problems]
    problems = [f"{folder}: {said}" for folder in folders for said in altered_files(folder, read_manifest(folder))]
    if problems:
        raise DisclosureError("released tables", problems)


def check_jointly(study: Results) -> None:
    """Raise `DisclosureError` if the pages of a run tell a small count when they are read together."""
    preset = study.protocol.disclosure.presets[study.settings.preset]
    found = attack_jointly(_not_attacked_yet(study, preset), preset) if preset.threshold else ()
    if found:
        cure = "leave one of the outcomes it names out of the run (--outcomes)"
        raise DisclosureError("all pages together", [f"{finding}; {cure}" for finding in found[:20]])


def _not_attacked_yet(study: Results, preset: Preset) -> dict[tuple[str, str], Mapping[str, Released]]:
    """The pages of the authorities whose pages were not attacked together when they were collected."""
    folders: dict[str, list[Path]] = {}
    for problem in study.settings.problems:
        folders.setdefault(problem.authority, []).append(study.paths.released(problem.slug))
    done = {
        study.settings.name(authority)
        for authority, own in folders.items()
        if withstood(study.build, authority, "written", own, preset)
    }
    others = _of_other_runs(study)
    done -= {authority for authority, _ in others}
    return others | {problem: tables for problem, tables in study.pages.items() if problem[0] not in done}


def _of_other_runs(study: Results) -> dict[tuple[str, str], Mapping[str, Released]]:
    """The last releases of the same authorities on outcomes that this run leaves out; of synthetic data, none."""
    if study.settings.synthetic:
        return {}
    ledgers = {name: read_ledger(ledger_folder("england", name), PAGE_TABLES) for name in study.settings.authorities}
    return {
        (study.settings.name(authority), page): dict(tables)
        for authority, ledger in ledgers.items()
        for page, tables in ledger.latest().items()
        if tables and all(table.preset == study.settings.preset for table in tables.values())
    }
