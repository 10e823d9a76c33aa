"""Step: an authority's extract becomes its checked tables."""

import shutil
from pathlib import Path

from analysis.disclosure.containment import child_level_folder, close_to_others, secret_key
from analysis.extract import read_extract
from analysis.pipeline.checked_tables import write_checked_tables
from analysis.protocol.values import Study

SYNTHETIC_KEY = b"synthetic data hold nobody's key"


def extract_authority(authority: str, source: Path, build: Path, study: Study, synthetic: bool) -> None:
    """Read, check, pseudonymise and redact the extract at `source` into the authority's child-level folder."""
    secret = SYNTHETIC_KEY if synthetic else secret_key()
    tables, _ = read_extract(source, secret=secret, study=study)
    folder = child_level_folder(build, authority)
    shutil.rmtree(folder)
    write_checked_tables(tables, child_level_folder(build, authority))
    close_to_others(folder)
