"""Formulas as MathML, made when the book is built: no script, no font and nothing to fetch."""

from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.math import get_node_equation_number


def mathml(latex: str, *, display: str) -> str:
    r"""A formula as a ``<math>`` element that carries its LaTeX as an alternative text.

    Parameters
    ----------
    latex : str
        Without delimiters, such as ``\frac{a}{b}``.
    display : str
        "inline" or "block".

    Examples
    --------
    >>> mathml("x", display="inline")
    '<math alttext="x" xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>x</mi></mrow></math>'
    """
    markup = convert(" ".join(latex.split()), display=display)
    return markup.replace("<math ", f'<math alttext="{escape(" ".join(latex.split()))}" ', 1)


def visit_inline(translator, node: nodes.math) -> None:
    translator.body.append(f'<span class="math">{mathml(node.astext(), display="inline")}</span>')
    raise nodes.SkipNode


def visit_block(translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math", tabindex="0"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})</span>')
    translator.body.append(mathml(node.astext(), display="block") + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
