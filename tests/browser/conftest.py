"""Chromium, the sample county on a careful host, and the pages to look at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

from tests.browser.pages import served
from tests.site import build
from tools.browser import ARGUMENTS, find_chromium

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county's output."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(ROOT / "content", folder / "content")
    shutil.copy(ROOT / "config.yaml", folder / "config.yaml")
    built = build(folder, today="2026-11-20")
    assert built.status == 0
    return built.output


@pytest.fixture(scope="session")
def server(county: Path) -> Iterator[str]:
    with served(county) as base:
        yield base


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_chromium()
    if path is None and not os.environ.get("CI"):
        pytest.skip("no Chromium or Chrome found; name its path in CHROMIUM")
    assert path is not None, "CI needs Chromium or Chrome"
    launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(params=["http", "file", "http without JavaScript"])
def visit(
    request: pytest.FixtureRequest, browser: Browser, server: str, county: Path
) -> Iterator[tuple[BrowserContext, str]]:
    """A fresh context, and the address of the output's root in it."""
    base = f"{county.as_uri()}/" if request.param == "file" else server
    context = browser.new_context(java_script_enabled="without" not in request.param, locale="zh-CN")
    yield context, base
    context.close()
