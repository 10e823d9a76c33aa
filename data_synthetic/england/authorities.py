"""Write the synthetic authorities' extracts to a folder."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import yaml

from analysis.protocol import Protocol
from data_synthetic.england.annex_a import extracts, lists, write_workbook
from data_synthetic.england.documents import write_documents
from data_synthetic.england.people import populate
from data_synthetic.england.records import Records, keep_records
from data_synthetic.england.returns import write_returns
from data_synthetic.england.standard_safeguarding import write_standard_safeguarding
from data_synthetic.england.tool import SCORED_AUTHORITIES, write_scores
from data_synthetic.england.truth import AuthorityTruth, Truth, load_truth
from data_synthetic.england.visits import simulate_visits
from data_synthetic.england.world import new_world

Form = Literal["annex_a", "ssd", "returns"]
FORMS: tuple[Form, ...] = get_args(Form)


def synthesise(
    folder: Path,
    *,
    protocol: Protocol,
    authorities: Sequence[str] | None = None,
    scale: float = 1.0,
    seed: int | None = None,
    form: Form = "annex_a",
    truth: Truth | None = None,
    planted_risks: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write one folder per authority, as an authority would hand over its extract.

    Parameters
    ----------
    folder : Path
        Where the authorities' folders are made.
    protocol : Protocol
        Declares the predictions whose outcomes are planted, their windows, and the seed.
    authorities : sequence of str, optional
        Which; all by default.
    scale : float
        Families per authority, as a multiple of the planted number.
    seed : int, optional
        The protocol's by default; the same seed gives the same bytes.
    form : {"annex_a", "ssd", "returns"}
        Annex A workbooks, the tables of the Standard Safeguarding Dataset, or the children in need census and SSDA903
        of each year. The returns hold no contacts, no early help and no documents.
    truth : Truth, optional
        As `truth.yml` holds it by default.
    planted_risks : Path, optional
        A folder that gets one table per authority of the risks that its outcomes were drawn from; none by default.
    progress : callable, optional
        Told in a sentence what has been written.

    Returns
    -------
    list of Path
        The folders written.
    """
    truth = truth or load_truth()
    seed = protocol.seeds.synthetic_england if seed is None else seed
    written = []
    for name in authorities or list(truth.authorities):
        records = simulate(truth, protocol, name, seed=seed, scale=scale)
        about = {"name": protocol.authorities[name].name, "from": records.first_date, "to": records.last_date}
        path = Path(folder) / name
        _write(path, records, truth.authorities[name], about=about, seed=f"{seed} {name}", form=form)
        if scale_of_scores := SCORED_AUTHORITIES.get(name):
            write_scores(path / "scores.csv", records, scale_of_scores, seed=seed)
        if planted_risks is not None:
            Path(planted_risks).mkdir(parents=True, exist_ok=True)
            records.planted_risks.write_parquet(Path(planted_risks) / f"{name}.parquet")
        written.append(path)
        if progress:
            progress(f"{name}: {len(records.children):,} children, {len(records.contacts):,} contacts")
    return written


def simulate(truth: Truth, protocol: Protocol, name: str, *, seed: int, scale: float = 1.0) -> Records:
    """Everything recorded of one authority's children.

    Parameters
    ----------
    truth : Truth
        Of all authorities.
    protocol : Protocol
        Declares the predictions whose outcomes are planted.
    name : str
        The authority's, as the protocol has it.
    seed : int
        The same seed and name give the same records.
    scale : float
        Families, as a multiple of the planted number.

    Returns
    -------
    Records
    """
    rng = np.random.default_rng([seed, *name.encode()])
    authority = truth.authorities[name]
    predictions = {key: value for key, value in protocol.predictions.items() if value.authority == name}
    world = new_world(truth, authority, predictions, populate(truth, authority, rng, scale=scale), rng)
    simulate_visits(world)
    return keep_records(world, prefix=name)


def _write(path: Path, records: Records, authority: AuthorityTruth, *, about: dict, seed: str, form: str) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if form != "returns":
        documents, names = write_documents(records, authority, seed=seed)
        documents.write_parquet(path / "documents.parquet")
        names.write_csv(path / "names.csv")
    records.children.select("child_id", "family_id").write_csv(path / "families.csv")
    (path / "extract.yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
    if form == "ssd":
        write_standard_safeguarding(path / "ssd", records)
    elif form == "returns":
        write_returns(path, records)
    else:
        _write_workbooks(path / "annex_a", records, authority)


def _write_workbooks(folder: Path, records: Records, authority: AuthorityTruth) -> None:
    folder.mkdir(exist_ok=True)
    for extract in extracts(authority):
        frames = lists(
            records,
            extract,
            counts_as_at=authority.counts_as_at,
            one_row_per_child=authority.extract_months is not None,
        )
        write_workbook(folder / f"annex_a_{extract.last:%Y-%m-%d}.xlsx", frames)
