"""Weaknesses planted one at a time in a copy of the code: each must be caught by a test that is named beside it.

`python -m benchmarks mutants`, for a quarter of an hour; `python -m benchmarks.mutants WORD ...` plants only those
whose name holds one of the words.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import Cost, row

ROOT = Path(__file__).resolve().parents[1]
TREES = ("analysis", "benchmarks", "book", "data_synthetic", "tests", "protocol.yml", "pyproject.toml")
SECONDS = 600


@dataclass(frozen=True)
class Mutant:
    """A weakness: in `file`, `right` (which stands there once) becomes `wrong`, and one of `tests` must fail.

    Attributes
    ----------
    tests : tuple of str
        Files of tests, or single tests, as pytest names them.
    """

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]


ATTACK, DOOR = "tests/disclosure/test_attack.py", "tests/disclosure/test_door.py"
LEDGER, PAGES = "tests/disclosure/test_ledger.py", "tests/disclosure/test_run_of_several_pages.py"
OUTSIDER, SUMMARY = "tests/attacker/test_outsider.py", "tests/workflow/test_summary.py"
MUTANTS = (
    Mutant("suppression: threshold off by one", "analysis/disclosure/suppression.py",
           "if value and value <= preset.threshold}", "if value and value < preset.threshold}", (DOOR,)),
    Mutant("exposure: a count known to within one is safe", "analysis/disclosure/attack.py",
           "NARROW = 2  #", "NARROW = 1  #", (OUTSIDER, "tests/disclosure/test_attack_benchmark.py")),
    Mutant("no complementary suppression", "analysis/disclosure/suppression.py",
           "if not preset.complementary:", "if True:", (DOOR, "tests/disclosure/test_attack_benchmark.py")),
    Mutant("rates at full precision", "analysis/disclosure/printing.py",
           "RATE_DECIMALS = 3", "RATE_DECIMALS = 12", (DOOR, OUTSIDER)),
    Mutant("measures at full precision", "analysis/disclosure/printing.py",
           "na_value=np.nan).round(measure.decimals)", "na_value=np.nan).round(12)", (DOOR, OUTSIDER)),
    Mutant("digits printed in the words of a row with a withheld count", "analysis/disclosure/printing.py",
           "return TOO_FEW if few and any(letter.isdigit() for letter in str(words)) else words", "return words",
           (DOOR, OUTSIDER)),
    Mutant("support ignored", "analysis/disclosure/printing.py",
           "for support in specifications[name].rests_on:", "for support in ():", (DOOR,)),
    Mutant("a group of few cases says who of it had the outcome", "analysis/disclosure/suppression.py",
           "    small |= hollow\n", "    hollow = set()\n", (DOOR,)),
    Mutant("net benefit not attacked", "analysis/disclosure/attack.py",
           'if "decision_curve" in frames:', "if False:", (ATTACK,)),
    Mutant("AUC and average precision not attacked", "analysis/disclosure/attack.py",
           "if by_counts or preset.rounding > 1:", "if True:", (ATTACK,)),
    Mutant("the last equation of the learning curve dropped", "analysis/disclosure/relations.py",
           """        yield total(whole, [f"{whole}, size {largest}"], f"{whole}, size {largest} are all")\n""", "",
           (OUTSIDER,)),
    Mutant("between equals the smaller count is withheld", "analysis/disclosure/door.py",
           "cost + _order(quantity)", "cost + min((counts.values[quantity] or 0) / 1e3, 0.09)", (OUTSIDER,)),
    Mutant("a record without a population accepted", "analysis/disclosure/specification.py",
           "* (not self.population)", "* 0", ("tests/disclosure/test_records.py",)),
    Mutant("siblings dropped", "analysis/disclosure/publication.py",
           "siblings = of_others(known, history.page)", "siblings = {}", (PAGES, LEDGER)),
    Mutant("earlier releases dropped", "analysis/disclosure/publication.py",
           "earlier = [entry.tables for entry in of_page(known, history.page)]", "earlier = []", (PAGES, LEDGER)),
    Mutant("only the last earlier release looked at", "analysis/disclosure/publication.py",
           "of_page(known, history.page)]", "of_page(known, history.page)][-1:]", (LEDGER,)),
    Mutant("the ledger written after the tables", "analysis/disclosure/publication.py",
           """        if same is None:
            ledger.record(history.page, fingerprint, made)
        hashes = _write_beside(made, folder, provenance)
        if same and hashes != same.hashes:
            made = dict(same.tables)
            _write_beside(made, folder, provenance)
        _put_in_place(folder)
""",
           """        hashes = _write_beside(made, folder, provenance)
        if same and hashes != same.hashes:
            made = dict(same.tables)
            _write_beside(made, folder, provenance)
        _put_in_place(folder)
        if same is None:
            ledger.record(history.page, fingerprint, made)
""", (LEDGER,)),
    Mutant("collect: joint check skipped", "analysis/workflow/collect/joint.py",
           "return (*found, *attack_jointly({submission.problem: submission.tables for submission in sent}, preset))",
           "return tuple(found)", ("tests/collect/test_collect.py",)),
    Mutant("collect: check of each page skipped", "analysis/workflow/collect/joint.py",
           "found += attack(frames, PAGE_TABLES, preset)", "found += ()", ("tests/collect/test_collect.py",)),
    Mutant("collect: a link accepted", "analysis/workflow/collect/folders.py",
           "problems += _links(folder)", "problems += []", ("tests/collect/test_attacks_on_collecting.py",)),
    Mutant("collect: any name of an authority accepted", "analysis/workflow/collect/folders.py",
           "return isinstance(text, str) and bool(NAME.fullmatch(text))", "return isinstance(text, str) and bool(text)",
           ("tests/collect/test_attacks_on_collecting.py",)),
    Mutant("collect: own data need no signature", "analysis/workflow/collect/joint.py",
           "*_unsigned(sent, protocol, keys or {})", "*()", ("tests/collect/test_collect.py",)),
    Mutant("summary: joint check skipped", "analysis/workflow/summary.py",
           "    check_jointly(study)\n    names", "    names", (SUMMARY,)),
    Mutant("own networks released under the synthetic preset", "analysis/workflow/network_study.py",
           "preset=rules.synthetic_data if synthetic else rules.own_data", "preset=rules.synthetic_data",
           ("tests/network/test_network_earlier.py",)),
    Mutant("own networks taken for synthetic ones", "analysis/workflow/network_study.py",
           '"synthetic": world != OWN,', '"synthetic": True,', ("tests/workflow/test_own_networks.py",)),
    Mutant("own data hashed with the public key", "analysis/workflow/extraction.py",
           "SYNTHETIC_KEY if synthetic else secret_key", "SYNTHETIC_KEY if True else secret_key",
           ("tests/workflow/test_extraction.py",)),
    Mutant("a key inside the build accepted", "analysis/workflow/extraction.py",
           "secret_key(outputs=outputs_of(build))", "secret_key(outputs=())", ("tests/workflow/test_extraction.py",)),
    Mutant("child-level folder open at its creation", "analysis/disclosure/containment.py",
           "folder.mkdir(mode=_OWNER_FOLDER, exist_ok=True)", "folder.mkdir(exist_ok=True)",
           ("tests/privacy/test_containment.py",)),
    Mutant("account of an extract open to all", "analysis/disclosure/containment.py",
           "_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600", "_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o644",
           ("tests/privacy/test_containment.py",)),
    Mutant("the ledger's folders open to all", "analysis/disclosure/ledger.py",
           "path.chmod(0o700)", "path.chmod(0o755)", (LEDGER,)),
    Mutant("kernels listen on every interface", "analysis/workflow/notebook.py",
           """{"transport": "ipc", "ip": f"{folder}/k"}""", """{"ip": "0.0.0.0"}""",
           ("tests/workflow/test_nobody_listens.py",)),
    Mutant("a worker outlives its run", "analysis/workflow/workers.py",
           "    end_with_parent(parent)\n", "", ("tests/workflow/test_scheduler.py",)),
    Mutant("a word of one family printed as a topic's", "analysis/text/tables.py",
           "family) >= families_per_term\n    words", "family) >= 1\n    words", ("tests/text/test_words.py",)),
    Mutant("a vulnerability of one family printed", "analysis/text/tables.py",
           "if len(np.unique(family[found])) >= families_per_term:", "if found.any():", ("tests/text/test_words.py",)),
    Mutant("list of allowed words off", "analysis/text/tables.py",
           "    shown &= may_be_shown(words, fitted.counts.written_as_names)\n", "",
           ("tests/privacy/test_planted_names.py",)),
    Mutant("an error prints a child's values", "analysis/workflow/failures.py",
           """f"stopped by {type(error).__name__}; run""", """f"stopped by {error!r}; run""",
           ("tests/workflow/test_scheduler.py", "tests/workflow/test_steps.py")),
    Mutant("a failed cell's words are printed", "analysis/workflow/notebook.py",
           "stopped with {error.ename}: {NOT_SHOWN}", "stopped with {error.ename}: {error.evalue}",
           ("tests/workflow/test_notebook.py",)),
    Mutant("kept values read without their signature", "analysis/study/kept.py",
           "if not hmac.compare_digest(signature, _signature(path, content, key)):", "if False:",
           ("tests/workflow/test_kept.py",)),
    Mutant("a release of own data not signed", "analysis/workflow/page.py",
           "if not read_settings(build).synthetic:", "if False:", ("tests/workflow/test_signed_release.py",)),
    Mutant("a title stands in its page as markup", "analysis/book/sentences/problem.py",
           "as_myst(prediction.title), as_myst(prediction.question)", "prediction.title, prediction.question",
           ("tests/figures/test_sentences.py", "tests/book/test_hostile_words.py")),
    Mutant("a cell of a released CSV is a formula", "analysis/escape.py",
           '    return f"\'{text}"\n', "    return text\n", ("tests/escape/test_escape.py",)),
)  # fmt: skip


def run() -> list[dict]:
    """One row per mutant, with the test that caught it; ends with an error if any survived.

    Raises
    ------
    AssertionError
        Naming the mutants that no test caught.
    """
    rows = []
    for mutant, caught_by in plant(MUTANTS):
        rows.append(row(f"mutant, {mutant.name}", Cost(0), caught_by=caught_by or "no test"))
        print(f"{mutant.name}: {caught_by or 'SURVIVES'}", flush=True)
    survivors = [one["name"] for one in rows if one["caught_by"] == "no test"]
    assert not survivors, f"caught by no test: {'; '.join(survivors)}"
    return rows


def plant(mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with the first test that fails because of it, or ''."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in TREES:
            source, target = ROOT / name, tree / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
        for mutant in mutants:
            path = tree / mutant.file
            text = path.read_text(encoding="utf-8")
            path.write_text(weakened(mutant, text), encoding="utf-8")
            yield mutant, first_failure(tree, mutant.tests)
            path.write_text(text, encoding="utf-8")


def weakened(mutant: Mutant, text: str) -> str:
    """The text of the mutant's file with the weakness in it.

    Raises
    ------
    ValueError
        If what it replaces does not stand there exactly once.
    """
    times = text.count(mutant.right)
    if times != 1:
        raise ValueError(f"mutant {mutant.name!r}: its text stands {times} times in {mutant.file}; write it anew")
    return text.replace(mutant.right, mutant.wrong)


def first_failure(tree: Path, tests: Sequence[str]) -> str:
    """The first of the tests that fails in this copy of the code; '' if none does."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", *tests]
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"{tests[0]} (did not end)"
    assert done.returncode in (0, 1), done.stdout[-2000:] + done.stderr[-2000:]
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return failed[0].split(" ", 1)[1].split(" - ")[0] if failed else ""


if __name__ == "__main__":
    chosen = [one for one in MUTANTS if not sys.argv[1:] or any(word in one.name for word in sys.argv[1:])]
    for planted, test in plant(chosen):
        print(f"{planted.name}: {test or 'SURVIVES'}", flush=True)
