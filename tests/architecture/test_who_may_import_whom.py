"""Contracts in pyproject.toml, and the one release gate for what is published."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMPUTING = (
    "cohort",
    "text",
    "leakage",
    "model",
    "performance",
    "network",
    "tables",
    "claims",
    "papers",
    "book/charts",
    "book/sentences",
)


def test_every_import_keeps_to_its_contract():
    """In a process of its own, since the linter resets logging, on which Sphinx's tests rely."""
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", sorted((ROOT / "analysis").rglob("*.py")), ids=lambda path: path.stem)
def test_only_the_release_gate_makes_released_tables(path):
    """`Released(...)` takes a private token; no module outside `disclosure` may import it."""
    inside = "analysis/disclosure" in path.as_posix()
    assert inside or "_RELEASE_TOKEN" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [path for package in COMPUTING for path in sorted((ROOT / "analysis" / package).rglob("*.py"))],
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_what_computes_or_draws_writes_no_file(path):
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"write_text", "write_bytes", "write_parquet", "write_csv", "to_parquet", "unlink", "mkdir"}
