"""A headless Chromium, a small shop with a small model, and a look at what no page may have."""

from __future__ import annotations

import os
import shutil
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pytest_django.live_server_helper import LiveServer

from recommender import session
from tests.factories import CategoryFactory, ItemFactory
from tests.pages import save_picture
from tests.recommender.tiny_bundle import TinyBundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

HINT = "no Chromium found: apt-get install chromium, or .venv/bin/playwright install chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WAITS = 10_000  # milliseconds


def chromium_path() -> str | None:
    """The browser to drive: ``CHROMIUM``, one that is installed, or one Playwright has fetched."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else None  # noqa: PTH110 - a plain string of Playwright's


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys; without one they are skipped, with the way to get it."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: make setup")
    path = chromium_path()
    if path is None:
        pytest.skip(HINT)
    # Playwright's synchronous interface runs a loop in this thread, which Django takes for an asynchronous view.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # What a page shows is waited for, with expect(), never looked at in passing: a click doesn't wait for its answer.
    playwright_api.expect.set_options(timeout=WAITS)
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live_server(temporary_folders: None, transactional_db: None) -> Iterator[LiveServer]:
    """A server of each test's own: the usual one starts once, before a test has its folders, and keeps others."""
    server = LiveServer("localhost")
    yield server
    # The browser has gone; its connections end before the database is taken from them.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)
    server.stop()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own: ``open_page("/", viewport=PHONE, java_script_enabled=False)``.

    Whatever the browser complains about (a blocked script or style, an error in
    a script, a file that is missing) fails the test.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_one(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(
            **{
                "viewport": DESK,
                "locale": "en-GB",
                "base_url": live_server.url,
                "reduced_motion": "reduce",
                "service_workers": "block",  # a journey asks the shop itself; test_offline.py lets the worker in
            }
            | options
        )
        context.set_default_timeout(WAITS)
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def is_complaint(message: Any) -> bool:
    """Errors of the browser; but a form that comes back with its mistakes marked, or a link that ran out, is an answer."""
    answered = any(f"status of {code}" in message.text for code in (410, 422))
    # HTMX reports the answer it no longer waits for, because a newer one was asked for, like a mistake.
    dropped = message.text.startswith(("htmx:afterRequest,", "htmx:sendAbort,"))
    # Only a journey that took the connection away hears this, of its own page or of what that still wanted to fetch.
    cut_off = "ERR_INTERNET_DISCONNECTED" in message.text
    return message.type == "error" and not answered and not dropped and not cut_off


@pytest.fixture
def small_shop(live_server: Any, settings: Any) -> list[Any]:
    """Twelve mugs and vases; each similar to the next ones of its kind."""
    settings.PAYMENT_PROVIDER = "dummy"
    kitchen = CategoryFactory.create(name="Kitchen")
    rooms = [CategoryFactory.create(name=name, parent=kitchen) for name in ("Mugs", "Vases")]
    colours = ("#bd684e", "#dccdb4", "#6e7a52", "#323848", "#8cb2c8", "#70425c")
    items: list[Any] = []
    for number in range(24):
        room = rooms[number % 2]
        item = ItemFactory.create(
            item_id=f"thing-{number}",
            title=f"{('Poptorp', 'Lunvik', 'Sorrel', 'Hale', 'Mirra', 'Otto')[number // 4]} {room.name[:-1]} {number}",
            description="Thrown by hand from stoneware. Holds what you need, and sits well in the hand.",
            category=room,
            tag=room.name[:-1].lower(),
            price=Decimal(10 + number),
            stock=5,
            colour="clay",
        )
        if number:
            save_picture(item, colour=colours[number % 6], size=(320, 320))
        items.append(item)
    save_picture(items[1], colour="#123456", size=(320, 320))
    publish_model([item.item_id for item in items])
    return items


def publish_model(ids: list[str]) -> None:
    """Make a model active in which items of one kind are similar, and what is liked with what is known."""
    kinds = {item_id: [other for other in ids[place % 2 :: 2] if other != item_id] for place, item_id in enumerate(ids)}
    near = {
        item_id: [(other, 0.9 - place / 100) for place, other in enumerate(kind)] for item_id, kind in kinds.items()
    }
    liked = {
        item_id: [(other, 0.8 - place / 100) for place, other in enumerate(reversed(kinds[item_id]))] for item_id in ids
    }
    TinyBundle(
        items=ids, similar=near, also_liked=liked, trending=ids[::2], popularity=dict.fromkeys(ids, 1.0)
    ).publish("browser")
    session.refresh()
