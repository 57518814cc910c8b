"""A gateway whose numbers cannot be answered does not start."""

import os
import subprocess
import sys

import pytest

from tests.support import whatsapp

PAINTED = '["tests.support.painted:DOMAIN"]'
POSTGRES = "postgresql://parley_gateway@127.0.0.1:1/parley"


@pytest.mark.parametrize(
    ("domain", "more", "complaint"),
    [("painted", {}, "PARLEY_POSTGRES"), ("shop", {"PARLEY_POSTGRES": POSTGRES}, "the pack shop")],
)
def test_what_is_missing_is_said_at_the_start(domain: str, more: dict[str, str], complaint: str) -> None:
    given = {
        "PATH": os.environ["PATH"],
        "PARLEY_DOMAINS": PAINTED,
        **whatsapp.environment("http://127.0.0.1:1", domain),
    }
    command = [sys.executable, "-m", "services.gateway"]
    ended = subprocess.run(command, env=given | more, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr
