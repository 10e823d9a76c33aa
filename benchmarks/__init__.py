"""What the analysis costs, and how far its synthetic worlds differ: run by hand, never by a report."""

from analysis.workflow.threads import keep_to_one_thread

keep_to_one_thread()
