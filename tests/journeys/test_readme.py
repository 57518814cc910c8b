"""The conversation that the README prints works as printed."""

import asyncio
import os
import re
import subprocess
from datetime import timedelta
from functools import partial
from pathlib import Path

from deploy.local.settings import REPOSITORY
from shared.runtime.polling import read_until
from tests.support.stack import Stack

PRINTED = "API=http://127.0.0.1:8000\n"
SECONDS = 30


def blocks(heading: str) -> list[str]:
    """What a section of the README has one type."""
    page = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)


def run(script: str, folder: Path = REPOSITORY) -> "subprocess.CompletedProcess[str]":
    command = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS, cwd=folder)


async def test_the_printed_conversation_works(stack: Stack) -> None:
    conversation, learned = blocks("A conversation with curl")
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


async def test_the_printed_conversations_of_the_packs_work(stack: Stack, tmp_path: Path) -> None:
    begin = f"API={stack.gateway.url}\nJSON='Content-Type: application/json'\n"

    shop, luxury, orders, insights = (run(begin + block, tmp_path) for block in blocks("The packs"))

    for said in (shop, luxury, orders, insights):
        assert said.returncode == 0, said.stdout + said.stderr
    assert "TRK-900134" in shop.stdout
    assert '"title":"Where is my order?"' in shop.stdout
    assert '"audience_size":7' in luxury.stdout
    assert "event: analysis_complete" in luxury.stdout
    assert '"campaign_id":"camp_' in luxury.stdout
    assert "500 x Pizza box 10 inch" in orders.stdout
    [invoice] = [each for each in os.listdir(tmp_path) if each.startswith("INV-")]
    assert invoice.endswith(".pdf")
    assert "ES 3.2% and all markets 2.5%" in insights.stdout
