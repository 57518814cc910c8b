"""The conversation that the README prints works as printed."""

import asyncio
import re
import subprocess
from datetime import timedelta
from functools import partial

from deploy.local.settings import REPOSITORY
from shared.runtime.polling import read_until
from tests.support.stack import Stack

PRINTED = "API=http://127.0.0.1:8000\n"
SECONDS = 30


def blocks() -> tuple[str, str]:
    """What the README has one type: a conversation, and a moment later what was learned."""
    page = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = page.partition("## A conversation with curl")[2].partition("\n## ")[0]
    conversation, learned = re.findall(r"```bash\n(.*?)```", section, re.DOTALL)
    return conversation, learned


def run(script: str) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)


async def test_the_printed_conversation_works(stack: Stack) -> None:
    conversation, learned = blocks()
    assert PRINTED in conversation
    here = f"API={stack.gateway.url}\n"

    said = run(conversation.replace(PRINTED, here))

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count("event: completed") == 2, "once live and once resumed"
    assert '"turn_no":2' in said.stdout

    look = partial(asyncio.to_thread, run, f"{here}ME='X-Parley-User: ana'\n{learned}")
    known = await read_until(look, lambda seen: seen.returncode == 0, within=timedelta(seconds=SECONDS))
    assert '"factors":' in known.stdout, "the scores explain themselves"
    assert '"next_cursor":' in known.stdout, "the leads follow"
