"""Starts the agent: `python -m services.agent`."""

from services.agent.app import create_agent
from services.agent.settings import AgentSettings
from shared.runtime.failpoints import FailpointSettings, set_failpoints
from shared.runtime.http import serve
from shared.runtime.telemetry import configure_logging


def main() -> None:
    settings = AgentSettings()
    configure_logging("agent", settings.log_level)
    set_failpoints(FailpointSettings())
    serve(create_agent(settings), host=settings.host, port=settings.port, grace=settings.grace)


if __name__ == "__main__":
    main()
