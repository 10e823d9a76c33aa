"""The models on the book's first page: those that count towards the answer, beside the pass mark."""

import pandas as pd

from analysis.disclosure import Released, TableSpecification
from analysis.disclosure.catalogue import DESIGN, key, measure, setting, text
from analysis.disclosure.derive import derive
from analysis.disclosure.specification import MODELS
from analysis.protocol import Protocol
from analysis.published import england_cells, leaking_authorities, plain_name

FRONT_MODELS = TableSpecification(
    "front_models",
    "Every model that counts, beside the pass mark",
    "one prediction and design",
    (
        key("prediction", "prediction"),
        key("authority", "authority"),
        DESIGN,
        text("title", "what is predicted, in plain words"),
        measure("average_precision", "average precision on cases that the model had not seen"),
        measure("average_precision_low", "lower end of its interval, missing where none was published"),
        measure("average_precision_high", "upper end of its interval"),
        setting("published_average_precision", "value printed in source A, missing where there is none"),
        setting("mark", "average precision registered as success"),
    ),
    planned_by=MODELS | {"uncertainty", "success"},
)


def published_front(registered: Protocol) -> Released:
    """The published models outside the authorities that A left out of its verdict.

    Parameters
    ----------
    registered : Protocol
        The registered protocol, which holds the pass mark.
    """

    def rows() -> pd.DataFrame:
        cells = [
            {
                "prediction": cell.prediction,
                "authority": cell.authority,
                "design": cell.design,
                "title": plain_name(cell.prediction, ""),
                "average_precision": cell.value,
            }
            for cell in england_cells()
            if cell.metric == "average_precision" and cell.authority not in leaking_authorities()
        ]
        return _complete(pd.DataFrame(cells), registered)

    return derive(FRONT_MODELS, rows)


def own_front(results: Released | None, protocol: Protocol) -> Released | None:
    """The run's own models that count towards its verdict, with intervals and published values where there are any.

    Parameters
    ----------
    results : Released or None
        As `analysis.tables.results_table.results_table` makes them.
    protocol : Protocol
        The protocol of the run, which holds the pass mark and the titles.

    Returns
    -------
    Released or None
    """

    def rows(frame: pd.DataFrame) -> pd.DataFrame:
        counted = frame[frame["in_verdict"].eq("yes")]
        titles = [plain_name(name, protocol.predictions[name].title) for name in counted["prediction"]]
        return _complete(counted.assign(title=titles), protocol)

    return None if results is None else derive(FRONT_MODELS, rows, results)


def _complete(frame: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    ends = ("average_precision_low", "average_precision_high", "published_average_precision")
    missing = {name: pd.array([pd.NA] * len(frame), dtype="Float64") for name in ends if name not in frame}
    return frame.assign(**missing, mark=protocol.success.threshold)[list(FRONT_MODELS.column_names)]
