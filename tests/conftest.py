"""How fast this machine happens to be is not under test, and no test makes a key in its user's own folder."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

from analysis.disclosure.containment import KEY_VARIABLE

os.environ.setdefault(KEY_VARIABLE, str(Path(tempfile.mkdtemp(), "key")))

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
