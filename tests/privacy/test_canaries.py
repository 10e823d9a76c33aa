"""Is a marked value found wherever and however it is written, and nothing else?"""

import bz2
import gzip
import io
import json
import struct
import zipfile
import zlib

import polars as pl
import pytest

from analysis.disclosure.canaries import find_canaries, written_everywhere

NAME, NUMBER = "Zébedee O'Quarkwhistle-Ó", "943 476 5919"
CANARIES = {"name 1": NAME, "number 1": NUMBER}


def written_to(folder, content: bytes, name: str = "file.bin"):
    (folder / name).write_bytes(content)
    return {hit.canary for hit in find_canaries(folder, CANARIES)}


def zipped(content: bytes, name: str = "inner.txt") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def png_with(kind: bytes, content: bytes) -> bytes:
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(kind, content) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("value", CANARIES.values(), ids=CANARIES)
@pytest.mark.parametrize("encoding", written_everywhere("x"))
def test_a_value_is_found_in_every_encoding(tmp_path, value, encoding):
    content = b"<p>before " + written_everywhere(value)[encoding] + b" after</p>"
    if encoding.startswith(("UTF-16", "Base64")):
        content = written_everywhere(value)[encoding]
    names = {canary: canary for canary, planted in CANARIES.items() if planted == value}
    assert written_to(tmp_path, content) == set(names)


@pytest.mark.parametrize(
    "pack",
    [zipped, lambda content: zipped(zipped(content), "inner.zip"), gzip.compress, bz2.compress, zlib.compress,
     lambda content: png_with(b"tEXt", b"Comment\0" + content),
     lambda content: png_with(b"zTXt", b"Comment\0\0" + zlib.compress(content)),
     lambda content: png_with(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(content)),
     lambda content: b"%PDF-1.7\n1 0 obj <<>>\nstream\n" + zlib.compress(content) + b"\nendstream",
     lambda content: b"head" + zipped(content)],
    ids=["zip", "zip in zip", "gzip", "bzip2", "zlib", "PNG text", "PNG packed text", "PNG international text", "PDF",
         "zip behind a head"],
)  # fmt: skip
def test_a_value_is_found_inside_what_is_packed(tmp_path, pack):
    assert written_to(tmp_path, pack(f"of {NAME}, {NUMBER}".encode())) == set(CANARIES)


def test_a_value_is_found_in_a_workbook_and_a_parquet_table(tmp_path):
    frame = pl.DataFrame({"a": [NAME, NUMBER]})
    frame.write_excel(tmp_path / "book.xlsx")
    frame.write_parquet(tmp_path / "table.parquet", compression="zstd")
    hits = find_canaries(tmp_path, CANARIES)
    assert {(hit.path, hit.canary) for hit in hits} == {
        (path, canary) for path in ("book.xlsx", "table.parquet") for canary in CANARIES
    }


def test_a_value_is_found_in_a_name_of_a_file_and_of_one_inside_an_archive(tmp_path):
    (tmp_path / f"notes on {NUMBER}.txt").write_text("nothing")
    (tmp_path / "archive.zip").write_bytes(zipped(b"nothing", f"{NAME}.txt"))
    hits = {(hit.canary, hit.written) for hit in find_canaries(tmp_path, CANARIES)}
    assert hits >= {("number 1", "file name, plain"), ("name 1", "name of a packed file, plain")}


def test_a_value_is_found_in_a_picture_inside_a_notebook(tmp_path):
    import base64

    picture = base64.b64encode(png_with(b"zTXt", b"Title\0\0" + zlib.compress(NAME.encode()))).decode()
    page = f'<img src="data:image/png;base64,{picture}">'
    assert written_to(tmp_path, page.encode()) == {"name 1"}
    assert written_to(tmp_path, json.dumps({"source": [f"# {NAME}"]}).encode(), "n.ipynb") == {"name 1"}


def test_child_level_folders_may_hold_values(tmp_path):
    (tmp_path / "LA1" / "child_level").mkdir(parents=True)
    (tmp_path / "LA1" / "child_level" / "cases.csv").write_text(NAME)
    assert find_canaries(tmp_path, CANARIES) == ()


def test_what_was_not_planted_is_not_found(tmp_path):
    text = "Zebedee Quarkwhistle; O'Quark; 943 476 5918; " + "lorem ipsum " * 1000
    assert written_to(tmp_path, text.encode()) == set()


def test_a_hit_never_repeats_the_value(tmp_path):
    (tmp_path / "file.txt").write_text(f"{NAME} {NUMBER}")
    assert not any(NAME in str(hit) or NUMBER in str(hit) for hit in find_canaries(tmp_path, CANARIES))


def test_a_thousand_canaries_are_sought_in_one_pass(tmp_path):
    many = {f"canary {n}": f"Quill{n:04d}feather Street" for n in range(1000)}
    (tmp_path / "log.txt").write_text("\n".join(list(many.values())[::100]) + "x" * 2_000_000)
    assert {hit.canary for hit in find_canaries(tmp_path, many)} == {f"canary {n}" for n in range(0, 1000, 100)}
