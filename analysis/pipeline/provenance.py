"""What a page was made from, in a few fingerprints that any reader can compare."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from analysis.errors import StepError
from analysis.pipeline.fingerprint import ROOT, hash_code, hash_environment, hash_values, modules_imported
from analysis.pipeline.notebook import code_of
from analysis.pipeline.settings import Settings
from analysis.protocol.read import protocol_hash


def provenance(settings: Settings, notebook: str, build: Path, data_steps: Sequence[str]) -> dict[str, str]:
    """Data fingerprint, code version, protocol hash and environment, 64 hexadecimal digits each.

    Parameters
    ----------
    notebook : str
        Path of the notebook in the repository; '' for the library alone.
    data_steps : sequence of str
        Names of the steps whose products the page was computed from.
    """
    modules = modules_imported(code_of(ROOT / notebook)) if notebook else ("analysis.pipeline.problem",)
    return {
        "data": hash_values([_product(build, step) for step in sorted(data_steps)]),
        "code": hash_code(*modules),
        "protocol": protocol_hash(settings.protocol),
        "environment": hash_environment(),
    }


def short(made_from: Mapping[str, str]) -> dict[str, str]:
    """The same in 12 digits each, as a page shows it."""
    return {name: digest[:12] for name, digest in made_from.items()}


def _product(build: Path, step: str) -> str:
    path = build / "steps" / f"{step.replace('/', '-')}.json"
    if not path.is_file():
        raise StepError(step, "has not run yet; run `python -m analysis report` first")
    return json.loads(path.read_text(encoding="utf-8"))["product"]
