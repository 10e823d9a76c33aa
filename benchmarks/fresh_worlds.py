"""`python -m benchmarks.fresh_worlds`: how near worlds drawn with other seeds come to the published values.

The truth of the synthetic England was fitted to the published values in the mean over many worlds, by
`benchmarks.tuning`. Here the same truth is drawn with the seeds held out while it was fitted; each model is fitted as
the book fits it, and its average precision and AUC on test cases are written to the evidence that the book shows.
Nothing is chosen: all the worlds are recorded. Each is written down when it is done, so that a run that was stopped
goes on from there.
"""

import argparse
import json
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import yaml
from sklearn.metrics import average_precision_score, roc_auc_score

from analysis.cohort import build_cohort, predictors
from analysis.extract import read_extract
from analysis.model import Cases, fit_designs
from analysis.model.predictors import build_predictors
from analysis.protocol import Protocol, load_protocol
from analysis.protocol.values import Prediction
from analysis.schemas import CheckedTables
from analysis.study.evidence_files import FOLDER, FRESH_WORLDS, fingerprint_of_truth
from analysis.study.planted import SYNTHETIC_KEY
from analysis.tables.agreement import FreshWorlds, median_world
from analysis.text.documents import documents_before
from data_synthetic.england import synthesise
from data_synthetic.england.authorities import Form
from data_synthetic.england.held_out import RECORDED, seeds_held_out
from data_synthetic.england.truth import Truth


def main() -> None:
    """Draw the worlds, fit their models and write the record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fresh_worlds", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("build/worlds"), help="folder of what is done (build/worlds)")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side (2)")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    truth = fingerprint_of_truth()
    tasks = {
        options.into / f"{authority}-{seed}-{truth[:16]}.json": {"seed": seed, "authority": authority}
        for seed, authority in product(seeds_held_out(), load_protocol().authorities)
    }
    measure(tasks, options.workers)
    write_record(read(tasks))


def write_record(models: list[dict]) -> None:
    """Write the record of the worlds held out to the evidence of the book."""
    record = {
        "made": date.today(),
        "command": "python -m benchmarks.fresh_worlds",
        "truth": fingerprint_of_truth(),
        "held_out": RECORDED,
        "models": models,
    }
    path = FOLDER / FRESH_WORLDS
    path.write_text(yaml.safe_dump(record, sort_keys=False, default_flow_style=None, width=200), encoding="utf-8")
    worlds = len(dict.fromkeys(row["seed"] for row in models))
    print(f"{path}: {worlds} worlds, median {median_world(FreshWorlds.model_validate(record))}", flush=True)


def measure(tasks: Mapping[Path, Mapping[str, object]], workers: int) -> None:
    """Do each measurement that has no file yet, side by side, and write it there when it is done.

    Parameters
    ----------
    tasks : mapping of Path to mapping
        The file of each, and what `models_of_authority` is given.
    workers : int
        Processes.
    """
    todo = [(path, task) for path, task in tasks.items() if not path.is_file()]
    quiet = (warnings.simplefilter, ("ignore",))  # of predictors that no training case has
    with get_context("spawn").Pool(workers, *quiet) as pool:
        for number, path in enumerate(pool.imap_unordered(_measure, todo), start=1):
            print(f"{number} of {len(todo)}: {path.name}", flush=True)


def _measure(task: tuple[Path, Mapping]) -> Path:
    path, given = task
    path.write_text(json.dumps(models_of_authority(**given)), encoding="utf-8")
    return path


def read(paths: Iterable[Path]) -> list[dict]:
    """The models of measurements that are done."""
    return [row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]


def models_of_authority(
    seed: int,
    authority: str,
    *,
    truth: Truth | None = None,
    protocol: Protocol | None = None,
    form: Form = "annex_a",
) -> list[dict]:
    """One row for each model of an authority in the world of this seed: seed, prediction, design and three numbers.

    Parameters
    ----------
    seed : int
    authority : str
    truth : Truth, optional
        The planted one by default.
    protocol : Protocol, optional
        The book's by default.
    form : {"annex_a", "ssd"}
        In which the authority hands its records over.

    Returns
    -------
    list of dict
    """
    protocol, rows = protocol or load_protocol(), []
    with tempfile.TemporaryDirectory() as folder:
        planted = {"seed": seed, "truth": truth, "form": form}
        (source,) = synthesise(Path(folder), protocol=protocol, authorities=[authority], **planted)
        tables, _ = read_extract(source, secret=SYNTHETIC_KEY, study=protocol.study)
    for name, prediction in protocol.predictions.items():
        if prediction.authority == authority:
            found = models_of_prediction(tables, prediction, protocol)
            rows += [{"seed": seed, "prediction": name, **model} for model in found]
    return rows


def models_of_prediction(tables: CheckedTables, prediction: Prediction, protocol: Protocol) -> Iterator[dict]:
    """Average precision and AUC of each design on its test cases, and the share of these with the outcome."""
    cohort = build_cohort(tables, prediction, protocol.study)
    structured = predictors(tables, cohort.cases, supplied_counts=protocol.supplied_counts.used)
    documents = documents_before(tables, cohort.cases, protocol.text, lag_days=protocol.text.lag_days)
    cases, known = Cases.of(cohort.cases), build_predictors(structured, documents, protocol)
    for design, fitted in fit_designs(cases, known, protocol, window_months=prediction.window_months).items():
        outcome = cases.outcome[fitted.split.test]
        yield {
            "design": design,
            "average_precision": round(float(average_precision_score(outcome, fitted.test_risk)), 4),
            "auc": round(float(roc_auc_score(outcome, fitted.test_risk)), 4),
            "prevalence": round(float(outcome.mean()), 4),
        }


if __name__ == "__main__":
    main()
