"""A model card and a record in the form of the Algorithmic Transparency Recording Standard, one per prediction."""

from collections.abc import Callable, Mapping

from analysis.book.sentences import comparison, performance
from analysis.book.sentences.problem import definition
from analysis.book.sentences.words import capitalised, count, is_missing, label, listed, number, percentage, plural
from analysis.disclosure import Released
from analysis.escape import as_myst
from analysis.protocol import PredictionProblem, Protocol

Tables = Mapping[str, Released]
TO_COMPLETE = "*To be completed by the authority.*"
WARNING = (
    ":::{admonition} Not for use in decisions\n:class: danger\n\n"
    "These models were made to find out whether such models work. They must not be used to decide, or to help decide, "
    "anything about a child or a family.\n:::"
)


def model_card(
    problem: PredictionProblem,
    protocol: Protocol,
    tables: Tables,
    provenance: Mapping[str, str],
    *,
    registered: bool,
) -> str:
    """The models of one prediction on a card, as MyST; every number is from the released tables.

    Parameters
    ----------
    registered : bool
        Whether the prediction was registered; one that was not has no registered mark to be held against.
    """
    sections = {
        "What it is": f"{_models(protocol)} {definition(problem)}",
        "What it is for": "To measure how well such models do, for whom, and with which data. Nothing else.",
        "What it is not for": "Decisions about children or families, ranking of cases, or any use outside this study.",
        "The data": _with(tables, "sample", _sample),
        "How common the outcome is": _with(tables, "outcome_by_year", performance.read_prevalence),
        "How the models were chosen": _with(tables, "optimism", _chosen),
        "How well they do": _with(tables, "performance", performance.read_average_precision),
        "Against the registered mark": _with(
            tables, "performance", lambda table: performance.read_success(table, protocol.success.threshold)
        ),
        "What they get wrong": _with(tables, "operating_point", performance.read_operating_point),
        "Do the risks mean what they say": _with(tables, "calibration", performance.read_calibration),
        "For whom": _with(tables, "subgroups", comparison.read_subgroups),
        "How the test makes the finding on bias": _with(tables, "subgroup_pairs", comparison.read_subgroup_pairs),
        "Leakage": _with(tables, "leakage", comparison.read_leakage),
        "Limits": (
            "The outcome is a decision by the same service whose records the model learns from. What was never "
            "recorded cannot be learnt, and the past it learns from may not come back."
        ),
        "Made from": _provenance(provenance),
    }
    if not registered:
        del sections["Against the registered mark"]
    return "\n\n".join([WARNING, _definition_list(sections)])


def transparency_record(problem: PredictionProblem, protocol: Protocol, tables: Tables, *, name: str) -> str:
    """A record in the shape of the Algorithmic Transparency Recording Standard, as MyST.

    What the run knows is filled in; what only an authority can know is marked. `name` is the authority's.
    """
    title, question = as_myst(problem.prediction.title), as_myst(problem.prediction.question)
    tiers = {
        "Tier 1": {
            "Name": f"{as_myst(name)}: {title}",
            "Description": f"{question} A study of whether models can tell; no tool is deployed.",
            "Website": TO_COMPLETE,
            "Contact": TO_COMPLETE,
        },
        "Owner and responsibility": {
            "Organisation": TO_COMPLETE,
            "Team": TO_COMPLETE,
            "Senior responsible owner": TO_COMPLETE,
            "External suppliers": TO_COMPLETE,
        },
        "Description and rationale": {
            "What it does": f"{_models(protocol)} {definition(problem)}",
            "Scope": "Research on past, pseudonymised cases. No output about a child leaves the authority.",
            "Benefit": "Knowing whether such models work before anyone pays for one or is judged by one.",
            "Previous process": TO_COMPLETE,
            "Alternatives considered": TO_COMPLETE,
        },
        "Decision making": {
            "Place in the process": "None. The models are not used in decisions.",
            "Information given to the decision maker": "None.",
            "Human oversight and appeal": "Not applicable while the models are not used.",
        },
        "Models": {
            "Architecture": listed(label(family) for family in protocol.models.families),
            "Chosen": _with(tables, "optimism", _chosen),
            "Performance": _with(tables, "performance", performance.read_average_precision),
            "Errors": _with(tables, "operating_point", performance.read_operating_point),
        },
        "Data": {
            "Source": "Case records in the form inspectors ask for (Annex A), documents, and a table of families.",
            "Cases": _with(tables, "sample", _sample),
            "Sensitive attributes": "Gender, disability and ethnicity are among the predictors and are reported on.",
            "Processing": "Pseudonymised and redacted on reading; only tables checked for disclosure are shown.",
            "Data sharing agreement": TO_COMPLETE,
        },
        "Risks and impact assessments": {
            "Data protection impact assessment": TO_COMPLETE,
            "Equality impact assessment": TO_COMPLETE,
            "Fairness": _with(tables, "subgroups", comparison.read_subgroups),
            "Leakage": _with(tables, "leakage", comparison.read_leakage),
        },
    }
    parts = [f"**{tier}**\n\n{_definition_list(entries)}" for tier, entries in tiers.items()]
    return "\n\n".join([WARNING, *parts])


def _models(protocol: Protocol) -> str:
    families = listed(label(family) for family in protocol.models.families)
    designs = plural(len(protocol.design_list), "model")
    return f"{designs[:1].upper()}{designs[1:]}, each the best of {families} by cross-validated average precision."


def _sample(sample: Released) -> str:
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


def _chosen(optimism: Released) -> str:
    rows = [
        f"{label(row.design)}: {label(row.family)}, {_scores(row)}"
        for row in optimism.frame.itertuples()
        if not is_missing(row.family)
    ]
    return capitalised(f"{'; '.join(rows)}.") if rows else performance.TOO_SMALL


def _scores(row) -> str:
    if is_missing(row.fold_average_precision) or is_missing(row.test_average_precision):
        return "whose scores are withheld"
    return (
        f"{number(row.fold_average_precision)} on the folds and {number(row.test_average_precision)} on the test cases"
    )


def _with(tables: Tables, name: str, words: Callable[[Released], str]) -> str:
    return words(tables[name]) if name in tables else "Not released."


def _provenance(provenance: Mapping[str, str]) -> str:
    return f"{'; '.join(f'{key} `{value}`' for key, value in provenance.items())}." if provenance else "Not recorded."


def _definition_list(entries: Mapping[str, str]) -> str:
    return "\n\n".join(f"{name}\n: {words}" for name, words in entries.items())
