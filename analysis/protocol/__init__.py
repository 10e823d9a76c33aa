"""The registered protocol: `protocol.yml` as frozen values, refused where it holds anything unknown."""

from analysis.protocol.read import load_protocol, parse_protocol, taken_as_registered
from analysis.protocol.values import Design, PredictionProblem, Protocol

__all__ = ["Design", "PredictionProblem", "Protocol", "load_protocol", "parse_protocol", "taken_as_registered"]
