"""An authority's own title and question are words in the heading of their page."""

from markdown_it import MarkdownIt

from analysis.book.sentences.problem import heading
from analysis.protocol import PredictionProblem, load_protocol

HOSTILE = "<script>window.owned = 1</script> {raw}`html` [x](javascript:alert(1)) $a$"


def test_a_hostile_title_question_and_name_are_text_in_the_heading():
    own = load_protocol().predictions["P7"].model_copy(update={"title": HOSTILE, "question": HOSTILE})
    problem = PredictionProblem(authority="Northshire", outcome="P7", prediction=own)
    for name in ("", HOSTILE):
        tokens = MarkdownIt("commonmark").parse(heading(problem, name))
        inside = [child.type for token in tokens for child in token.children or ()]
        assert set(inside) <= {"text", "text_special", "em_open", "em_close"}, inside
