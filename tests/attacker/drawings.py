"""Numbers read off a published drawing: where its marks stand between the numbers of its axes, to six figures.

An SVG file writes each place to a hundred-thousandth of a point. Two labelled ticks say what a point of an axis is
worth, so every mark gives back the number it was drawn from: rounded as in the file beside it, or not.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
NEAR = 2e-3  # of a point: what is lost by writing places to five decimals, and ticks too
SYMBOL = 12  # points: no closed shape is smaller but a symbol
DRAWN = (1, 1.05, 2.1)  # an axis ends a twentieth beyond the largest number, a band at twice that
COUNTS = ("cases", "positives", "flagged", "true_positives", "false_positives", "false_negatives", "true_negatives")


STACKS = (("true_positives", "flagged_early", "flagged_neither", "false_negatives"),
          ("true_positives", "flagged_neither", "false_negatives"),
          ("true_positives", "false_positives", "false_negatives"))  # fmt: skip


def told_by_drawings(released: Path) -> Iterator[str]:
    """What the drawings of a page hold that none of its files prints, or that they hold more exactly."""
    files, known = [*released.glob("*.csv"), *released.glob("page/files/*.csv")], [np.zeros(1)]
    for frame in (pd.read_csv(path, keep_default_na=False, na_values=[""]) for path in files):
        numbers = frame.apply(pd.to_numeric, errors="coerce")
        counts = numbers[[name for name in COUNTS if name in numbers]].copy()
        if {"cases", "positives"} <= set(counts):
            counts["negatives"] = counts["cases"] - counts["positives"]  # a stack of bands ends at shares of them
        shares = [(counts[part] / counts[whole]).to_numpy(float) for part in counts for whole in counts]
        known += [numbers.to_numpy(float).ravel(), *shares, *(share.round(3) for share in shares), _of_rows(frame)]
        known += [_stacked(numbers, stack) for stack in STACKS if {"cases", *stack} <= set(numbers)]
    printed = np.unique(np.concatenate(known))
    printed = printed[np.isfinite(printed)]
    printed = np.unique(
        np.concatenate([factor * of for factor in (*DRAWN, 100, 1000) for of in (printed, 1 - printed)])
    )
    for path in sorted(released.glob("page/files/*.svg")):
        for numbers in drawn_numbers(path.read_text(encoding="utf-8")):
            if all(np.abs(printed - number).min() > exact for number, exact in numbers):
                yield f"{path.name} draws {numbers[0][0]:.6g}, which no file prints"


def _stacked(numbers: pd.DataFrame, stack: tuple[str, ...]) -> np.ndarray:
    """Where the pieces of a bar end that lie one behind another, each a printed count or nothing."""
    ends = numbers[list(stack)].fillna(0).cumsum(axis=1)
    return ends.div(numbers["cases"], axis=0).to_numpy(float).ravel()


def _of_rows(frame: pd.DataFrame) -> np.ndarray:
    """How often one word stands in a column, beside some of the others: of the rows on one metric that are printed."""
    words = [name for name in frame if name != "metric" and not pd.api.types.is_numeric_dtype(frame[name])]
    groups = [group for _, group in frame.groupby("metric")] if "metric" in frame else [frame]
    often = [list(group[name].value_counts()) for group in groups for name in words]
    some = [chosen for of in often if len(of) < 6 for n in range(len(of)) for chosen in combinations(of, n + 1)]
    return np.array([number / sum(chosen) for chosen in some for number in chosen])


def drawn_numbers(svg: str) -> Iterator[list[tuple[float, float]]]:
    """Each number that a mark of a drawing can stand at on an axis of numbers, and how exactly it can be read.

    More than one number where too few ticks have words to say whether the axis is in equal steps or in equal factors.
    """
    for axes in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        if not axes.get("id", "").startswith("axes_"):
            continue
        scales, ends = [_scales(axes, letter) for letter in "xy"], np.array(list(_points(axes.find(f"{SVG}g"))))
        for point in _places(axes):
            if (point < ends.min(axis=0)).any() or (point > ends.max(axis=0)).any():
                continue  # where a line that leaves the picture is cut off
            for place, possible, end in zip(point, scales, ends.T, strict=True):
                if possible and np.abs(end - place).min() > NEAR:
                    yield [(scale(place), abs(scale(place + NEAR) - scale(place))) for scale in possible]


def _scales(axes: ElementTree.Element, letter: str) -> list[Callable[[float], float]]:
    """From a place to a number, if the axis has numbers: in equal steps, or in equal factors."""
    ticks: list[tuple[float, float]] = []
    scales: list[Callable[[float], float]] = []
    for tick in axes.iter(f"{SVG}g"):
        if re.fullmatch(rf"{letter}tick_\d+", tick.get("id", "")):
            place, words = next(_points(tick), None), tick.find(f".//{SVG}text")
            number = None if words is None else _number(words.text or "")
            if place is not None and number is not None:
                ticks.append((place["xy".index(letter)], number))
    if len(set(ticks)) < 2:
        return []
    places, numbers = np.array(sorted(set(ticks))).T
    for change, back in ((lambda n: n, lambda n: n), (np.log, np.exp)):
        if (numbers > 0).all() or change is not np.log:
            slope, start = np.polyfit(places, change(numbers), 1)
            if np.allclose(start + slope * places, change(numbers), rtol=0, atol=1e-4 * abs(np.ptp(change(numbers)))):
                scales.append(lambda place, slope=slope, start=start, back=back: float(back(start + slope * place)))
    return scales


def _number(words: str) -> float | None:
    words = words.strip().replace("\N{MINUS SIGN}", "-").replace(",", "")
    percent = words.endswith("%")
    try:
        return float(words.rstrip("%")) / (100 if percent else 1)
    except ValueError:
        return None


def _places(axes: ElementTree.Element) -> Iterator[tuple[float, float]]:
    """Where the marks, the lines and the bars of some axes stand, but not their ticks."""
    for group in axes:
        if re.match(r"(line2d|PathCollection|LineCollection|FillBetween|patch)_", group.get("id", "")):
            yield from _points(group)


def _points(group: ElementTree.Element) -> Iterator[tuple[float, float]]:
    """The places of the symbols and the corners of the lines in a group; not those by which a symbol is drawn."""
    for part in group:
        if part.tag == f"{SVG}use":
            yield float(part.get("x")), float(part.get("y"))
        elif part.tag == f"{SVG}path":
            drawn = part.get("d", "")
            corners = [(float(x), float(y)) for x, y in re.findall(r"[ML] (-?[\d.]+) (-?[\d.]+)", drawn)]
            wide, high = np.ptp(corners, axis=0) if corners else (0, 0)
            if "z" in drawn and len(corners) > 2 and max(wide, high) < SYMBOL:  # a symbol stands where its middle is
                yield tuple(np.add(np.min(corners, axis=0), (wide / 2, high / 2)))
            else:
                yield from corners
        elif part.tag == f"{SVG}g":
            yield from _points(part)
