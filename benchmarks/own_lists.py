"""Books of authorities that ask what they like: four variations of the guide's list of predictions.

`python -m benchmarks.own_lists FOLDER [NAME ...]` makes each to its book by the command that an authority would type,
with few draws. `tests/report/test_own_lists.py` makes three of them, and `test_own_questions.py` the guide's own book.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.protocol import load_protocol
from analysis.study.settings import choose_problems
from data_synthetic.england import synthesise
from tests.report.guide import protocol_of_the_guide
from tests.report.own_extract import ROOT, copy_networks, quick_protocol, run_report

SCALE = 0.3  # of the invented authority's cases: enough for most predictions to be studied
OWN = "P9"  # the prediction that the guide adds, asked of its own authority alone
COUNCILS = {"Anyborough": "LA3", "Safeford": "LA4"}
"""Name of each council's folder, and the invented authority whose records it holds."""


@dataclass(frozen=True)
class Variation:
    """Which predictions a protocol holds, and how many councils it is asked of."""

    predictions: tuple[str, ...]
    councils: int = 1


VARIATIONS = {
    "added": Variation((*(f"P{number}" for number in range(1, 9)), OWN)),
    "four_struck_out": Variation(("P5", "P6", "P7", "P8")),
    "one_kept": Variation(("P7",)),
    "two_councils": Variation(("P5", "P7", OWN), councils=2),
}


def write_protocol(folder: Path, variation: Variation) -> Path:
    """The guide's protocol with this list of predictions and few draws, its deviations beside it."""
    values = yaml.safe_load(protocol_of_the_guide())
    values["predictions"] = {name: values["predictions"][name] for name in variation.predictions}
    return quick_protocol(folder, yaml.safe_dump(values, sort_keys=False), "own.yml")


def make_book(name: str, folder: Path, networks: Path | None) -> Path:
    """The HTML of one variation's book.

    Parameters
    ----------
    name : str
        Of the variation.
    folder : Path
        Where its extracts, protocol and build folder go.
    networks : Path or None
        A build folder whose study of family networks is used again; it is the same in every run.

    Returns
    -------
    Path

    Raises
    ------
    RuntimeError
        If the command fails, or the book lacks a page of a prediction or does not name its council.
    """
    variation = VARIATIONS[name]
    councils = dict(list(COUNCILS.items())[: variation.councils])
    folder.mkdir(parents=True, exist_ok=True)
    registered = load_protocol(ROOT / "protocol.yml")
    synthesise(folder / "data", protocol=registered, authorities=list(councils.values()), scale=SCALE)
    for council, like in councils.items():
        (folder / "data" / like).rename(folder / "data" / council)
    protocol, build = write_protocol(folder, variation), folder / "build"
    if networks:
        copy_networks(networks, build)
    own = ["--data", str(folder / "data"), "--protocol", str(protocol), "--network-world", "small"]
    done = run_report("report", *own, "--build", str(build), guard=folder / "guard")
    (folder / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    book, wrong = build / "_build" / "html", [f"exit status {done.returncode}"] if done.returncode else []
    for problem in choose_problems(load_protocol(protocol), list(councils)):
        page = book / "results" / problem.authority / f"{problem.outcome}.html"
        if not page.is_file() or problem.authority not in page.read_text(encoding="utf-8"):
            wrong.append(f"no page of its own for {problem.slug}")
    if wrong:
        raise RuntimeError(f"{name}: {'; '.join(wrong)}; see {folder / 'log.txt'}")
    return book


def main() -> None:
    """Make the books that are named, or all of them, and print where each is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.own_lists", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(VARIATIONS))
    given = parser.parse_args()
    networks = None
    for name in given.names or VARIATIONS:
        book = make_book(name, given.folder / name, networks)
        networks = given.folder / name / "build"
        print(f"{name}: {book / 'index.html'}", flush=True)


if __name__ == "__main__":
    main()
