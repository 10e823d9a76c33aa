"""The rule by which a leakage audit leaves an authority out of the overall verdict, never by its name.

It reads the table `leakage` alone, so that those who show results apply the very rule that the audit states.
"""

import pandas as pd

# Drift in time is no leakage: these checks are shown but do not decide.
NOT_LEAKAGE = ("train_v_test",)


def leaking(leakage: pd.DataFrame) -> bool:
    """Whether an audit (columns check and flagged) raised any flag but those that speak of drift.

    >>> leaking(pd.DataFrame({"check": ["train_v_test", "too_good"], "flagged": ["yes", "no"]}))
    False
    """
    return bool((leakage["flagged"].eq("yes") & ~leakage["check"].isin(NOT_LEAKAGE)).any())
