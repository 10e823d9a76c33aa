"""How fast this machine happens to be is not under test: no property fails for taking long."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
