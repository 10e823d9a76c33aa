"""The rules of redaction, as `redaction.yml` has them."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def rules() -> dict:
    """The whole file: patterns, titles, roles and lists of words."""
    return yaml.safe_load(files("analysis.text").joinpath("redaction.yml").read_text(encoding="utf-8"))


@cache
def rule_words(rule: str) -> frozenset[str]:
    """The words of one list; `role_words` are the single words of the roles."""
    if rule == "role_words":
        return frozenset(word for role in rules()["roles"] for word in role.split())
    return frozenset(rules()[rule])
