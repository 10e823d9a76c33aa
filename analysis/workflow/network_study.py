"""Steps of the study of family networks."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.disclosure import Released
from analysis.disclosure.containment import child_level_folder, outputs_of, secret_key, write_closed
from analysis.disclosure.ledger import ledger_folder
from analysis.disclosure.publication import History, publish_tables
from analysis.errors import ProtocolError
from analysis.extract.network_tables import read_network_tables, read_types
from analysis.network.analyse import Frames, count_tables, study_counted, summary_table
from analysis.network.catalogue import NETWORK_TABLES
from analysis.network.categories import OTHER, fold_categories
from analysis.network.engine import connect, materialise, register
from analysis.network.tables import NetworkTables, collect, notification_table, prepare
from analysis.network.whole_life import READINGS, gains, mean_over_seeds, whole_life_counts
from analysis.protocol import Protocol
from analysis.protocol.read import protocol_hash
from analysis.protocol.values import Networks
from analysis.published.networks import published_models, published_networks
from analysis.study.fingerprint import hash_code
from analysis.study.networks import OWN, study_step
from analysis.study.paths import Paths
from analysis.study.settings import Settings
from analysis.workflow.step import Step
from data_synthetic.network import generate_world, load_truth, write_world
from data_synthetic.network.world import World
from data_synthetic.network.write import TYPES_FILE

STUDY = "family networks"
PROCESSES = 2  # in which samples are studied side by side
TRUTHS = {"no_family_risk": "no family risk", "calibrated": "calibrated"}
# Share of the published size at which several worlds are drawn, by the size of the main one.
SHARE_OF_SEVERAL = {"full": 0.05, "small": 0.01, OWN: 0.01}


def network_steps(
    settings: Settings,
    build: Path,
    world: str,
    *,
    data: Path | None = None,
) -> list[Step]:
    """Draw (or take) the world, study it, and study several worlds whose truth is known.

    Parameters
    ----------
    settings : Settings
    build : Path
        The folder of the run's products.
    world : {"full", "small", "own"}
        A synthetic world of the published size or a hundredth of it, or the tables in `data`.
    data : Path or None
        Folder of an owner's own tables; needed where the world is "own".

    Returns
    -------
    list of Step
        In the order in which they need each other.

    Raises
    ------
    ProtocolError
        If the world is "own" and no folder of tables was given.
    """
    protocol, paths = settings.protocol, Paths(build)
    source = data if world == OWN else paths.synthetic_networks(world)
    sendable = settings.synthetic
    if source is None:
        raise ProtocolError("networks", "the world is 'own', but no folder of tables was given")
    drawn = f"synthesise/networks-{world}"
    steps = []
    if world != OWN:
        arguments = {"world": world, "folder": source, "seed": protocol.seeds.synthetic_network}
        steps.append(Step(drawn, synthesise_network, arguments, makes=(source,), sendable=sendable))
    several = paths.several_worlds(world)
    arguments = {"share": SHARE_OF_SEVERAL[world], "file": several, "protocol": protocol}
    name = f"networks/{world}-several"
    steps.append(Step(name, study_several_worlds, arguments, makes=(several,), sendable=sendable))
    released, summary = paths.networks(world), paths.networks_summary
    arguments = {
        "source": source,
        "several": several,
        "released": released,
        "summary": summary,
        "protocol": protocol,
        "synthetic": world != OWN,
    }
    after = (name, *((drawn,) if world != OWN else ()))
    reads, makes = (source,) if world == OWN else (), (released, summary)
    sendable = sendable and world != OWN
    study = Step(study_step(world), study_networks, arguments, reads=reads, after=after, makes=makes, sendable=sendable)
    return [*steps, study]


def own_networks(data: Path | None) -> Path | None:
    """The folder of an owner's own network tables, which stands in that of the extract, if it is there."""
    folder = None if data is None else data / "networks"
    return folder if folder is not None and folder.is_dir() else None


def synthesise_network(world: str, folder: Path, seed: int) -> None:
    """Write the synthetic world of this size.

    Parameters
    ----------
    world : {"full", "small"}
        Of the published size, or a hundredth of it.
    folder : Path
        Where its tables are written.
    seed : int
    """
    truth = load_truth("calibrated")
    write_world(generate_world(truth, share=truth["scales"][world], seed=seed), folder)


def study_networks(
    source: Path,
    several: Path,
    released: Path,
    summary: Path,
    protocol: Protocol,
    synthetic: bool,
) -> None:
    """Study the tables at `source` and leave released tables and the published table beside the run.

    Parameters
    ----------
    source : Path
        Folder of the tables.
    several : Path
        CSV of the gains in worlds with known truth, as `study_several_worlds` writes it.
    released : Path
        Folder of the released tables.
    summary : Path
        CSV of the published table beside the run.
    protocol : Protocol
    synthetic : bool
        Whether the people were invented.

    Raises
    ------
    TableError
        If the tables cannot be read, with every problem.
    """
    definitions = protocol.networks
    backend = connect()
    tables = read_network_tables(source, backend, definitions, usual_types=TYPES_FILE)
    if not synthetic:
        tables, folded = fold_categories(tables)
        _write_account(folded, released.parent)
    frames, counted = count_tables(tables, definitions, published=published_networks(), synthetic=synthetic)
    backend.disconnect()
    models, seed, level = published_models(), protocol.seeds.analysis, protocol.uncertainty.level
    study = partial(study_counted, published_models=models, level=level, seed=seed, processes=PROCESSES)
    frames |= study(counted, definitions)
    by_seed = pd.read_csv(several, dtype={"seed": str})
    frames |= {"network_whole_life_by_seed": by_seed, "network_whole_life_mean": mean_over_seeds(by_seed, level)}
    tables = release_networks(frames, protocol, released, synthetic=synthetic)
    summary.parent.mkdir(parents=True, exist_ok=True)
    text = summary_table(tables["network_table_2"].frame).to_csv(index=False, float_format="%.6g", lineterminator="\n")
    summary.write_text(text, encoding="utf-8", newline="\n")


def release_networks(frames: Frames, protocol: Protocol, released: Path, *, synthetic: bool) -> dict[str, Released]:
    """The tables through the release gate, together, since they are read together, and beside every earlier release.

    Parameters
    ----------
    frames : Frames
        By the table's name.
    protocol : Protocol
        Its section on disclosure.
    released : Path
        The folder they are left in, in ``<build>/networks/<world>/``.
    synthetic : bool
        Whether the people were invented; if so no earlier release is looked at.

    Returns
    -------
    dict of str to Released

    Raises
    ------
    DisclosureError
        If the tables or the record of the release cannot be written, or that record was altered.
    """
    rules = protocol.disclosure
    made_from = {"code": hash_code(__name__), "protocol": protocol_hash(protocol)}
    history = None if synthetic else _history(released, made_from)
    return publish_tables(
        frames,
        NETWORK_TABLES,
        released,
        preset=rules.synthetic_data if synthetic else rules.own_data,
        rules=rules,
        provenance={"study": STUDY},
        history=history,
    )


def _history(released: Path, made_from: Mapping[str, str]) -> History:
    key = secret_key(outputs=outputs_of(released.parents[2]))
    return History(ledger_folder("networks", OWN), STUDY, key, made_from, {STUDY: released})


def _write_account(folded: Mapping[str, int], folder: Path) -> None:
    """Say how many people have a gender or an ethnicity that is not declared: a count, and no value."""
    said = [f"{name}: {number:,} people are counted as {OTHER!r}" for name, number in folded.items()]
    write_closed(child_level_folder(folder) / "account.txt", "\n".join(said) + "\n")


def study_several_worlds(share: float, file: Path, protocol: Protocol) -> None:
    """Whole-life gains in worlds with and without family risk, drawn with several seeds.

    Parameters
    ----------
    share : float
        Size of each world as a share of the published study, above 0.
    file : Path
        The CSV to write.
    protocol : Protocol
        Its first seed and the number of worlds per truth.
    """
    first = protocol.seeds.synthetic_network
    seeds = range(first + 1, first + 1 + protocol.networks.worlds_per_truth)
    parts = [
        whole_life_gains(
            generate_world(load_truth(truth), share=share, seed=seed), protocol.networks, protocol.uncertainty.level
        ).assign(world=label, seed=str(seed))
        for truth, label in TRUTHS.items()
        for seed in seeds
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    pd.concat(parts, ignore_index=True).to_csv(file, index=False, lineterminator="\n")


def whole_life_gains(world: World, definitions: Networks, level: float) -> pd.DataFrame:
    """What whole-life networks add in one world, under every reading.

    Parameters
    ----------
    world : World
    definitions : Networks
        The protocol's section on networks.
    level : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    pandas.DataFrame
        As `analysis.network.whole_life.gains` returns it.
    """
    prepared = prepare(tables_of(world), definitions, materialise)
    frame = collect(notification_table(prepared, definitions.whole_life_links))
    return gains(frame, whole_life_counts(prepared, READINGS), unit_of_folds=definitions.unit_of_folds, level=level)


def tables_of(world: World) -> NetworkTables:
    """A world in memory, put on an engine of its own."""
    backend = connect()
    types = register(backend, pa.Table.from_pandas(read_types(TYPES_FILE), preserve_index=False))
    names = ("people", "relationships", "events", "registry")
    return NetworkTables(**{name: register(backend, getattr(world, name).to_arrow()) for name in names}, types=types)
