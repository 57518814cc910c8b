"""What happened in a run, as JSON lines: written while faults are injected, read when the run is judged."""

from tests.faults.history.reading import History, read_history, read_lines
from tests.faults.history.recorder import Recorder, append_line
from tests.faults.history.records import (
    HISTORY_FILE,
    AnyRecord,
    Connection,
    Fault,
    Kind,
    Operation,
    Phase,
    Record,
    Run,
    Sample,
    StreamEvent,
)

__all__ = [
    "HISTORY_FILE",
    "AnyRecord",
    "Connection",
    "Fault",
    "History",
    "Kind",
    "Operation",
    "Phase",
    "Record",
    "Recorder",
    "Run",
    "Sample",
    "StreamEvent",
    "append_line",
    "read_history",
    "read_lines",
]
