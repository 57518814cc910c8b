"""Repetitions in the log of a library."""

import logging
from datetime import timedelta

from shared.runtime.kafka.logs import REPEATING, OnceInAWhile, fewer_repetitions


def line(text: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("aiokafka", logging.ERROR, "", 0, text, values, None)


def test_a_kind_of_message_passes_once_in_a_while_and_tells_what_it_stands_for() -> None:
    now = [0.0]
    once = OnceInAWhile(timedelta(seconds=10), clock=lambda: now[0])
    assert once.filter(line("cannot reach %s", 1))
    assert not once.filter(line("cannot reach %s", 2))
    assert not once.filter(line("cannot reach %s", 1))
    assert once.filter(line("something else"))
    now[0] = 10.0
    again = line("cannot reach %s", 1)
    assert once.filter(again)
    assert again.__dict__["repeated"] == 2


def test_loggers_are_as_before_afterwards() -> None:
    before = [list(logging.getLogger(name).filters) for name in REPEATING]
    with fewer_repetitions():
        assert [list(logging.getLogger(name).filters) for name in REPEATING] != before
    assert [list(logging.getLogger(name).filters) for name in REPEATING] == before
