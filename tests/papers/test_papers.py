"""The papers say what the released tables say, in every edition, and carry nothing of who made them where."""

import io
import re
import zipfile

import docx
import pandas as pd
import pytest
import small_tables as small
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from analysis.disclosure.canaries import find_canaries
from analysis.papers import FILES, PAPERS, papers_line
from analysis.papers.chart import CARD
from analysis.papers.equality import group_rows
from analysis.papers.facts import plain
from analysis.papers.word import DECIDE
from analysis.tables.summaries import joint

OFFICE = {paper.file: paper.make for paper in PAPERS}
MARK = small.PROTOCOL.success.threshold


def passing_world():
    """The small world, but for one prediction of one authority, whose first model scores above the mark."""
    tables = small.page_tables() | {"performance": small.performance(average_precision=(0.9, 0.35, 0.1, 0.2))}
    return small.world() | {("LA3", "P5"): tables}


def withheld_world():
    """A world in which no score may be shown."""
    few = {"performance": small.performance(positives=3, preset="dfe")}
    return dict.fromkeys(small.world(), few)


@pytest.mark.parametrize("file", OFFICE)
@pytest.mark.parametrize("synthetic", [True, False])
def test_the_same_tables_give_the_same_bytes_without_author_program_or_time(facts_of, file, synthetic):
    facts = facts_of(synthetic=synthetic)
    first, second = FILES[file](facts), FILES[file](facts)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {member.date_time for member in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = " ".join(packed.namelist())
        assert not re.search("thumbnail|printer|app.xml", names)
        core = packed.read("docProps/core.xml").decode()
    cited = facts_of().cited
    assert cited.authors.replace('"', "&quot;") in core or cited.authors in core
    assert set(re.findall(r">(\d{4}-[^<]*)<", core)) == {f"{cited.released}T00:00:00Z"}
    assert "python" not in core.lower()


def test_the_published_numbers_lead_in_the_synthetic_edition_which_is_called_a_rehearsal(facts_of, words_in):
    for file in ("members.docx", "slides.pptx"):
        words = " ".join(words_in(FILES[file](facts_of(synthetic=True, preset="synthetic"))))
        assert "0 of 24" in words and "6 in 10" in words and "4 in 5" in words and "1 in 10" in words
        assert "rehearsal on invented records" in words and "Northshire" not in words


def test_on_own_data_each_number_is_that_of_the_councils_tables(facts_of, words_in):
    """Counted again from the tables: models above the mark, and children flagged and missed at each threshold."""
    world = passing_world()
    counted = {problem: tables for problem, tables in world.items() if problem[0] != "LA1"}  # left out: it leaks
    scores = pd.concat([t["performance"].where(metric="average_precision").frame for t in counted.values()])
    points = pd.concat([t["operating_point"].frame for t in counted.values()])
    above = int((scores["value"].astype(float) > MARK).sum())
    wrong = (points["false_positives"] / points["flagged"]).mean()
    missed = (points["false_negatives"] / points["positives"]).mean()
    assert above == 1
    facts = facts_of(world)
    for file in ("members.docx", "slides.pptx"):
        words = words_in(FILES[file](facts))
        assert f"{above} of {len(scores)}" in words
        assert {f"{round(10 * wrong)} in 10", f"{round(10 * missed)} in 10"} <= set(words)
        assert any("In part." in line for line in words) and "1 of 24 models passed" in words


@pytest.mark.parametrize(("world", "answer"), [(None, "No, not on these cases."), (withheld_world(), "Cannot tell.")])
def test_the_answer_follows_the_tables_and_what_is_withheld_is_never_no(facts_of, words_in, world, answer):
    facts = facts_of(world)
    words = words_in(FILES["members.docx"](facts))
    assert any(line.startswith(answer) for line in words)
    easy = " ".join(words_in(FILES["easy-read.docx"](facts)))
    assert ("We cannot tell how good they are" in easy) == (answer == "Cannot tell.")


def test_words_of_own_data_are_words_and_nothing_else(facts_of, words_in):
    hostile = "=HYPERLINK(1)<b>{doc}`x`</b>\x00 & *Sons*"
    facts = facts_of(names=(hostile,))
    for file, make in OFFICE.items():
        content = make(facts)
        assert "=HYPERLINK(1)<b>{doc}`x`</b> & *Sons*" in " ".join(words_in(content)), file
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                assert not re.search(rb"<(w:instrText|w:hyperlink|a:hlinkClick)\b", packed.read(name)), (file, name)


def test_every_picture_has_words_for_those_who_cannot_see_it(facts_of):
    content = FILES["members.docx"](facts_of())
    (shape,) = docx.Document(io.BytesIO(content)).inline_shapes
    assert "pass mark" in shape._inline.docPr.get("descr")
    slides = Presentation(io.BytesIO(FILES["slides.pptx"](facts_of()))).slides
    pictures = [s for slide in slides for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert len(slides) == 4 and all(slide.shapes.title.text for slide in slides)
    assert ["pass mark" in picture._element.nvPicPr.cNvPr.get("descr") for picture in pictures] == [True]


def test_the_picture_for_links_has_the_size_that_is_asked_for(facts_of):
    picture = Image.open(io.BytesIO(FILES["card.png"](facts_of())))
    assert picture.size == tuple(round(100 * side) for side in CARD) and picture.info.keys() <= {"dpi"}


def test_the_easy_read_is_easy(facts_of, words_in):
    for synthetic in (True, False):
        lines = words_in(FILES["easy-read.docx"](facts_of(synthetic=synthetic)))
        sentences = [s for line in lines for s in re.split(r"(?<=[.?])\s+", line) if s and "Works" not in s]
        assert sentences and max(len(sentence.split()) for sentence in sentences) <= 15


def test_the_draft_leaves_to_the_authority_what_only_it_can_decide(facts_of, words_in):
    words = words_in(FILES["data-protection-draft.docx"](facts_of()))
    asked = " ".join(line for line in words if line.startswith(DECIDE))
    for what in (
        "lawful basis under Article 6",
        "Article 9",
        "what was supplied",
        "who approves",
        "on which that command",
    ):
        assert what in asked
    questions = {prediction.question for prediction in small.PROTOCOL.predictions.values()}
    assert all(any(question in line for line in words) for question in questions)
    assert not any("Specimen" in line for line in words)
    assert any("Counts of 1 to 5 are withheld" in line for line in words)


def test_what_the_authority_must_decide_is_marked_by_more_than_its_colour(facts_of):
    document = docx.Document(io.BytesIO(FILES["equality-draft.docx"](facts_of())))
    marked = [p for p in document.paragraphs if any(run.font.highlight_color for run in p.runs)]
    assert len(marked) >= 4 and all(p.text.startswith(DECIDE) for p in marked)


def test_the_specimen_says_that_it_is_one(facts_of, words_in):
    for file in ("data-protection-draft.docx", "equality-draft.docx"):
        assert any(line.startswith("Specimen.") for line in words_in(FILES[file](facts_of(synthetic=True))))


def test_each_groups_row_is_counted_again_from_the_tables_and_a_group_too_small_is_no_verdict(facts_of):
    subgroups = joint(small.world(), "subgroups")
    rows = {(row[0], row[1]): row[2:] for row in group_rows(subgroups)}
    frame = subgroups.frame
    girls = frame[frame["subgroup"].eq("female") & frame["assessable"].eq("yes")]
    low, high = (1 - girls["recall"].astype(float)).min(), (1 - girls["recall"].astype(float)).max()
    expected = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"
    assert rows["gender", "female"][:2] == (f"{len(girls)} of {frame['subgroup'].eq('female').sum()}", expected)
    small_groups = subgroups.frame.assign(assessable="too small to assess")
    blank = type(subgroups).where(subgroups)  # a copy
    object.__setattr__(blank, "frame", small_groups)
    assert {row[2:] for row in group_rows(blank)} == {(f"0 of {len(girls)}", "cannot tell", "cannot tell")}


def test_every_paper_is_linked_from_the_page(facts_of):
    line = papers_line("../")
    assert all(f'href="../papers/{paper.file}"' in line and paper.words in line for paper in PAPERS)


def test_roles_and_markup_become_plain_words():
    assert plain("**No.** {doc}`How sure </x>`: {term}`AUC`, a \\*star\\* <b>x</b>") == "No. How sure: AUC, a *star* x"


def test_a_value_divided_among_runs_of_a_document_is_found(tmp_path, facts_of):
    """Word divides a word where its look changes; the search for planted values reads across."""
    for kind in ("docx", "pptx"):
        if kind == "docx":
            document = docx.Document()
            paragraph = document.add_paragraph()
            for part in ("Zebedee Quark", "whistle"):
                paragraph.add_run(part).bold = part == "whistle"
        else:
            document = Presentation()
            box = document.slides.add_slide(document.slide_layouts[5]).shapes.title.text_frame.paragraphs[0]
            for part in ("Zebedee Quark", "whistle"):
                run = box.add_run()
                run.text, run.font.bold = part, part == "whistle"
        document.save(tmp_path / f"paper.{kind}")
    found = {hit.path for hit in find_canaries(tmp_path, {"name": "Zebedee Quarkwhistle"})}
    assert found == {"paper.docx", "paper.pptx"}
