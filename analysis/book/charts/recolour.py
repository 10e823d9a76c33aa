"""The drawing for a dark page from the one for a light page: the same shapes in other colours.

To lay a chart out and write it as SVG takes most of its time, and only colours differ between the two. The result is,
to the byte, what drawing the chart again in the dark style gives.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

import matplotlib as mpl

STYLES = Path(__file__).parent
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_COLOUR_IN_STYLE = re.compile(r"(?<![#\w])[0-9a-f]{6}\b")
_MARKER = re.compile(r'<path id="(m[0-9a-f]{10})" d="([^"]*)"')
_USE = re.compile(r'<use xlink:href="#(m[0-9a-f]{10})" [^>]*style="([^"]*)"')


def recoloured(svg: str) -> str | None:
    """A drawing in the light style as it is in the dark style.

    Parameters
    ----------
    svg : str
        As matplotlib wrote it.

    Returns
    -------
    str or None
        None where that cannot be told from the text: it is hatched, or has a colour that is not of the style.
    """
    dark = _dark_colours()
    if "<pattern" in svg or not dark.keys() >= set(_COLOUR.findall(svg)):
        return None
    markers, styles = dict(_MARKER.findall(svg)), dict(_USE.findall(svg))
    names = {}
    for name, shape in markers.items():
        if name not in styles or _marker_name(shape, styles[name]) != name:
            return None
        names[name] = _marker_name(shape, _in(styles[name], dark))
    return _in(_in(svg, dark), names) if names else _in(svg, dark)


@cache
def _dark_colours() -> dict[str, str]:
    """The dark style's colour for each of the light style's."""
    light, dark = (_COLOUR_IN_STYLE.findall((STYLES / f"{theme}.mplstyle").read_text()) for theme in ("light", "dark"))
    return {f"#{one}": f"#{other}" for one, other in zip(light, dark, strict=True)}


def _marker_name(shape: str, style: str) -> str:
    """The name that matplotlib gives a marker: a hash of its shape and colours."""
    return "m" + hashlib.sha256((_salt() + str((shape, style))).encode()).hexdigest()[:10]


@cache
def _salt() -> str:
    return mpl.rc_params_from_file(STYLES / "study.mplstyle", use_default_template=False)["svg.hashsalt"]


def _in(text: str, names: dict[str, str]) -> str:
    return re.sub("|".join(names), lambda found: names[found[0]], text)
