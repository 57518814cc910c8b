"""Starts memory: `python -m services.memory`."""

from services.memory.app import create_memory
from services.memory.settings import MemorySettings
from shared.runtime.failpoints import FailpointSettings, set_failpoints
from shared.runtime.http import serve
from shared.runtime.telemetry import configure_logging


def main() -> None:
    settings = MemorySettings()
    configure_logging("memory", settings.log_level)
    set_failpoints(FailpointSettings())
    serve(create_memory(settings), host=settings.host, port=settings.port, grace=settings.grace)


if __name__ == "__main__":
    main()
