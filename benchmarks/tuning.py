"""`python -m benchmarks.tuning`: fit the truth of the synthetic England to the published values by simulated moments.

The moments are the average precision and the AUC of each model, and the share of test cases with the outcome, in the
mean over worlds of many seeds; the published values are their targets, but for the shares, which A does not print and
which are held where they are. Distances are in standard deviations between worlds. Each kind of parameter is moved a
step in every prediction at once, for the parameters of one prediction move its own moments only; least squares with a
penalty on the length of the move then give it (McFadden 1989, Econometrica 57(5)). It is made if the mean over all the
seeds then lies nearer to the targets.

To be affordable, moments are measured with one candidate for each family of models instead of all, on the same seeds
before and after, slopes on the first few of them. What the full search adds is taken from worlds of the present truth
in which both were done (`--full`, a record of such worlds) and assumed not to change with the move. Whether it holds is
seen in the worlds held out, which are drawn afterwards with the seeds of `data_synthetic.england.held_out`.

Each measurement is written to `--into` when it is done; a run that was stopped goes on from there.
"""

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.special import expit, logit

from analysis.protocol import Protocol, load_protocol
from analysis.published import published_value
from analysis.study.fingerprint import hash_values
from analysis.tables.agreement import LEAST_DEVIATION
from benchmarks.fresh_worlds import measure, read
from data_synthetic.england.truth import TRUTH, Truth

FIRST = 20201002  # seed: the hundred-and-first after the one registered; none of the hundred before is used
METRICS = ("average_precision", "auc", "prevalence")
PENALTY = 1.0  # a move of one step costs as much as a moment that is one standard deviation off
SHARES = (1.0, 0.5, 0.25)  # of the move, tried in this order


@dataclass(frozen=True)
class Kind:
    """A parameter that each prediction (or authority) has, or may have, and what one step of it does."""

    section: str
    name: str
    moved: Callable[[object, float], object]  # the value, and how many steps
    has: Callable[[object], bool] = lambda value: value is not None


def _drift(values: Mapping[str, float], steps: float) -> dict[str, float]:
    return {name: value * (1 + 0.3 * steps) for name, value in values.items()}


def _pattern(pattern: Mapping, steps: float) -> dict:
    return {**pattern, "until": pattern["until"] + timedelta(days=round(120 * steps))}


KINDS = (
    Kind("predictions", "intercept", lambda value, steps: value + 0.3 * steps),
    Kind("predictions", "signal", lambda value, steps: value * np.exp(0.15 * steps)),
    Kind("predictions", "ceiling", lambda v, steps: float(expit(logit(v) + 0.4 * steps)), lambda v: v < 1),
    Kind("predictions", "drift", _drift, bool),
    Kind("predictions", "pattern", _pattern),
    Kind("authorities", "text_signal", lambda value, steps: value * np.exp(0.5 * steps)),
)


def parameters(truth: Mapping) -> list[tuple[str, str, str]]:
    """Section, prediction or authority, and parameter of each number that may move."""
    return [
        (kind.section, owner, kind.name)
        for kind in KINDS
        for owner, values in truth[kind.section].items()
        if kind.name in values and kind.has(values[kind.name])
    ]


def moved(truth: Mapping, move: Mapping[tuple[str, str, str], float]) -> dict:
    """The truth after a move.

    Parameters
    ----------
    truth : mapping
        As `truth.yml` holds it.
    move : mapping of (section, owner, parameter) to float
        Steps; a parameter that is not named stays.

    Returns
    -------
    dict
    """
    kinds, after = {(kind.section, kind.name): kind for kind in KINDS}, deepcopy(dict(truth))
    for (section, owner, name), steps in move.items():
        after[section][owner][name] = kinds[section, name].moved(truth[section][owner][name], steps)
    return after


def worlds(truth: Mapping, seeds: Sequence[int], into: Path, protocol: Protocol) -> dict[Path, dict]:
    """The measurements that one truth needs, by file: one for each seed and authority.

    A file is named by what of the truth the authority's world depends on, so what a move does not touch is done once.
    """
    shared, planted = {**truth, "authorities": None, "predictions": None}, Truth.model_validate(truth)
    tasks = {}
    for name in protocol.authorities:
        predictions = {p: truth["predictions"][p] for p, v in protocol.predictions.items() if v.authority == name}
        own = truth["authorities"][name]
        digest = hash_values(json.dumps([shared, own, predictions], default=str, sort_keys=True))
        # The quicker form to read, but where the extract's own counts know the future.
        form = "annex_a" if own["counts_as_at"] == "extract" else "ssd"
        given = {"authority": name, "truth": planted, "protocol": protocol, "form": form}
        tasks |= {into / f"{name}-{seed}-{digest[:16]}.json": {"seed": seed, **given} for seed in seeds}
    return tasks


def moments(models: pd.DataFrame) -> pd.DataFrame:
    """A row for each seed and a column for each (prediction, design, metric); shares of one design only."""
    wide = models.set_index(["seed", "prediction", "design"]).reindex(columns=METRICS).stack().unstack([1, 2, 3])
    return wide[[name for name in wide if name[2] != "prevalence" or name[1] == "structured-all_cases"]].sort_index()


def least_squares(residual: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """The move that makes the sum of squared residuals, with a penalty on its own length, smallest.

    Parameters
    ----------
    residual : ndarray, shape (moments,)
        Distance from the targets, in standard deviations between worlds.
    slopes : ndarray, shape (moments, parameters)
        What a step of each parameter adds to the residual.

    Returns
    -------
    ndarray, shape (parameters,)
        Steps.

    Examples
    --------
    >>> least_squares(np.array([2.0]), np.array([[1.0]])).round(6).tolist()  # half of the way, for it costs as much
    [-1.0]
    """
    penalty = PENALTY * np.eye(slopes.shape[1])
    right = np.concatenate([-residual, np.zeros(slopes.shape[1])])
    return np.linalg.lstsq(np.vstack([slopes, penalty]), right, rcond=None)[0]


def rewritten(text: str, before: Mapping, after: Mapping) -> str:
    """`truth.yml` with the numbers that moved, each to three significant digits; all else, comments too, as it was."""
    for section, owner, name in parameters(before):
        if after[section][owner][name] == before[section][owner][name]:
            continue
        line = re.compile(rf"(^  {owner}:\n(?:    .*\n)*?    {name}: )([^#\n]*?)(\s*#.*)?$", re.MULTILINE)
        text, times = line.subn(
            lambda match, value=after[section][owner][name]: match[1] + _said(value) + (match[3] or ""), text
        )
        if times != 1:
            raise ValueError(f"truth.yml: {owner}: {name} stands {times} times")
    return text


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_said(each)}" for name, each in value.items()) + "}"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Measure slopes and move the truth, if the mean over all the seeds then lies nearer to the published values."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tuning", description=__doc__)
    parser.add_argument("--full", type=Path, required=True, help="record of worlds of the present truth, full search")
    parser.add_argument("--into", type=Path, default=Path("build/tuning"), help="folder of the measurements")
    parser.add_argument("--worlds", type=int, default=20, help="seeds of the means (20)")
    parser.add_argument("--slopes", type=int, default=4, help="seeds of the slopes (4)")
    parser.add_argument("--workers", type=int, default=2, help="processes side by side (2)")
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    protocol, now = one_candidate(load_protocol()), yaml.safe_load(TRUTH.read_text(encoding="utf-8"))
    many, few = range(FIRST, FIRST + options.worlds), range(FIRST, FIRST + options.slopes)
    names = parameters(now)

    def of(truth: Mapping, seeds: Sequence[int]) -> pd.DataFrame:
        tasks = worlds(truth, seeds, options.into, protocol)
        measure(tasks, options.workers)
        return moments(pd.DataFrame(read(tasks)))

    base = of(now, many)
    full = moments(pd.DataFrame(yaml.safe_load(options.full.read_text(encoding="utf-8"))["models"]))
    both = [seed for seed in full.index if seed in base.index]
    search = (full.loc[both] - base.loc[both]).mean()  # what the full search adds
    deviation = base.std().clip(lower=LEAST_DEVIATION)
    target = pd.Series({name: _target(name, base) for name in base})
    counted = target.dropna().index

    def residual(mean: pd.Series) -> pd.Series:
        return ((mean + search.fillna(0) - target) / deviation)[counted]

    slopes = pd.DataFrame(0.0, index=counted, columns=pd.MultiIndex.from_tuples(names))
    for kind in KINDS:
        own = [name for name in names if name[0] == kind.section and name[2] == kind.name]
        step = (of(moved(now, dict.fromkeys(own, 1.0)), few) - base.loc[few]).mean() / deviation
        for name in own:
            belongs = [m for m in counted if name[1] in (m[0], protocol.predictions[m[0]].authority)]
            slopes.loc[belongs, name] = step[belongs]
    here = residual(base.mean())
    move = least_squares(here.to_numpy(), slopes.to_numpy())
    before = float((here**2).sum())
    print(f"sum of squares before: {before:.1f} of {len(counted)} moments", flush=True)
    for share in SHARES:
        truth = moved(now, dict(zip(names, (share * move).tolist(), strict=True)))
        text = rewritten(TRUTH.read_text(encoding="utf-8"), now, truth)
        after = float((residual(of(yaml.safe_load(text), many).mean()) ** 2).sum())
        print(f"sum of squares after {share:g} of the move: {after:.1f}", flush=True)
        if after < before:
            TRUTH.write_text(text, encoding="utf-8")
            print(f"{TRUTH} written")
            return
    print("no share of the move comes nearer: the truth stays")


def one_candidate(protocol: Protocol) -> Protocol:
    """The protocol with one candidate for each family of models and two folds."""
    draws = type(protocol.models.draws_per_family)(logistic_regression=1, decision_tree=1, xgboost=1)
    models = protocol.models.model_copy(update={"draws_per_family": draws})
    return protocol.model_copy(update={"models": models, "splits": protocol.splits.model_copy(update={"folds": 2})})


def _target(name: tuple[str, str, str], base: pd.DataFrame) -> float:
    """The published value of a moment, the present mean of a share, or NaN."""
    prediction, design, metric = name
    value = base[name].mean() if metric == "prevalence" else published_value(prediction, design, metric)
    return np.nan if value is None else float(value)


if __name__ == "__main__":
    main()
