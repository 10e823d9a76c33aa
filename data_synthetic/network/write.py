"""A world on disk: four parquet files and the table of relationship types, as an owner of such data would hold them."""

import shutil
from pathlib import Path

from polars.io.plugins import register_io_source

from data_synthetic.network.rows import Rows
from data_synthetic.network.world import World

TYPES_FILE = Path(__file__).with_name("relationship_types.csv")
TABLES = ("people", "relationships", "events", "registry")


def write_world(world: World, folder: Path) -> None:
    """Write `people`, `relationships`, `events`, `registry` as parquet and `relationship_types.csv`.

    Parameters
    ----------
    world : World
        Written row group by row group, so that no table is held whole.
    folder : Path
        Made where there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        _write(world.rows[name], folder / f"{name}.parquet")
    shutil.copyfile(TYPES_FILE, folder / TYPES_FILE.name)


def _write(rows: Rows, file: Path) -> None:
    lazy = register_io_source(lambda *_: rows.row_groups(), schema=rows.schema)
    lazy.sink_parquet(file, compression="zstd", statistics=True)
