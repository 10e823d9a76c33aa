"""A page carries no trace of a failure and no hidden metadata."""

import base64
import io

import matplotlib
import pytest

from analysis.disclosure.traces import clean_notebook, describe_failed_cell, strip_png, strip_svg
from analysis.errors import CohortError

matplotlib.use("agg")
SECRET = "Zebedee Quarkwhistle"


def error_output(kind: str, words: str) -> dict:
    return {"output_type": "error", "ename": kind, "evalue": words, "traceback": [f"row = {SECRET}", words]}


def notebook(*outputs: dict) -> dict:
    cell = {"cell_type": "code", "source": "x", "metadata": {"tags": ["a"], "papermill": {"start_time": SECRET}}}
    return {
        "cells": [cell | {"outputs": list(outputs)}],
        "metadata": {"papermill": {"input_path": SECRET}},
        "nbformat": 4,
    }


def picture(kind: str) -> bytes:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(1, 1))
    axes.plot([0, 1])
    buffer = io.BytesIO()
    key = "Title" if kind == "png" else "Creator"
    figure.savefig(buffer, format=kind, metadata={key: SECRET})
    pyplot.close(figure)
    return buffer.getvalue()


def test_an_error_of_ours_is_shown_and_any_other_only_named():
    ours = str(CohortError("LA1/P1", "one family; give more"))
    assert describe_failed_cell("CohortError", ours) == ours
    foreign = describe_failed_cell("KeyError", SECRET)
    assert foreign == "KeyError: the details are not shown here, because they could hold data"


@pytest.mark.parametrize("kind", ["KeyError", "ValueError", "ArrowInvalid"])
def test_a_failed_cell_shows_no_trace(kind):
    cleaned = clean_notebook(notebook(error_output(kind, SECRET)))
    assert SECRET not in str(cleaned)
    assert cleaned["cells"][0]["outputs"][0]["ename"] == kind


def test_a_failed_cell_shows_the_text_of_our_own_errors():
    cleaned = clean_notebook(notebook(error_output("CohortError", "CohortError: LA1/P1: 1 problem")))
    assert cleaned["cells"][0]["outputs"][0]["traceback"] == ["CohortError: LA1/P1: 1 problem"]
    assert SECRET not in str(cleaned)


def test_warnings_and_run_times_are_left_out_and_tags_kept():
    cleaned = clean_notebook(notebook({"output_type": "stream", "name": "stderr", "text": SECRET}))
    assert SECRET not in str(cleaned)
    assert cleaned["cells"][0]["metadata"] == {"tags": ["a"]}


def test_the_notebook_given_is_left_as_it_was():
    given = notebook(error_output("KeyError", SECRET))
    clean_notebook(given)
    assert SECRET in str(given)


def test_pictures_lose_their_metadata_and_keep_their_pixels():
    from matplotlib import image

    before = picture("png")
    after = strip_png(before)
    assert SECRET.encode() in before and SECRET.encode() not in after
    assert (image.imread(io.BytesIO(before)) == image.imread(io.BytesIO(after))).all()
    drawing = picture("svg").decode()
    assert SECRET in drawing and SECRET not in strip_svg(drawing)
    assert strip_svg(drawing).rstrip().endswith("</svg>")


def test_pictures_in_a_notebook_are_stripped_too():
    data = {"image/png": base64.b64encode(picture("png")).decode(), "image/svg+xml": picture("svg").decode()}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    cleaned = clean_notebook(notebook(output))["cells"][0]["outputs"][0]["data"]
    assert SECRET.encode() not in base64.b64decode(cleaned["image/png"])
    assert SECRET not in cleaned["image/svg+xml"]
