"""Tests of the extract share small worlds, kept beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
