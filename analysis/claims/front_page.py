"""The book's first page: the answer, four large numbers and what else was found, from claims and released tables."""

from collections.abc import Sequence
from html import escape

from analysis.book.sentences.front import passed
from analysis.book.sentences.tiles import Tile, share_tile, tiles_html
from analysis.book.sentences.words import listed, listed_or_counted, number, percentage, plural, spelled
from analysis.claims.assess import claims
from analysis.claims.evidence import Evidence
from analysis.claims.findings import findings_text, own_questions_text
from analysis.claims.measures import NotAssessable, early_among_wrong, missed_of_positives, wrong_among_flagged
from analysis.claims.yardstick_measures import beyond_four_variables
from analysis.disclosure import Released
from analysis.published import (
    PollAnswer,
    curves_said_to_rise,
    england_cells,
    leaking_authorities,
    poll_answers,
    published_comparisons,
)
from analysis.tables.front import own_front, published_front
from analysis.tables.results_table import results_table

# Out of how many children each share is given.
FLAGGED, MISSED, ASKED = 10, 5, 10


def published_source(*, brief: bool = False) -> str:
    """Where the published numbers come from, and of how many social workers.

    Parameters
    ----------
    brief : bool
        Whether it stands above the first chart, with the whole beneath it.

    Returns
    -------
    str
    """
    asked = f"{_role_seen().answers} social workers"
    if brief:
        return f"Published 2020: four authorities, {asked}."
    return f"Published: What Works for Children's Social Care, 2020; four English authorities, real children; {asked}."


def _role_seen() -> PollAnswer:
    """The answer of those social workers who see a role for such models."""
    return next(answer for answer in poll_answers() if (answer.question, answer.answer) == ("role", "yes"))


def published_answer(models: Released) -> str:
    """The answer of the published English study, in a bold sentence and one more.

    Parameters
    ----------
    models : Released
        As `analysis.tables.front.published_front` makes it.
    """
    passing, count = passed(models)
    wrong, missed = _published("A-wrong-six-in-ten"), _published("A-misses-four-in-five")
    bold = "No, not in the tests published so far." if passing == 0 else "In part, in the tests published so far."
    flags = "most flags were false alarms" if wrong > 0.5 else "most flags were right"
    found = "missed" if missed > 0.5 else "found"
    return f"**{bold}** {_of(passing, count)} models passed; {flags} and most children at risk were {found}."


def published_tiles(models: Released) -> list[Tile]:
    """Four numbers of the published study: models that passed, false alarms, children missed, social workers."""
    passing, count = passed(models)
    return [
        Tile(passing, count, f"passed the mark of {_mark(models)}", " of "),
        share_tile(_published("A-wrong-six-in-ten"), FLAGGED, "flagged wrongly"),
        share_tile(_published("A-misses-four-in-five"), MISSED, "at risk missed"),
        share_tile(_role_seen().share, ASKED, "social workers see a role"),
    ]


def also_found() -> Sequence[str]:
    """Five lines on what else the two studies found, each number as registered from its source."""
    text, worse = _count("A-text-better"), _count("A-text-worse")
    first, second = _published("A-pairs-differ-90"), _published("A-pairs-differ-10")
    (rising, curves), pairs = curves_said_to_rise(), published_comparisons("predictors")
    return (
        f"Reading case notes made {text} of {pairs} comparisons better and {worse} worse.",
        (
            f"Learning only from the past, as a tool in use must, made {_count('A-earlier-drops')} of "
            f"{published_comparisons('cases')} worse."
        ),
        (
            f"Whether the models are fair was not settled: groups differed in {percentage(first)} of comparisons by "
            f"one test, in {percentage(second)} by another."
        ),
        f"More cases might help {rising} of {curves} models.",
        "In New Zealand, knowing the family network helped a little; part of that gain may be hindsight.",
    )


def own_answer(models: Released | None) -> str:
    """The answer for an authority's own cases; never "no" where a pass cannot be ruled out.

    Parameters
    ----------
    models : Released or None
        As `analysis.tables.front.own_front` makes it.
    """
    judged = passed(models)
    if judged is None or models is None:
        return "**Cannot tell.** No model could be judged on these cases."
    passing, count = judged
    if passing:
        return f"**In part.** {_of(passing, count)} models passed the mark set in advance, on cases they had not seen."
    beyond = int((models.frame["average_precision_high"] > models.frame["mark"]).fillna(False).sum())
    lead = f"{_of(0, count)} models passed the mark set in advance, on cases they had not seen."
    if beyond:
        return f"**Not shown.** {lead} For {spelled(beyond)} of them a pass cannot be ruled out."
    return f"**No, not on these cases.** {lead}"


def own_source(models: Released | None, names: Sequence[str]) -> str:
    """Whose cases the numbers come from, and of how many authorities models count where it is not all of them.

    Parameters
    ----------
    models : Released or None
        As `analysis.tables.front.own_front` makes it.
    names : sequence of str
        The authorities whose cases were studied.

    Returns
    -------
    str
    """
    counted = 0 if models is None else models.frame.dropna(subset=["average_precision"])["authority"].nunique()
    only = f"; the models that count are of {spelled(counted)} of them" if 0 < counted < len(names) else ""
    return f"Computed from the cases of {listed_or_counted(names)}{only}."


def own_tiles(models: Released | None, evidence: Evidence) -> list[Tile]:
    """Numbers of an authority's own models: those that passed, false alarms, children missed, where each is known.

    Parameters
    ----------
    models : Released or None
        As `analysis.tables.front.own_front` makes it.
    evidence : Evidence
        The run's, for the false alarms and the children missed.

    Returns
    -------
    list of Tile
        Empty where nothing is known.
    """
    tiles = []
    judged = passed(models)
    if judged is not None:
        tiles.append(Tile(*judged, f"models passed the mark of {_mark(models)}", " of "))
    for measure, of, words in (
        (wrong_among_flagged, FLAGGED, "flagged children: without the outcome in its window"),
        (early_among_wrong, FLAGGED, "of those: the outcome came before the window opened"),
        (missed_of_positives, FLAGGED, "children with the outcome: missed"),
    ):
        try:
            tiles.append(share_tile(measure(evidence).value, of, words))
        except NotAssessable:
            continue
    return tiles


def front_models(evidence: Evidence, *, synthetic: bool) -> Released | None:
    """The models of the first chart: the published ones where the data are invented, else the run's own.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    synthetic : bool
        Whether the run's cases were invented.

    Returns
    -------
    Released or None
    """
    if synthetic:
        return published_front(evidence.registered)
    return own_front(results_table(evidence.world, evidence.left_out), evidence.protocol)


def first_screen(models: Released | None, evidence: Evidence, *, synthetic: bool, names: Sequence[str] = ()) -> str:
    """What stands above the first chart: the answer, the numbers and where they come from, as MyST.

    Parameters
    ----------
    models : Released or None
        As `front_models` makes it.
    evidence : Evidence
        The run's.
    synthetic : bool
        Whether the run's cases were invented; then only what was published answers the question.
    names : sequence of str
        The authorities whose own cases answer it otherwise.

    Returns
    -------
    str
    """
    if synthetic:
        source = published_source(brief=True)
        answer, tiles = published_answer(models), published_tiles(models)
    else:
        source = own_source(models, names)
        answer, tiles = own_answer(models), own_tiles(models, evidence)
    numbers = tiles_html(tiles) if tiles else ""
    rows = (f"::::{{div}} answer\n{answer}\n::::", numbers, f'<p class="source-line">{escape(source)}</p>')
    return "\n\n".join(row for row in rows if row)


def chart_title(models: Released | None) -> str:
    """The finding that the first chart shows, as a heading above it."""
    judged = passed(models)
    if judged is None:
        words = "No model could be judged"
    else:
        words = "No model reached the pass mark" if judged[0] == 0 else f"{judged[0]:,} of {judged[1]:,} models passed"
    return f'<h2 class="chart-title">{words}</h2>'


def chart_note(*, synthetic: bool) -> str:
    """What the score under the first chart is, and which models it leaves out."""
    score = (
        "The score is {term}`average precision`: a model that finds the right children and flags no others scores one."
    )
    left_out = (
        "An authority in which the models had been given {term}`information from the future <information leakage>`"
    )
    if synthetic:
        leaking = leaking_authorities()
        models = {(cell.prediction, cell.design) for cell in england_cells() if cell.authority in leaking}
        rest = f"{left_out} is left out: {listed(leaking)}, with {plural(len(models), 'model')}. {published_source()}"
    else:
        rest = (
            f"{left_out} is left out. A grey stroke is the published value for the same prediction and kind of model."
        )
    return f"{score} {rest} {{doc}}`Every model, with how sure we are </notebooks/performance>`."


def what_else(evidence: Evidence, *, synthetic: bool, tool: str = "") -> str:
    """Published lines and one of the rehearsal where the data are invented; else what the authority's own cases gave.

    Beside an authority's own findings, and apart from them, stand those that are of nobody's cases here: of family
    networks, which may be an invented country's, and of the published poll.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    synthetic : bool
        Whether the run's cases were invented.
    tool : str, optional
        The finding about a tool whose scores the authority supplied.

    Returns
    -------
    str
        MyST.
    """
    simple, of_tool = against_simple_rules(evidence, tool)
    if synthetic:
        rehearsed = f"In this edition's invented records, which are a rehearsal and no evidence: {simple}"
        return "\n".join(f"1. {line}" for line in (*also_found(), rehearsed))
    apart = {
        "In New Zealand, with family networks": findings_text(evidence, source="B", root="../"),
        "What social workers said, in the published study": findings_text(evidence, source="poll", root="../"),
    }
    lines = "\n".join(f"- {line}" for line in (simple, of_tool) if line)
    own = (findings_text(evidence, root="../"), lines, own_questions_text(evidence))
    parts = [*own, *(f"<h3>{heading}</h3>\n\n{text}" for heading, text in apart.items() if text)]
    return "\n\n".join(part for part in parts if part)


def against_simple_rules(evidence: Evidence, tool: str = "") -> tuple[str, str]:
    """How the models, and a tool if there is one, compare with four variables: each with the page that says more.

    Parameters
    ----------
    evidence : Evidence
        The run's.
    tool : str, optional
        The finding about a tool.

    Returns
    -------
    tuple of str
        MyST; the second is empty without a tool.
    """
    of_tool = f"{tool} {{doc}}`The tool </notebooks/the_tool>`" if tool else ""
    return f"{beyond_four_variables(evidence)} {{doc}}`Compared with what? </notebooks/yardsticks>`", of_tool


def _mark(models: Released) -> str:
    return number(float(models.frame["mark"].iloc[0]))


def _published(identity: str) -> float | None:
    return next(claim.published for claim in claims() if claim.id == identity)


def _count(identity: str) -> int:
    return round(_published(identity))


def _of(passing: int, count: int) -> str:
    return f"None of the {count:,}" if passing == 0 else f"{passing:,} of the {count:,}"
