"""`make benchmark`: what it runs and writes. The benchmarks themselves take a quarter of an hour: not run here."""

import json
import sys
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as command
from benchmarks.timing import Cost, row


@pytest.mark.parametrize("named", [[], ["extract", "network"]])
def test_every_subject_is_run_unless_some_are_named(named, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["benchmarks", *named])
    stand_in = SimpleNamespace(import_module=lambda name: SimpleNamespace(run=lambda: [row(name, Cost(2), Cost(50))]))
    monkeypatch.setattr(command, "importlib", stand_in)
    command.main()
    rows = json.loads((tmp_path / "build" / "benchmark.json").read_text(encoding="utf-8"))
    assert [found["name"] for found in rows] == [f"benchmarks.{subject}" for subject in named or command.SUBJECTS]
    assert {found["ratio"] for found in rows} == {25}
    assert "2.0 CPU-s, the reference 50.0 CPU-s: 25.0 times" in capsys.readouterr().out
