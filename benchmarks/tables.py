"""What the attack recovers from 1,000 simulated tables of subgroups, printed as they are and through the release gate.

`python -m benchmarks tables`, for some minutes. The tests do the same with 50 tables.
"""

import time
from collections.abc import Iterator

from statsmodels.stats.proportion import proportion_confint

from tests.disclosure.test_attack_benchmark import SMALL, measure

TABLES = 1000
FEWEST = 50  # cases of a group of which most counts should still be published


def run() -> Iterator[dict]:
    """Shares recovered, with Clopper and Pearson's interval, and the share of counts that is still published."""
    start = time.process_time()
    found = measure(TABLES)
    seconds = time.process_time() - start
    bare, through = found["without"][found["attackable"]], int(found["through"].sum())
    protected = int(found["protected"].sum())
    left = found["left"][found["cases"] >= FEWEST].mean()
    yield _row(f"subgroups with a count of 1 to {SMALL}, as printed", int(bare.sum()), len(bare), seconds)
    yield _row("small counts, through the release gate", through, protected, seconds)
    yield {"name": f"counts of groups of {FEWEST} or more cases", "recovered": f"{left:.1%} of them still published"}


def _row(name: str, recovered: int, of: int, seconds: float) -> dict:
    low, high = proportion_confint(recovered, of, method="beta")
    words = f"{recovered} of {of} ({recovered / of:.1%}, 95% interval {low:.1%} to {high:.1%})"
    return {"name": name, "recovered": words, "cpu_seconds": seconds}
