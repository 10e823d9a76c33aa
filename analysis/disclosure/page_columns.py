"""Columns and supports that several tables of a page share; see `analysis.disclosure.specification`."""

from analysis.disclosure.specification import Column, Support, count, key, measure, rate

DESIGN = key("design", "what the model saw and whose cases it learned from")
CASES = count("cases", "cases")
POSITIVES = count("positives", "cases with the outcome")
PREVALENCE = rate("prevalence", "positives", "cases", "share of cases with the outcome")
OF_CASES = ("cases", "positives")
TEST = "test cases, {learned_from}"
TEST_CASES = Support("operating_point", OF_CASES, (("design", "design"),))
TRAINING_CASES = Support("sample", OF_CASES, (("design", "design"),), (("part", "training"),))


def interval(name: str, meaning: str, of: tuple[str, ...] = OF_CASES) -> tuple[Column, ...]:
    """A measure and the two ends of its interval.

    Parameters
    ----------
    name : str
    meaning : str
        What the column holds, in words for a reader.
    of : tuple of str, optional
        Names of the counts that it rests on: where one is withheld, so is this.

    Returns
    -------
    tuple of Column
    """
    return (measure(name, meaning, of), *interval_ends(name, of, meaning))


def interval_ends(name: str, of: tuple[str, ...], meaning: str = "") -> tuple[Column, ...]:
    """The two ends of an interval, `name`_low and `name`_high.

    Parameters
    ----------
    name : str
    of : tuple of str
        Names of the counts that it rests on: where one is withheld, so is this.
    meaning : str, optional
        What the column holds, in words for a reader.

    Returns
    -------
    tuple of Column
    """
    meaning = meaning and f"{meaning}: "
    return tuple(
        measure(f"{name}_{end}", f"{meaning}{word} end of the interval", of)
        for end, word in (("low", "lower"), ("high", "upper"))
    )
