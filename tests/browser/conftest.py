"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from playwright.sync_api import Page, sync_playwright

from oms.accounts.models import User

CHROMIUM = os.environ.get("OMS_TEST_CHROMIUM") or shutil.which("chromium")
WIDE, NARROW = (1440, 900), (390, 844)
# What a strict site would send: nothing inline, nothing from elsewhere.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"

Browse = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def browse(live_server) -> Browse:
    """Open a browser window, signed in; rows are made before and looked at after it is closed.

    Every page is delivered under a strict content security policy, and whatever the browser
    complains about fails the test.
    """
    if not CHROMIUM:
        pytest.skip("no chromium here: apt-get install chromium")

    @contextmanager
    def window(person: User, size: tuple[int, int] = WIDE) -> Iterator[Page]:
        complaints: list[str] = []
        with sync_playwright() as playwright:
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
            context = browser.new_context(
                viewport={"width": size[0], "height": size[1]}, base_url=live_server.url
            )
            page = context.new_page()
            page.route("**/admin/**", _with_policy)
            page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto("/admin/login/")
            page.fill("#id_username", person.username)
            page.fill("#id_password", "pass")
            page.click("input[type=submit]")
            yield page
            browser.close()
        assert complaints == []

    return window


def _with_policy(route) -> None:
    response = route.fetch(max_redirects=0)
    headers = response.headers | {"content-security-policy": POLICY}
    route.fulfill(response=response, headers=headers)
