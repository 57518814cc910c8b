"""The luxury product's stream in a real browser's EventSource, which reconnects by itself."""

from typing import Any, Final

import httpx
import pytest
from playwright.async_api import Page

from tests.faults.proxy import LOOPBACK, Cut, Dribble, Pass, Proxy
from tests.support.browser import EXECUTABLE, browsing
from tests.support.stack import Stack

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason="needs Chromium: apt-get install chromium-headless-shell")

LAUNCH = "我要为春季新款手袋上市做一次推广，目标是提升转化率"

PAGE: Final = """<!doctype html><meta charset="utf-8"><script>
const seen = [], errors = [];
let source;
function analyse(prompt, session) {
  source = new EventSource("/api/v1/analysis/stream?" + new URLSearchParams({prompt, session_id: session}));
  for (const name of ["thinking_step", "analysis_complete"])
    source.addEventListener(name, event => seen.push({name, id: event.lastEventId, data: JSON.parse(event.data)}));
  source.onerror = () => errors.push(source.readyState);
}
</script>"""


async def test_a_cut_connection_goes_on_with_the_same_turn(stack: Stack) -> None:
    async with Proxy(stack.gateway.port) as proxy, browsing(f"http://{LOOPBACK}:{proxy.port}", PAGE) as page:
        session = await created(stack)
        proxy.mode = Dribble(40, 0.02)
        await page.evaluate("([prompt, session]) => analyse(prompt, session)", [LAUNCH, session])
        await page.wait_for_function("seen.length > 0")
        proxy.mode = Cut()
        await page.wait_for_function("errors.length > 0")
        proxy.mode = Pass()
        seen = await completed(page)

    names = [event["name"] for event in seen]
    steps = [event["data"]["step"] for event in seen if event["name"] == "thinking_step"]
    assert names == ["thinking_step"] * len(steps) + ["analysis_complete"]
    assert steps[-3:] == ["正在理解活动目标", "正在筛选目标客户", "正在预测活动效果"]
    assert len({event["id"] for event in seen}) == len(seen)
    assert seen[-1]["data"]["metrics"]["audience_size"] == 15
    assert await turns(stack, session) == [LAUNCH]


async def test_a_browser_that_is_not_told_to_stop_is_told_that_nothing_is_left(stack: Stack) -> None:
    async with browsing(stack.gateway.url, PAGE) as page:
        session = await created(stack)
        await page.evaluate("([prompt, session]) => analyse(prompt, session)", [LAUNCH, session])
        seen = await completed(page)
        await page.wait_for_function("source.readyState === EventSource.CLOSED")
        assert await page.evaluate("seen") == seen

    assert await turns(stack, session) == [LAUNCH]


async def completed(page: Page) -> list[dict[str, Any]]:
    await page.wait_for_function("seen.some(event => event.name === 'analysis_complete')")
    seen: list[dict[str, Any]] = await page.evaluate("seen")
    return seen


async def created(stack: Stack) -> str:
    async with httpx.AsyncClient(base_url=stack.gateway.url, trust_env=False) as client:
        return str((await client.post("/api/v1/session/create")).json()["session_id"])


async def turns(stack: Stack, session: str) -> list[str]:
    async with httpx.AsyncClient(base_url=stack.gateway.url, trust_env=False) as client:
        stored = (await client.get(f"/api/v1/session/{session}")).json()["turns"]
    return [turn["user_input"] for turn in stored]
