"""Step: an authority's extract becomes its checked tables."""

import shutil
from pathlib import Path

from analysis.disclosure.containment import private_folder, secret_key
from analysis.extract import read_extract
from analysis.pipeline.checked_tables import write_checked_tables
from analysis.protocol.values import Study

SYNTHETIC_KEY = b"synthetic data hold nobody's secrets"


def extract_authority(source: Path, folder: Path, study: Study, synthetic: bool) -> None:
    """Read, check, pseudonymise and redact the extract at `source` into `folder`."""
    secret = SYNTHETIC_KEY if synthetic else secret_key()
    tables, _ = read_extract(source, secret=secret, study=study)
    partial = folder.with_name("child_level.partial")
    shutil.rmtree(partial, ignore_errors=True)
    write_checked_tables(tables, private_folder(partial))
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
