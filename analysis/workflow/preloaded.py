"""Read once, in the process from which those that run notebooks are forked, what each of them would read again."""

from analysis.study.evidence_files import read_registered
from analysis.study.fingerprint import import_graph

import_graph()
read_registered()
