"""The invented tables, for every test of pictures, words and claims."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))
