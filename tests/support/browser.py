"""A real browser, where one is installed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from shutil import which
from typing import Final

from playwright.async_api import Page, async_playwright

_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

EXECUTABLE: Final = next(filter(None, map(which, _NAMES)), None)
"""None where there is no Chromium: on Debian `apt-get install chromium-headless-shell` brings one."""


@asynccontextmanager
async def browsing(origin: str, html: str) -> AsyncIterator[Page]:
    """A page of this origin, which the browser opens as if the server had it."""
    # Root may not use Chromium's sandbox, and this one opens nothing but our own page.
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.route(f"{origin}/page", lambda route: route.fulfill(content_type="text/html", body=html))
        await page.goto(f"{origin}/page")
        yield page
        await browser.close()
