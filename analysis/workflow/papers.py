"""Step: the papers for a meeting and for an authority's file, from released tables alone."""

import shutil
from pathlib import Path

from analysis.disclosure import describe_preset
from analysis.papers import FILES, Facts
from analysis.publish import read_citation
from analysis.study.citation import CITATION
from analysis.study.results import Results, open_results
from analysis.study.supplied import what_is_lacking


def make_papers(build: Path, folder: Path) -> None:
    """Write every paper of a run.

    Parameters
    ----------
    build : Path
        The folder of the run's products.
    folder : Path
        Emptied first; the papers are written into it.
    """
    facts = facts_of(open_results(build))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file, make in FILES.items():
        (folder / file).write_bytes(make(facts))


def facts_of(study: Results) -> Facts:
    """What the papers of a run may state."""
    return Facts(
        synthetic=study.synthetic,
        names=study.authorities,
        evidence=study.evidence,
        cited=read_citation(CITATION),
        disclosure=describe_preset(study.settings.preset, study.protocol.disclosure),
        lacks="" if study.synthetic else what_is_lacking(study.suppliers),
        supplied=study.supplied_table,
    )
