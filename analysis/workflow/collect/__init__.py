"""What several authorities released, checked as an outsider's and put where the joint book is built from."""

from analysis.workflow.collect.joint import attack_sent, collect, describe_sent, preset_of
from analysis.workflow.collect.submission import Sent, read_sent

__all__ = ["Sent", "attack_sent", "collect", "describe_sent", "preset_of", "read_sent"]
