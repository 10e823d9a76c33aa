"""One small world for the tests of the network study, and its tables on DuckDB."""

import pandas as pd
import pyarrow as pa
import pytest

from analysis.network.analyse import analyse
from analysis.network.engine import connect, materialise, register
from analysis.network.tables import NetworkTables, collect, notification_table, prepare
from analysis.protocol import load_protocol
from analysis.published.networks import published_models, published_networks
from data_synthetic.network import generate_world, load_truth
from data_synthetic.network.write import TYPES_FILE


@pytest.fixture(scope="session")
def definitions():
    return load_protocol().networks


@pytest.fixture(scope="session")
def types():
    return pd.read_csv(TYPES_FILE, dtype=str, keep_default_na=False)


@pytest.fixture(scope="session")
def world():
    """A hundredth of the country."""
    return generate_world(load_truth(), share=0.01, seed=20191029)


@pytest.fixture(scope="session")
def backend():
    return connect(threads=1, memory="2GB")


@pytest.fixture(scope="session")
def tables_of(types, backend):
    """Put frames on the engine as network tables."""

    def make(people, relationships, events, registry=None, engine=backend):
        frames = {"people": people, "relationships": relationships, "events": events, "registry": registry}
        held = {name: None if frame is None else register(engine, frame) for name, frame in frames.items()}
        return NetworkTables(**held, types=register(engine, pa.Table.from_pandas(types)))

    return make


@pytest.fixture(scope="session")
def small_tables(world, tables_of):
    return tables_of(*(frame.to_arrow() for frame in (world.people, world.relationships, world.events, world.registry)))


@pytest.fixture(scope="session")
def small_frame(small_tables, definitions):
    """Every notification of the small world, by the published reading."""
    return collect(notification_table(prepare(small_tables, definitions, materialise), "ever_recorded"))


@pytest.fixture(scope="session")
def results(small_tables, definitions):
    few = definitions.model_copy(update={"permutations": 1, "replicates": 20})
    return analyse(
        small_tables,
        few,
        published=published_networks(),
        published_models=published_models(),
        synthetic=True,
        level=0.95,
        seed=1,
    )
