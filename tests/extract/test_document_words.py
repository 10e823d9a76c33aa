"""The words of HTML, RTF and Word documents: all that is read, nothing that is markup or struck out."""

import zipfile

import polars as pl
import pytest

from analysis.extract.word_document import word_text
from analysis.text.plain_text import plain_text, without_pictures
from analysis.text.redact import redact

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(words):
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p style='font-family:Arial'>Ren&eacute;e O&#39;Shaw&nbsp;said no.</p>", "Renée O'Shaw said no."),
        (r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Ren\'e9e said no.\par}", "Renée said no."),
        ("<html><head><style>p {}</style></head><body><p>One</p><p>Two</p></body></html>", "One\nTwo"),
        ("<section>One</section><label>Two <b>a</b>gain</label>", "One\nTwo again"),
        ("<Note><Body2>Said no.</Body2></Note>", "Said no."),
        ("<![CDATA[Said no.]]>", "Said no."),
        (r"Note: {\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Said no.\par}", "Note: Said no."),
        (r"{\rtf1\ansi\uc1 Ren\u233?e\u8217?s \{brace\}}", "Renée’s {brace}"),
        ("Or\u200bla and Quarm\u00adby", "Orla and Quarmby"),
        ("2 < 3 > 1 & so on; {a} <unknown>", "2 < 3 > 1 & so on; {a} <unknown>"),
        (None, None),
    ],
)
def test_the_words_of_a_text_are_kept(text, words):
    assert plain_text(pl.Series([text], dtype=pl.String))[0].to_list() == [words]


def test_texts_with_markup_are_counted():
    assert plain_text(pl.Series(["<p>a</p>", "b", r"{\rtf1 c}", "d &amp; e"]))[1] == 3


def test_a_name_written_with_entities_is_removed():
    assert redact(["<b>Ren&eacute;e</b> O&#39;Placeholder said no."], ["Renée O’Placeholder"]) == ["[name] said no."]


def word_file(folder, body, **parts):
    path = folder / "one.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
    return path


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>", "In a control."),
        (
            (f"<w:tbl><w:tr><w:tc>{paragraph('Outer.')}<w:tbl><w:tr><w:tc>{paragraph('Inner.')}</w:tc></w:tr></w:tbl>"
            "</w:tc></w:tr></w:tbl>"),
            "Outer.\nInner.",
        ),
        (
            ("<w:p><w:ins><w:r><w:t>In.</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>Out</w:delText></w:r></w:del></w:p>"),
            "In.",
        ),
        (
            ("<w:p><w:r><w:t>Beside.</w:t><w:pict><w:txbxContent>"
            f"{paragraph('In a box.')}</w:txbxContent></w:pict></w:r></w:p>"),
            "Beside.\nIn a box.",
        ),
        (
            (
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                f"{paragraph('Click here')}</w:sdtContent></w:sdt>{paragraph('Typed.')}"
            ),
            "Typed.",
        ),
        (
            (
                f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('Struck out.')}</w:tc></w:tr>"
                f"<w:tr><w:tc>{paragraph('Left.')}</w:tc></w:tr>"
            ),
            "Left.",
        ),
        (f"<w:tc><w:tcPr><w:gridSpan w:val='5'/></w:tcPr>{paragraph('Once.')}</w:tc>", "Once."),
    ],
)  # fmt: skip
def test_all_that_is_read_in_a_word_document_is_kept(tmp_path, body, words):
    assert word_text(word_file(tmp_path, body)) == words


def test_notes_headers_and_footers_are_kept(tmp_path):
    path = word_file(tmp_path, paragraph("Body."), header1=paragraph("Head."), footer1=paragraph("Foot."))
    assert word_text(path).split("\n") == ["Head.", "Body.", "Foot."]


def test_words_of_other_forms_of_word_documents_are_kept(tmp_path):
    """Strict Open XML, a part of another name, comments, and a file that stands in the document as it is."""
    path = tmp_path / "one.docx"
    strict = f"<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'>{paragraph('Body.')}</w:document>"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document2.xml", strict)
        package.writestr(
            "word/comments.xml", f"<w:comments {W}><w:comment>{paragraph('Said.')}</w:comment></w:comments>"
        )
        package.writestr("word/afchunk.htm", "<p>Inserted.</p>")
    assert word_text(path).split("\n") == ["Body.", "Said.", "<p>Inserted.</p>"]


def test_pictures_pasted_into_a_text_go_and_its_words_stay():
    texts = [
        "<p>Before <img src='data:image/png;base64,QUJDREVG'>after</p>",
        r"{\rtf1{\pict " + "0af9" * 200 + "}Words.}",
    ]
    assert plain_text(without_pictures(pl.Series(texts)))[0].to_list() == ["Before after", "Words."]
