"""An authority's own extract: found, read, checked, pseudonymised and redacted before anything else sees it."""

from analysis.extract.authority import find_authorities
from analysis.extract.check import CheckReport, check
from analysis.extract.read import read_extract
from analysis.extract.report import ExtractReport
from analysis.text.redact import redact

__all__ = ["CheckReport", "ExtractReport", "check", "find_authorities", "read_extract", "redact"]
