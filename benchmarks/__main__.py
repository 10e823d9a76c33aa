"""`make benchmark`: what each stage costs, beside a naive way of doing the same. `make attempts`: what was attempted.

Costs are CPU-seconds of every process and the gigabytes that all of them held at once. Attempts are those of an
outsider on released tables, of a reader on redacted names, of a weakness on the tests. Each row is written as it comes.
"""

import argparse
import importlib
import json
import sys
import traceback
import warnings
from pathlib import Path

COSTS = ("report", "extract", "returns", "gate", "england", "peer", "compared", "scaling", "network", "joint")
ATTEMPTS = ("attack", "tables", "names", "mutants")
SUBJECTS = (*COSTS, *ATTEMPTS)
ALL = "all"
GROUPS = {ALL: SUBJECTS, "costs": COSTS, "attempts": ATTEMPTS}
MORE = ("wall_seconds", "gigabytes_at_once", "times_parsing_alone", "share_of_page")
MORE += ("xgboost_share", "exponent", "hours", "at_most")
SAID = ("recovered", "caught_by")
"""What a row tells of what was attempted, and not of its cost."""


def main() -> None:
    """Run the benchmarks named, print each row as it comes and write them all to `build/benchmark.json`."""
    warnings.simplefilter("ignore")  # of predictors that no training case has, and of topics that did not settle
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    choices = (*SUBJECTS, *GROUPS)
    parser.add_argument("subjects", nargs="*", default=ALL, choices=choices, metavar="SUBJECT", help=", ".join(choices))
    named = parser.parse_args().subjects
    named = [ALL] if named == ALL else named
    rows, failed, path = [], [], Path("build", "benchmark.json")
    path.parent.mkdir(exist_ok=True)
    for subject in dict.fromkeys(one for name in named for one in GROUPS.get(name, [name])):
        print(f"{subject} ...", file=sys.stderr, flush=True)
        try:
            for row in importlib.import_module(f"benchmarks.{subject}").run():
                print(_line(row), flush=True)
                rows.append(row)
                path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        except Exception:  # noqa: BLE001 - hours of other subjects are not lost by it
            traceback.print_exc()
            failed.append(subject)
    print(path)
    if failed:
        sys.exit(
            f"stopped by an error, printed above: {', '.join(failed)}; run `python -m benchmarks {' '.join(failed)}`"
        )


def _line(row: dict) -> str:
    more = "".join(f", {name.replace('_', ' ')} {row[name]:.2f}" for name in MORE if name in row)
    said = ", ".join(f"{name.replace('_', ' ')} {row[name]}" for name in SAID if name in row)
    if said:
        return f"{row['name']}: {said}"
    if row["reference_cpu_seconds"] is None:
        return f"{row['name']}: {row['cpu_seconds']:.1f} CPU-s{more}"
    how = " (extrapolated)" if row["extrapolated"] else ""
    reference = f"{row['reference_cpu_seconds']:.1f} CPU-s{how}"
    return f"{row['name']}: {row['cpu_seconds']:.1f} CPU-s, the reference {reference}: {row['ratio']:.1f} times{more}"


if __name__ == "__main__":
    main()
