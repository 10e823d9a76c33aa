"""Steps that make synthetic data."""

from pathlib import Path

from analysis.protocol import Protocol
from data_synthetic.england import synthesise


def synthesise_authority(authority: str, folder: Path, planted: Path, protocol: Protocol) -> None:
    """Write a synthetic authority's extract below `folder`, and the risks of its outcomes to `planted`.

    Parameters
    ----------
    authority : str
        Name of its folder, as the protocol has it.
    folder : Path
        In which the folders of all synthetic authorities lie.
    planted : Path
        The file of this authority's planted risks.
    protocol : Protocol
        Its predictions and seed.
    """
    synthesise(folder, protocol=protocol, authorities=[authority], planted_risks=planted.parent)
