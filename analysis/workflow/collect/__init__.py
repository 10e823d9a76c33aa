"""What several authorities released, checked as an outsider's and put where the joint book is built from."""

from analysis.workflow.collect.attacked import attack_submissions, preset_of
from analysis.workflow.collect.joint import collect, describe_submissions
from analysis.workflow.collect.submission import Submission, read_submissions

__all__ = ["Submission", "attack_submissions", "collect", "describe_submissions", "preset_of", "read_submissions"]
