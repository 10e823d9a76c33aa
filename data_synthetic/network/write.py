"""A world on disk: four parquet files and the table of relationship types, as an owner of such data would hold them."""

import shutil
from pathlib import Path

from data_synthetic.network.world import World

TYPES_FILE = Path(__file__).with_name("relationship_types.csv")
TABLES = ("people", "relationships", "events", "registry")


def write_world(world: World, folder: Path) -> None:
    """Write `people`, `relationships`, `events`, `registry` as parquet and `relationship_types.csv`.

    Parameters
    ----------
    world : World
    folder : Path
        Made where there is none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        getattr(world, name).write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True)
    shutil.copyfile(TYPES_FILE, folder / TYPES_FILE.name)
