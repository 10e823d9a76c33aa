"""A model card, one for each prediction, and the words that it shares with the transparency record."""

from collections.abc import Callable, Mapping

from analysis.book.sentences.performance import TOO_SMALL
from analysis.book.sentences.problem import definition
from analysis.book.sentences.words import capitalised, count, is_missing, label, listed, number, percentage, plural
from analysis.disclosure import Released
from analysis.disclosure.released import PageTables
from analysis.protocol import PredictionProblem, Protocol

WARNING = (
    ":::{admonition} Not for use in decisions\n:class: danger\n\n"
    "These models were made to find out whether such models work. They must not be used to decide, or to help decide, "
    "anything about a child or a family.\n:::"
)


def model_card(problem: PredictionProblem, protocol: Protocol, tables: PageTables) -> str:
    """What the models of one prediction are, what they are for and what they learned from, as MyST.

    How well they do is said by the page the card stands on.

    Parameters
    ----------
    problem : PredictionProblem
    protocol : Protocol
    tables : PageTables
        Of the prediction; a section whose table was not released says so.

    Returns
    -------
    str
        MyST.
    """
    sections = {
        "What it is": f"{models_in_words(protocol)} {definition(problem)}",
        "What it is for": "To measure how well such models do, for whom, and with which data. Nothing else.",
        "What it is not for": "Decisions about children or families, ranking of cases, or any use outside this study.",
        "The data": from_table(tables, "sample", sample_in_words),
        "How the models were chosen": from_table(tables, "optimism", chosen_in_words),
        "Limits": (
            "The outcome is a decision by the same service whose records the model learns from. What was never "
            "recorded cannot be learnt, and the past it learns from may not come back."
        ),
    }
    return "\n\n".join([WARNING, definition_list(sections)])


def models_in_words(protocol: Protocol) -> str:
    """How many models there are and how each was chosen."""
    families = listed(label(family) for family in protocol.models.families)
    designs = plural(len(protocol.design_list), "model")
    return f"{designs[:1].upper()}{designs[1:]}, each the best of {families} by cross-validated average precision."


def sample_in_words(sample: Released) -> str:
    """Cases to learn from and to test on; designs with and without text share them."""
    rows = [
        f"{label(row.design.partition('-')[2])}, {row.part}: {_cases(row)}"
        for row in sample.frame.itertuples()
        if row.design.startswith("structured")
    ]
    return capitalised(f"{'; '.join(rows)}.")


def _cases(row) -> str:
    if is_missing(row.cases):
        return "a withheld number of cases"
    share = "a withheld share of them" if is_missing(row.prevalence) else percentage(row.prevalence)
    return f"{count(row.cases)} cases, {share} with the outcome"


def chosen_in_words(optimism: Released) -> str:
    """The kind of each design's chosen model, with its scores."""
    rows = [
        f"{label(row.design)}: {label(row.family)}, {_scores(row)}"
        for row in optimism.frame.itertuples()
        if not is_missing(row.family)
    ]
    return capitalised(f"{'; '.join(rows)}.") if rows else TOO_SMALL


def _scores(row) -> str:
    if is_missing(row.fold_average_precision) or is_missing(row.test_average_precision):
        return "whose scores are withheld"
    return (
        f"{number(row.fold_average_precision)} on the folds and {number(row.test_average_precision)} on the test cases"
    )


def from_table(tables: PageTables, name: str, words: Callable[[Released], str]) -> str:
    """A sentence about a table, or that it was not released.

    Parameters
    ----------
    tables : PageTables
        Released tables by name.
    name : str
        Of the table.
    words : callable
        What the table says, in words.

    Returns
    -------
    str
    """
    return words(tables[name]) if name in tables else "Not released."


def definition_list(entries: Mapping[str, str]) -> str:
    """Names and what is said of each, as MyST."""
    return "\n\n".join(f"{name}\n: {words}" for name, words in entries.items())
