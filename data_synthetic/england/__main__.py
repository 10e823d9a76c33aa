"""`python -m data_synthetic.england FOLDER`: write the synthetic authorities' extracts."""

import argparse
from pathlib import Path

from analysis.protocol import load_protocol
from data_synthetic.england.authorities import FORMS, synthesise


def main() -> None:
    """Read the command line and write the extracts."""
    parser = argparse.ArgumentParser(prog="python -m data_synthetic.england", description=__doc__)
    parser.add_argument("folder", type=Path, help="where one folder per authority is made")
    parser.add_argument("--authority", action="append", help="an authority, e.g. LA1; may be repeated (default: all)")
    parser.add_argument("--scale", type=float, default=1.0, help="families, as a multiple of the planted number")
    parser.add_argument("--seed", type=int, help="default: the protocol's")
    parser.add_argument("--form", choices=FORMS, default="annex_a")
    arguments = parser.parse_args()
    synthesise(
        arguments.folder,
        protocol=load_protocol(),
        authorities=arguments.authority,
        scale=arguments.scale,
        seed=arguments.seed,
        form=arguments.form,
        progress=print,
    )


if __name__ == "__main__":
    main()
