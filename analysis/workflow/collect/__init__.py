"""What several authorities released, checked as an outsider's and put where the joint book is built from."""

from analysis.workflow.collect.attacked import preset_of
from analysis.workflow.collect.joint import collect, describe_submissions
from analysis.workflow.collect.submission import Submission

__all__ = ["Submission", "collect", "describe_submissions", "preset_of"]
