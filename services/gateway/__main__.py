"""Starts the gateway: `python -m services.gateway`."""

import sys

from services.gateway.app import GatewayProcess
from services.gateway.settings import GatewaySettings
from services.gateway.whatsapp.settings import WhatsAppSettings, unanswerable
from shared.domains.registry import load_domains
from shared.runtime.failpoints import FailpointSettings, set_failpoints
from shared.runtime.http import serve
from shared.runtime.telemetry import configure_logging

_REFUSAL = (
    "PARLEY_HOST is {host}, but the gateway answers on loopback only (127.0.0.1): it has no accounts yet, so whoever "
    "could reach it could read every conversation.\n"
)


def main() -> int:
    """Serve until told to stop; the process's exit code."""
    settings = GatewaySettings()
    if not settings.is_on_loopback:
        sys.stderr.write(_REFUSAL.format(host=settings.host))
        return 2
    domains, whatsapp = load_domains(settings.domains), WhatsAppSettings()
    complaint = unanswerable(whatsapp, domains, has_postgres=settings.postgres is not None)
    if complaint is not None:
        sys.stderr.write(complaint)
        return 2
    configure_logging("gateway", settings.log_level)
    set_failpoints(FailpointSettings())
    gateway = GatewayProcess(settings, domains, whatsapp=whatsapp)
    serve(
        gateway.app,
        host=settings.host,
        port=settings.port,
        grace=settings.grace,
        stopping=gateway.end_streams,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
