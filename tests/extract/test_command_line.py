"""Whatever path or number is given, a verb answers in words: never a trace."""

import pytest

from analysis.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["synthesise", "{file}"], "is a file; give the path of a folder"),
        (["synthesise", "{file}/below"], "is a file; give the path of a folder"),
        (["synthesise", "{folder}", "--scale", "-1"], "it must be a number greater than 0"),
        (["synthesise", "{folder}", "--scale", "nan"], "it must be a number greater than 0"),
        (["check", "{folder}", "--build", "{file}"], "is a file; give the path of a folder"),
        (["check", "/dev/null"], "neither a file nor a folder"),
        (["check", "{folder}/nowhere"], "no such file or folder"),
        (["check", "{folder}", "--protocol", "{file}"], "expected keys and values"),
    ],
)
def test_a_path_or_number_that_cannot_be_is_refused_in_words(tmp_path, capsys, arguments, said):
    file = tmp_path / "file"
    file.write_text("words")
    try:
        status = main([argument.format(file=file, folder=tmp_path) for argument in arguments])
    except SystemExit as end:  # as argparse refuses
        status = end.code
    message = capsys.readouterr().err
    assert status in (1, 2) and said in message and "Traceback" not in message
