"""The drawing for a dark page from the one for a light page: the same shapes in other colours.

To lay a chart out and write it as SVG takes most of its time, and only colours differ between the two. The result is,
to the byte, what drawing the chart again in the dark style gives.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgba

STYLES = Path(__file__).parent
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_COLOUR_IN_STYLE = re.compile(r"(?<![#\w])[0-9a-f]{6}\b")
_MARKER = re.compile(r'<path id="(m[0-9a-f]{10})" d="([^"]*)"')
_USE = re.compile(r'<use xlink:href="#(m[0-9a-f]{10})" [^>]*style="([^"]*)"')
_PATTERN = re.compile(
    r'<pattern id="(h[0-9a-f]{10})"[^>]*>\s*<rect [^>]*fill="([^"]*)"/>\s*'
    r'<path d="[^"]*" style="fill: ([^;]*); stroke: [^;]*; stroke-width: ([^;]*);'
)
_HATCHES = ("//", "xx", "..")  # as the charts have them


def recoloured(svg: str) -> str | None:
    """A drawing in the light style as it is in the dark style.

    Parameters
    ----------
    svg : str
        As matplotlib wrote it.

    Returns
    -------
    str or None
        None where that cannot be said from the text: it has a colour or a hatching that is not of the style.
    """
    dark = _dark_colours()
    if not dark.keys() >= set(_COLOUR.findall(svg)):
        return None
    names = _marker_names(svg, dark) | _pattern_names(svg, dark)
    if None in names.values():
        return None
    return _in(_in(svg, dark), names) if names else _in(svg, dark)


def _marker_names(svg: str, dark: dict[str, str]) -> dict[str, str | None]:
    """The name of each marker in the dark drawing; None where its name in this one is not as we know names."""
    styles = dict(_USE.findall(svg))
    names: dict[str, str | None] = {}
    for name, shape in _MARKER.findall(svg):
        known = name in styles and _name("m", (shape, styles[name])) == name
        names[name] = _name("m", (shape, _in(styles[name], dark))) if known else None
    return names


def _pattern_names(svg: str, dark: dict[str, str]) -> dict[str, str | None]:
    """The name of each pattern of a hatched area in the dark drawing, as `_marker_names` gives those of markers."""
    names: dict[str, str | None] = dict.fromkeys(re.findall('<pattern id="([^"]*)"', svg))
    for name, *colours, width in _PATTERN.findall(svg):
        for hatch in map(np.str_, _HATCHES):  # as a bar chart gives it to matplotlib
            if _name("h", (hatch, *map(to_rgba, colours), float(width))) == name:
                names[name] = _name("h", (hatch, *(to_rgba(dark[colour]) for colour in colours), float(width)))
    return names


@cache
def _dark_colours() -> dict[str, str]:
    """The dark style's colour for each of the light style's."""
    light, dark = (_COLOUR_IN_STYLE.findall((STYLES / f"{theme}.mplstyle").read_text()) for theme in ("light", "dark"))
    return {f"#{one}": f"#{other}" for one, other in zip(light, dark, strict=True)}


def _name(kind: str, content: tuple) -> str:
    """The name that matplotlib gives a marker or a pattern: a hash of its shape and colours."""
    return kind + hashlib.sha256((_salt() + str(content)).encode()).hexdigest()[:10]


@cache
def _salt() -> str:
    return mpl.rc_params_from_file(STYLES / "study.mplstyle", use_default_template=False)["svg.hashsalt"]


def _in(text: str, names: dict[str, str]) -> str:
    return re.sub("|".join(names), lambda found: names[found[0]], text)
