"""Records of tables that only the score of a tool has: who was scored, by which version, and beside what."""

from analysis.disclosure.page_columns import CASES, OF_CASES, POSITIVES, PREVALENCE, interval
from analysis.disclosure.specification import (
    COHORT,
    DOES_NOT_ADD_UP,
    MODELS,
    Sum,
    TableSpecification,
    key,
    measure,
    text,
)

# fmt: off
SCORE_TABLES = (
    TableSpecification(
        "score_coverage",
        "Which cases had a score of the tool in time",
        "cases with a score before the index date, only later, or none",
        (key("status", "supplied_score (in time), score only on or after the index date, or no score"),
         CASES, POSITIVES, PREVALENCE,
         text("scale", "what the scores are: a probability, a yes or no, or a number in a range of its own")),
        utility=50,
        planned_by=COHORT | {"scores"}, population="test cases, {status}",
        adds_up=(Sum((), "all cases", OF_CASES),), shared=("cases",),
    ),
    TableSpecification(
        "score_versions",
        "Versions of the tool that gave the scores",
        "one version, on the cases with a score",
        (key("version", "version, as supplied; those that scored few families together"), CASES, POSITIVES,
         measure("median_days", "days from the score to the decision, in the middle", ("cases",), 0)),
        utility=5,
        planned_by=COHORT | {"scores", "disclosure"}, population="test cases, supplied_score, version {version}",
        adds_up=(Sum((), "test cases, supplied_score", OF_CASES),), shared=("cases",),
    ),
    TableSpecification(
        "score_comparisons",
        "The tool's score beside models and yardsticks, on the same cases",
        "one model or yardstick that the score is compared with",
        (key("rival", "model or yardstick"), CASES, POSITIVES,
         measure("tool_average_precision", "average precision of the score", OF_CASES),
         measure("rival_average_precision", "average precision of the rival", OF_CASES),
         *interval("difference", "average precision, score minus rival"),
         measure("minimum_detectable_difference",
                 "smallest true difference this comparison would find four times in five", OF_CASES),
         measure("p_value", "family permutation p-value", OF_CASES, 3),
         text("verdict", "better, worse or no clear difference, by the protocol's rule", OF_CASES)),
        utility=50,
        planned_by=MODELS | {"scores", "comparison", "uncertainty"}, population="test cases, supplied_score",
        adds_up=DOES_NOT_ADD_UP, shared=("cases",),
    ),
)
# fmt: on
