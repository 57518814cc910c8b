"""Starts the profiles service: `python -m services.profiles`."""

from services.profiles.app import create_profiles
from services.profiles.settings import ProfilesSettings
from shared.runtime.failpoints import FailpointSettings, set_failpoints
from shared.runtime.http import serve
from shared.runtime.telemetry import configure_logging


def main() -> None:
    settings = ProfilesSettings()
    configure_logging("profiles", settings.log_level)
    set_failpoints(FailpointSettings())
    serve(create_profiles(settings), host=settings.host, port=settings.port, grace=settings.grace)


if __name__ == "__main__":
    main()
