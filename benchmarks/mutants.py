"""Weaknesses planted one at a time in a copy of the code: each must be caught by a test that is named beside it.

A test that fails of itself would catch anything: all those named must pass before the first weakness is planted.

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

from benchmarks.timing import Cost, cpu_seconds, row

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


EDGES = "tests/disclosure/test_edges_of_the_rules.py"
ATTACK, GATE = "tests/disclosure/test_attack.py", "tests/disclosure/test_release_gate.py"
LEDGER, PAGES = "tests/disclosure/test_ledger.py", "tests/disclosure/test_run_of_several_pages.py"
COLLECT, HOSTILE = "tests/collect/test_collect.py", "tests/collect/test_attacks_on_collecting.py"
OUTSIDER, SUMMARY = "tests/attacker/test_outsider.py", "tests/workflow/test_summary.py"
MUTANTS = (
    Mutant("suppression: threshold off by one", "analysis/disclosure/suppression.py",
           "if value and value <= preset.threshold}", "if value and value < preset.threshold}",
           (f"{EDGES}::test_the_threshold_itself_is_withheld_and_the_next_count_is_not",)),
    Mutant("exposure: a count known to within one is safe", "analysis/disclosure/attack.py",
           "NARROW = 2  #", "NARROW = 1  #",
           (f"{EDGES}::test_a_count_known_to_within_one_is_exposed_and_one_known_to_within_two_is_not",)),
    Mutant("a solution found before is believed without its equations", "analysis/disclosure/exact_bounds.py",
           "if ((sums >= self.row_low) & (sums <= self.row_high)).all():", "if True:",
           ("tests/disclosure/test_equations.py",)),
    Mutant("a solution found before is believed beyond what is known", "analysis/disclosure/exact_bounds.py",
           "if ((counts >= self.low) & (counts <= self.high)).all():", "if True:",
           ("tests/disclosure/test_equations.py",)),
    Mutant("no complementary suppression", "analysis/disclosure/suppression.py",
           "if not preset.complementary:", "if True:",
           (f"{EDGES}::test_where_a_total_is_printed_one_more_row_is_withheld_and_not_the_table",)),
    Mutant("rates at full precision", "analysis/disclosure/printing.py",
           "RATE_DECIMALS = 3", "RATE_DECIMALS = 12",
           (f"{EDGES}::test_a_rate_is_printed_to_three_decimals_and_a_measure_to_its_own",)),
    Mutant("an interval tells of the rest", "analysis/disclosure/printing.py",
           "    return telling\n", "    return {}\n",
           (f"{EDGES}::test_an_interval_is_withheld_where_it_would_tell_of_the_rest_that_is_small",)),
    Mutant("measures at full precision", "analysis/disclosure/printing.py",
           "na_value=np.nan).round(measure.decimals)", "na_value=np.nan).round(12)",
           (f"{EDGES}::test_a_rate_is_printed_to_three_decimals_and_a_measure_to_its_own",)),
    Mutant("digits printed in the words of a row with a withheld count", "analysis/disclosure/printing.py",
           "return TOO_FEW if few and any(letter.isdigit() for letter in str(words)) else words", "return words",
           (f"{EDGES}::test_words_with_digits_are_withheld_beside_a_withheld_count",)),
    Mutant("support ignored", "analysis/disclosure/printing.py",
           "for support in specifications[name].rests_on:", "for support in ():",
           (f"{GATE}::test_what_rests_on_a_table_that_is_not_there_is_withheld",)),
    Mutant("a group of few cases says who of it had the outcome", "analysis/disclosure/suppression.py",
           "    small |= fully_suppressed_rows\n", "    fully_suppressed_rows = set()\n",
           (f"{GATE}::test_of_a_group_of_few_cases_nothing_is_published",)),
    Mutant("net benefit not attacked", "analysis/disclosure/attack.py",
           'for name in (name for name in frames if specifications[name].net_benefit):', "for name in ():",
           (f"{ATTACK}::test_net_benefit_tells_the_counts_between_two_thresholds",)),
    Mutant("AUC and average precision not attacked", "analysis/disclosure/attack.py",
           "        if by_counts:\n", "        if True:\n",
           (f"{ATTACK}::test_an_auc_beside_printed_cases_tells_who_was_flagged",)),
    Mutant("the last equation of the learning curve dropped", "analysis/disclosure/relations.py",
           """        yield total(whole, [f"{whole}, size {largest}"], f"{whole}, size {largest} are all")\n""", "",
           (f"{OUTSIDER}::test_a_learning_curve_without_its_last_equation_is_caught",)),
    Mutant("between equals the smaller count is withheld", "analysis/disclosure/release_gate.py",
           "cost + _order(quantity)", "cost + min((counts.values[quantity] or 0) / 1e3, 0.09)",
           (f"{OUTSIDER}::test_the_rule_played_through_every_world_leaves_the_withheld_count_open",)),
    Mutant("a record without a population accepted", "analysis/disclosure/specification.py",
           "* (not self.population)", "* 0", ("tests/disclosure/test_records.py",)),
    Mutant("other outcomes dropped", "analysis/disclosure/publication.py",
           "other_outcomes = of_others(known, history.page)", "other_outcomes = {}",
           (f"{PAGES}::test_two_outcomes_of_nearly_the_same_children_are_released_so_that_their_difference_is_not_told",)),
    Mutant("earlier releases dropped", "analysis/disclosure/publication.py",
           "earlier = [entry.tables for entry in of_page(known, history.page)]", "earlier = []",
           (f"{PAGES}::test_what_is_released_again_tells_nothing_beside_what_was_released_before",)),
    Mutant("only the last earlier release looked at", "analysis/disclosure/publication.py",
           "of_page(known, history.page)]", "of_page(known, history.page)][-1:]",
           (f"{LEDGER}::test_three_growing_releases_tell_nothing_pair_by_pair",)),
    Mutant("exact ends of intervals printed beside rounded counts", "analysis/disclosure/printing.py",
           "exact = _exact_ends(specification, frame, counts) if preset.rounding > 1 else {}", "exact = {}",
           (f"{OUTSIDER}::test_the_end_of_an_interval_of_none_tells_how_many_and_so_is_that_of_the_rounded_number",)),
    Mutant("measures of rounded counts not attacked", "analysis/disclosure/attack.py",
           "        if by_counts:\n", "        if by_counts or preset.rounding > 1:\n",
           (f"{OUTSIDER}::test_measures_of_rounded_counts_are_attacked_too",)),
    Mutant("a release made although only a few cases changed", "analysis/disclosure/publication.py",
           "if entry.rules == made_by and only", "if False and only",
           (f"{LEDGER}::test_six_and_then_withheld_does_not_tell_five_to_who_knows_of_one_erased_child",)),
    Mutant("the ledger written after the tables", "analysis/disclosure/publication.py",
           """        if same is None:
            ledger.record(history.page, fingerprint, made_by, made)
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
            ledger.record(history.page, fingerprint, made_by, made)
""",
           (f"{LEDGER}::test_no_table_is_in_place_before_its_release_is_recorded",)),
    Mutant("collect: joint check skipped", "analysis/workflow/collect/attacked.py",
           "*attack_jointly(pages, preset, relations=relations)", "*()",
           (f"{COLLECT}::test_two_pages_that_tell_a_few_children_together_and_not_apart_are_refused",)),
    Mutant("collect: what did not withstand the attack is noted as if it had", "analysis/workflow/collect/joint.py",
           "    if not findings:", "    if True:",
           ("tests/collect/test_many_authorities.py::test_one_table_that_changed_is_attacked_with_all_of_its_authority",)),
    Mutant("collect: a link accepted", "analysis/workflow/collect/folders.py",
           "problems += _links(folder)", "problems += []",
           (f"{HOSTILE}::test_a_link_is_refused_wherever_it_leads",)),
    Mutant("collect: any name of an authority accepted", "analysis/workflow/collect/folders.py",
           "return isinstance(text, str) and bool(NAME.fullmatch(text))", "return isinstance(text, str) and bool(text)",
           (f"{HOSTILE}::test_a_name_that_is_no_folder_of_the_build_is_refused",)),
    Mutant("collect: own data need no signature", "analysis/workflow/collect/joint.py",
           "*_unsigned(sent, protocol, keys or {})", "*()",
           (f"{COLLECT}::test_own_data_without_a_signature_are_refused_and_synthetic_data_need_none",)),
    Mutant("summary: joint check skipped", "analysis/workflow/summary.py",
           "    check_jointly(study)\n    values", "    values", (SUMMARY,)),
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
           "path.chmod(0o700)", "path.chmod(0o755)",
           (f"{LEDGER}::test_the_ledger_is_its_owners_alone_and_holds_what_was_printed_and_no_more",)),
    Mutant("a notebook's process outlives its run", "analysis/workflow/cells.py",
           "    end_with_caller()\n", "", ("tests/workflow/test_scheduler.py",)),
    Mutant("a worker outlives its run", "analysis/workflow/workers.py",
           "    end_with_parent(parent)\n", "", ("tests/workflow/test_scheduler.py",)),
    Mutant("a word of one family printed as a topic's", "analysis/text/tables.py",
           "family) >= families_per_term\n    words", "family) >= 1\n    words", ("tests/text/test_words.py",)),
    Mutant("a vulnerability of one family printed", "analysis/text/tables.py",
           "if len(np.unique(family[found])) >= families_per_term:", "if found.any():", ("tests/text/test_words.py",)),
    Mutant("list of allowed words off", "analysis/text/tables.py",
           "    shown &= may_be_shown(words, fitted.counts.written_as_names)\n", "",
           ("tests/privacy/test_planted_names.py::test_no_planted_name_is_shown_even_where_redaction_is_left_out",)),
    Mutant("an error prints a child's values", "analysis/workflow/failures.py",
           """f"stopped by {type(error).__name__}; run""", """f"stopped by {error!r}; run""",
           ("tests/workflow/test_scheduler.py", "tests/workflow/test_steps.py")),
    Mutant("a failed cell's words are printed", "analysis/workflow/cells.py",
           "stopped with {type(error).__name__}: {NOT_SHOWN}", "stopped with {type(error).__name__}: {error}",
           ("tests/workflow/test_notebook.py",)),
    Mutant("kept values read without their signature", "analysis/study/cached_values.py",
           "if not hmac.compare_digest(signature, _signature(path, content, key)):", "if False:",
           ("tests/workflow/test_cached_values.py",)),
    Mutant("a release of own data not signed", "analysis/workflow/page.py",
           "if not read_settings(build).synthetic:", "if False:", ("tests/workflow/test_signed_release.py",)),
    Mutant("a title stands in its page as markup", "analysis/book/sentences/problem.py",
           "as_myst(problem.prediction.title), as_myst(problem.prediction.question)",
           "problem.prediction.title, problem.prediction.question",
           ("tests/escape/test_headings.py",)),
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
    rows, before = [], cpu_seconds()
    for mutant, caught_by in plant(MUTANTS):
        rows.append(row(f"mutant, {mutant.name}", Cost(cpu_seconds() - before), caught_by=caught_by or "no test"))
        print(f"{mutant.name}: {caught_by or 'SURVIVES'}", flush=True)
        before = cpu_seconds()
    survivors = [one["name"] for one in rows if one["caught_by"] == "no test"]
    assert not survivors, f"caught by no test: {'; '.join(survivors)}"
    return rows


def plant(mutants: Sequence[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """Each mutant with the first test that fails because of it, or ''.

    Raises
    ------
    ValueError
        If a test that a mutant names fails before anything is planted.
    """
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in TREES:
            source, target = ROOT / name, tree / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
        if red := failing_of_themselves(tree, [test for mutant in mutants for test in mutant.tests]):
            raise ValueError(f"these fail with nothing planted, and so would catch anything: {', '.join(red)}")
        for mutant in mutants:
            path = tree / mutant.file
            text = path.read_text(encoding="utf-8")
            path.write_text(weakened(mutant, text), encoding="utf-8")
            yield mutant, first_failure(tree, mutant.tests)
            path.write_text(text, encoding="utf-8")


def failing_of_themselves(tree: Path, tests: Sequence[str]) -> list[str]:
    """The first of the tests that fails in each file of them, with the code as it is; each file is run once."""
    of_file: dict[str, set[str]] = {}
    for test in tests:
        of_file.setdefault(test.partition("::")[0], set()).add(test)
    chosen = [[file] if file in named else sorted(named) for file, named in of_file.items()]
    return [failed for named in chosen if (failed := first_failure(tree, named))]


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
