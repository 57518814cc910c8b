"""Judges a run from what clients saw and what is left: pure, so that a run can be judged again later."""

from tests.faults.checker.checking import check
from tests.faults.checker.findings import Finding, Report, Verdict
from tests.faults.checker.state import EndState, read_state

__all__ = ["EndState", "Finding", "Report", "Verdict", "check", "read_state"]
