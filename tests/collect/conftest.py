"""Invented pages are shared with the tests of disclosure control."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "disclosure"))
