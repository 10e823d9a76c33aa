"""What is sent to a worker and back: the same files, as closed as they were, and none elsewhere."""

from pathlib import Path

import pytest

from analysis.errors import StepError
from analysis.workflow.sending import open_parcel, pack, parcel, receive, unpack
from analysis.workflow.step import Step, run_step


def write_closed_folder(folder: Path) -> Path:
    (folder / "open").mkdir(parents=True)
    folder.chmod(0o700)
    (folder / "open" / "deep.csv").write_text("a,b\n1,2\n")
    (folder / "closed.bin").touch(mode=0o600)
    (folder / "closed.bin").write_bytes(b"\0\1")
    return folder


def described(folder: Path) -> list[tuple[str, int, bytes | None]]:
    return sorted(pack(folder))


def test_a_folder_comes_out_as_it_went_in_and_replaces_what_lay_there(tmp_path):
    sent = write_closed_folder(tmp_path / "sent")
    received = tmp_path / "deeper" / "received"
    received.mkdir(parents=True)
    (received / "left.txt").touch()
    unpack(pack(sent), received)
    assert described(received) == described(sent)
    assert received.stat().st_mode & 0o777 == 0o700
    unpack(pack(sent / "closed.bin"), received / "closed.bin")
    assert described(received) == described(sent)


@pytest.mark.parametrize("name", ["../outside", "/outside", "open/../../outside"])
def test_nothing_is_written_outside_of_the_path(tmp_path, name):
    with pytest.raises(StepError, match="would lie elsewhere"):
        unpack([(".", 0o755, None), ("inside", 0o644, b""), (name, 0o644, b"")], tmp_path / "folder")
    assert not list(tmp_path.iterdir())


def join(sources: tuple[Path, ...], product: Path, unnamed: Path) -> tuple[str, ...]:
    product.mkdir()
    (product / "joined.txt").write_text("".join(source.read_text() for source in sources))
    return (f"{unnamed.name} is there: {unnamed.exists()}",)


def test_a_step_sees_what_it_names_and_what_the_steps_before_made_and_nothing_else(tmp_path):
    build, given, unnamed = tmp_path / "build", tmp_path / "given.txt", tmp_path / "unnamed.txt"
    given.write_text("given ")
    unnamed.touch()
    made = build / "made.txt"
    first = Step("first", Path.write_text, makes=(made,))
    build.mkdir()
    made.write_text("made")
    arguments = {"sources": (given, made), "product": build / "product", "unnamed": unnamed}
    step = Step("second", join, arguments, reads=(given,), after=("first",), makes=(build / "product",))
    manifest, made_there = open_parcel(parcel(step, [first], "of now", build), lambda *a: run_step(*a[:3]), False)
    assert manifest["notices"] == ("unnamed.txt is there: False",) and not (build / "product").exists()
    receive(step, build, made_there)
    with pytest.raises(ValueError, match="argument 2 is longer"):
        receive(step, build, [*made_there, pack(given)])
    assert (build / "product" / "joined.txt").read_text() == "given made"
    assert step.is_current("of now", build)
