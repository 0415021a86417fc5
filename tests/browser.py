"""Chromium for the tests marked `browser`: no other host, and no error goes unseen."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, Route
from pytest_django.live_server_helper import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    # Names other than ours do not resolve: not even a redirect leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

NewContext = Callable[..., BrowserContext]


def _executable() -> str:
    found = [path for name in NAMES if (path := shutil.which(name))]
    found += [path for path in MACOS if Path(path).exists()]
    if not found:
        pytest.fail("no Chromium: script/bootstrap --for-tests, or --without-browser")
    return found[0]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    # Chromium's sandbox needs a user other than root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": _executable(), "args": [*FLAGS, *sandbox]}


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Switch off Django's guard: Playwright's event loop lives in the main thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def browser_errors() -> Iterator[list[str]]:
    """Collect what the browser complains of; a test that expects some clears it.

    An answer of 400 and above is such a complaint, whether the test asked for it
    or not.
    """
    errors: list[str] = []
    yield errors
    assert errors == []


@pytest.fixture
def new_context(
    new_context: NewContext, live_server: LiveServer, browser_errors: list[str]
) -> NewContext:
    """Open a context, one for each person of the test, that is watched."""

    def guard(route: Route) -> None:
        if route.request.url.startswith((f"{live_server.url}/", "data:", "blob:")):
            route.continue_()
        else:
            browser_errors.append(f"asked for {route.request.url}")
            route.abort()

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.route("**/*", guard)
        context.on(
            "console",
            lambda message: (
                browser_errors.append(f"{message.location['url']}: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        context.on("weberror", lambda error: browser_errors.append(str(error.error)))
        return context

    return make
