"""How fast this machine happens to be is not under test, and no test touches the key and releases of who runs it."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.disclosure.containment import KEY_VARIABLE

os.environ.setdefault(KEY_VARIABLE, str(Path(tempfile.mkdtemp(), "key")))

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def own_key(tmp_path_factory, monkeypatch):
    """A secret key, and so a ledger of releases, for each test alone; its path."""
    path = tmp_path_factory.mktemp("key") / "key"
    monkeypatch.setenv(KEY_VARIABLE, str(path))
    return path
