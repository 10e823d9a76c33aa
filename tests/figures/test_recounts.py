"""Every computed sentence is counted again from the CSV of its table, on tables whose numbers are drawn anew."""

import importlib
import inspect
import pkgutil
from itertools import pairwise

import numpy as np
import pytest
from recounting import check, downloaded
from recounts import NO_NUMBERS, RECOUNTS

from analysis.book import sentences

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


def test_every_sentence_that_reads_a_table_is_counted_again():
    assert readers() - set(RECOUNTS) == set(NO_NUMBERS)


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
