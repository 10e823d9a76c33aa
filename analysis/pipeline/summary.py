"""Step: what the book states about the whole run, as CSV files for machines."""

import shutil
from pathlib import Path

from analysis.disclosure import write_released
from analysis.pipeline.joint_study import open_study
from analysis.summaries import england_summary


def write_summary(build: Path, folder: Path, networks: Path) -> None:
    """Write `england.csv` and `networks.csv` (published beside run) and every page table, joined over the problems."""
    study = open_study(build)
    names = dict.fromkeys(name for tables in study.world.values() for name in tables)
    tables = {"england": england_summary(study.world)} | {name: study.joint(name) for name in names}
    shutil.rmtree(folder, ignore_errors=True)
    write_released(tables, folder, provenance={})
    shutil.copyfile(networks, folder / "networks.csv")
