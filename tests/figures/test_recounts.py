"""Every computed sentence is counted again from the CSV of its table, on tables whose numbers are drawn anew."""

import importlib
import inspect
import math
import pkgutil
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import small_tables as small
from recounting import check, dec, downloaded, pct
from recounts import COUNTED_ELSEWHERE, NO_NUMBERS, RECOUNTS
from shown import NOTEBOOKS, sentence_functions

from analysis.book import sentences
from analysis.book.sentences import agreement, comparison, performance, planted_causes, self_test
from analysis.book.sentences.verdict import verdict
from analysis.claims.records import model_card
from analysis.study.evidence_files import read_fresh_worlds, read_planted_causes, read_self_test
from analysis.tables.flags import flags

SEEDS = range(3)


def readers() -> set[str]:
    """Every function of the sentences that reads a table, as "module.function"."""
    names = [module.name for module in pkgutil.iter_modules(sentences.__path__)]
    modules = {name: importlib.import_module(f"{sentences.__name__}.{name}") for name in names}
    return {
        f"{name}.{function}"
        for name, module in modules.items()
        for function, value in inspect.getmembers(module, inspect.isfunction)
        if function.startswith("read_") and value.__module__ == module.__name__
    }


NOT_SENTENCES = {"joint", "curves_said_to_rise", "read_guidance", "read_areas"}
"""What a notebook gives a sentence to read."""


def test_every_sentence_that_reads_a_table_is_counted_again():
    assert not readers() - set(RECOUNTS) - set(NO_NUMBERS) - set(COUNTED_ELSEWHERE)


@pytest.mark.parametrize("page", sorted(NOTEBOOKS.glob("*.md")), ids=lambda page: page.stem)
def test_every_sentence_that_a_notebook_shows_is_counted_again(page):
    """Or has no number, or is counted by a test of its own."""
    shown = {name for name in sentence_functions(page) if name.rpartition(".")[2] not in NOT_SENTENCES}
    assert not shown - set(RECOUNTS) - set(NO_NUMBERS) - set(COUNTED_ELSEWHERE)


def test_a_test_counts_each_sentence_that_is_counted_elsewhere():
    tests = Path(__file__).resolve().parents[1]
    for name, file in COUNTED_ELSEWHERE.items():
        assert name.rpartition(".")[2] in (tests / file).read_text(encoding="utf-8"), name


def test_the_box_of_a_prediction_holds_sentences_that_are_counted_again():
    tables = small.page_tables()
    scores = downloaded(tables["performance"]).query("metric == 'average_precision'")
    best = scores.loc[scores.value.idxmax()].design
    counted = flags(tables["operating_point"], tables["early_outcomes"]).where(design=best)
    said = {
        performance.read_success(tables["performance"], 0.65),
        performance.read_average_precision(tables["performance"]),
        performance.read_per_hundred(counted),
        performance.read_operating_point(tables["operating_point"]),
        comparison.read_leakage(tables["leakage"]),
        comparison.read_verdicts(tables["comparisons"]),
    }
    lines = re.findall(r"^(?:- |\*\*)(.*?)(?:\*\*)?$", verdict(tables, mark=0.65, registered=True), re.MULTILINE)
    assert set(lines) == said


def test_the_numbers_of_a_model_card_are_those_of_its_tables():
    tables = small.page_tables()
    card = model_card(small.PROTOCOL.problems[2], small.PROTOCOL, tables)
    for row in downloaded(tables["sample"]).query("design == @small.S_ALL").itertuples():
        assert f"{row.part}: {row.cases:,} cases, {pct(row.prevalence)} with the outcome" in card
    for row in downloaded(tables["optimism"]).itertuples():
        folds, test = (dec(v) for v in (row.fold_average_precision, row.test_average_precision))
        assert f"XGBoost, {folds} on the folds and {test} on the test cases" in card


def test_a_dated_record_says_its_day():
    dated = ((self_test, read_self_test()), (planted_causes, read_planted_causes()), (agreement, read_fresh_worlds()))
    for module, record in dated:
        assert f"on {record.made.day} {record.made:%B %Y} by `{record.command}`" in module.made_when(record)
    worlds = read_planted_causes()
    assert f"{worlds.worlds} of each cause, from seed {worlds.first_seed} on" in planted_causes.made_when(worlds)


def test_how_well_a_share_of_the_draws_is_known_is_counted_again():
    record = read_self_test()
    margin = 1.96 * math.sqrt(record.level * (1 - record.level) / record.draws)
    assert f"{record.draws} for each" in self_test.made_when(record)
    assert f"within {pct(margin)[:-1]} points either way" in self_test.made_when(record)


@pytest.mark.parametrize("name", RECOUNTS)
def test_the_numbers_of_a_sentence_are_those_of_its_csv(name):
    recount = RECOUNTS[name]
    tables = [recount.table(np.random.default_rng(seed)).as_written() for seed in SEEDS]
    said = [recount.say(table) for table in tables]
    counted = [recount.count(downloaded(table)) for table in tables]
    for sentence, phrases in zip(said, counted, strict=True):
        check(sentence, phrases)
    assert any(one != other for one, other in pairwise(counted)), "the tables were to differ"
    for sentence, phrases, others in zip(said, counted, counted[1:], strict=False):
        if phrases != others:
            with pytest.raises(AssertionError):
                check(sentence, others)


def test_a_number_that_was_not_counted_is_refused():
    with pytest.raises(AssertionError, match="not counted again"):
        check("Two of four models pass.", ["two of"])
