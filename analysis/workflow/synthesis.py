"""Steps that make synthetic data."""

from pathlib import Path

from analysis.protocol import Protocol
from data_synthetic.england import synthesise


def synthesise_authority(authority: str, folder: Path, protocol: Protocol) -> None:
    """Write one synthetic authority's extract below `folder`."""
    synthesise(folder, protocol=protocol, authorities=[authority])
