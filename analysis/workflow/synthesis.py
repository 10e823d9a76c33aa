"""Steps that make synthetic data."""

from pathlib import Path

from analysis.protocol import Protocol
from data_synthetic.england import synthesise


def synthesise_authority(authority: str, folder: Path, planted: Path, protocol: Protocol) -> None:
    """Write a synthetic authority's extract below `folder`, and the risks of its outcomes to `planted`."""
    synthesise(folder, protocol=protocol, authorities=[authority], planted_risks=planted.parent)
