"""Processes that make load or stand in for something: started, told what to do, heard, and ended."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from deploy.local.errors import StackError
from deploy.local.settings import REPOSITORY

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that reads lines and answers with lines. StackError when it has ended instead."""

    process: "subprocess.Popen[str]"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def go(self) -> None:
        """Tells one that is ready to begin."""
        self._tell("go")

    def prepare(self, order: BaseModel) -> None:
        """Gives it an order, and waits until it is ready to carry it out."""
        self._tell(order.model_dump_json())
        self.hear()

    def answer(self, model: type[Answer]) -> Answer:
        """What came of the order."""
        return model.model_validate_json(self.hear())

    def hear(self) -> str:
        """The next line of what it says."""
        line = self.process.stdout.readline() if self.process.stdout is not None else ""
        if not line:
            raise StackError(f"{self.process.args!r} ended with {self.process.wait()}; what it said is above.")
        return line

    def _tell(self, line: str) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()


@contextmanager
def worker(module: str, environment: Mapping[str, str]) -> Iterator[Worker]:
    """Runs a module with this environment for as long as the context lasts."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", module], cwd=REPOSITORY, env={**environment}, **pipes) as process:
        try:
            yield Worker(process)
        finally:
            process.kill()


@contextmanager
def prepared(module: str, order: BaseModel) -> Iterator[Worker]:
    """A load generator that has prepared everything and waits for the word."""
    with worker(module, {}) as generator:
        generator.prepare(order)
        yield generator
