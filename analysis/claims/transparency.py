"""A record in the sections of the Algorithmic Transparency Recording Standard, version 4.0, to complete and submit.

What the run knows is filled in; what only the authority can know is marked. The standard is for tools in use; these
models are not used, and the record says so wherever the standard asks about use.
"""

import csv
import io
from collections.abc import Mapping

from analysis.book.sentences import comparison, performance
from analysis.book.sentences.problem import definition
from analysis.book.sentences.words import label, listed
from analysis.claims.records import (
    chosen_in_words,
    from_table,
    models_in_words,
    sample_in_words,
)
from analysis.disclosure.released import PageTables
from analysis.escape import as_myst
from analysis.protocol import PredictionProblem, Protocol

STANDARD = "Algorithmic Transparency Recording Standard, version 4.0"
TO_COMPLETE = "To be completed by the authority."
SOURCE = "Case records in the form inspectors ask for (Annex A), documents, and a list of families."
NOT_USED = "None. The models are not used in decisions."
COLUMNS = ("section", "field", "answer")
Fields = Mapping[str, Mapping[str, str]]


def transparency_fields(problem: PredictionProblem, protocol: Protocol, tables: PageTables, *, name: str) -> Fields:
    """The record's answers by section and field.

    Parameters
    ----------
    problem : PredictionProblem
    protocol : Protocol
    tables : mapping of str to Released
        Of the prediction; a field whose table was not released says so.
    name : str
        The authority's.

    Returns
    -------
    Fields
    """
    return (
        _about(problem, protocol, name)
        | _in_use()
        | {
            "4.1 System-level specification": _system(protocol),
            "4.2 Model specification": _model(protocol, tables),
            "4.3 Development data specification": _development_data(tables),
            "4.4 Operational data specification": {"Data used in operation": NOT_USED},
            "5. Risks, mitigations and impact assessments": _risks(tables),
        }
    )


def transparency_file(fields: Fields) -> str:
    """The record as CSV, one row for each field, for an authority to complete and submit."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerow(("Standard", "Name and version", STANDARD))
    writer.writerows((section, field, words) for section, entries in fields.items() for field, words in entries.items())
    return text.getvalue()


def _about(problem: PredictionProblem, protocol: Protocol, name: str) -> Fields:
    prediction = problem.prediction
    return {
        "Tier 1": {
            "Name": f"{as_myst(name)}: {as_myst(prediction.title)}",
            "Description": f"{as_myst(prediction.question)} A study of whether models can tell; no tool is deployed.",
            "Website": TO_COMPLETE,
            "Contact": TO_COMPLETE,
        },
        "1. Owner and responsibility": {
            "Organisation or department": TO_COMPLETE,
            "Team": TO_COMPLETE,
            "Senior responsible owner": TO_COMPLETE,
            "Third party involvement": TO_COMPLETE,
        },
        "2. Description and rationale": {
            "Detailed description": (
                f"{models_in_words(protocol)} {definition(problem)} Research on past, pseudonymised cases. No output "
                "about a child leaves the authority."
            ),
            "Phase": "Research. There is no private or public beta and no live service.",
            "Benefits": "Knowing whether such models work before anyone pays for one or is judged by one.",
            "Previous process": TO_COMPLETE,
            "Alternatives considered": TO_COMPLETE,
        },
    }


def _in_use() -> Fields:
    not_used = "Not applicable while the models are not used."
    return {
        "3. Deployment context": {
            "Integration into the operational process": NOT_USED,
            "Human review": not_used,
            "Required training": not_used,
            "Appeals and review": not_used,
        }
    }


def _system(protocol: Protocol) -> Mapping[str, str]:
    return {
        "System architecture": "A program run by the authority on its own computer, without network access.",
        "System-level input": SOURCE,
        "System-level output": "Tables checked for disclosure, and a book made of them. No child's score is given out.",
        "Maintenance": f"None after the run; the protocol is version {protocol.version}.",
    }


def _model(protocol: Protocol, tables: PageTables) -> Mapping[str, str]:
    return {
        "Model architecture": listed(label(family) for family in protocol.models.families),
        "Model selection": from_table(tables, "optimism", chosen_in_words),
        "Model performance": from_table(tables, "performance", performance.read_average_precision),
        "Errors": from_table(tables, "operating_point", performance.read_operating_point),
    }


def _development_data(tables: PageTables) -> Mapping[str, str]:
    return {
        "Source": SOURCE,
        "Data quantities": from_table(tables, "sample", sample_in_words),
        "Sensitive attributes": "Gender, disability and ethnicity are among the predictors and are reported on.",
        "Data completeness and representativeness": TO_COMPLETE,
        "Data cleaning": "Pseudonymised and redacted on reading; only tables checked for disclosure are shown.",
        "Data sharing agreements": TO_COMPLETE,
    }


def _risks(tables: PageTables) -> Mapping[str, str]:
    return {
        "Data protection impact assessment": TO_COMPLETE,
        "Equality impact assessment": TO_COMPLETE,
        "Fairness": from_table(tables, "subgroups", comparison.read_subgroups),
        "Leakage": from_table(tables, "leakage", comparison.read_leakage),
        "Risks and mitigations": TO_COMPLETE,
    }
