"""A quarter of the synthetic England, written and read as any authority's extract would be."""

import pytest

from analysis.extract import read_extract
from analysis.protocol import load_protocol
from data_synthetic.england import synthesise

QUARTER = 0.25
SECRET = b"synthetic data hold nobody's secrets"


@pytest.fixture(scope="session")
def protocol():
    return load_protocol()


@pytest.fixture(scope="session")
def quarter(protocol, tmp_path_factory):
    """Checked tables of each authority at a quarter of its size."""
    folder = tmp_path_factory.mktemp("england")
    written = synthesise(folder, protocol=protocol, scale=QUARTER)
    return {path.name: read_extract(path, secret=SECRET, study=protocol.study)[0] for path in written}
