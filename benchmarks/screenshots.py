"""Takes the pictures of docs/design.md: every page and state, three widths, light and dark, English and Chinese.

    make screenshots
    .venv/bin/python -m benchmarks.screenshots --address http://127.0.0.1:8000    (a shop that is open already)

Without an address a demonstration shop is painted and served beside the real one, from a temporary folder. Each sheet
shows one page at 1440, 768 and 390 px, English and Chinese. Needs a Chromium (CHROMIUM=/path names another one).
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.lighthouse import chromium_path
from benchmarks.open_shop import open_demo_shop

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
SYSTEM = ROOT / "docs" / "design" / "system.html"
SCHEMES = ("light", "dark")
HEIGHT = 1000
SHEET_HEIGHT = 640
GAP = 12
QUALITY = 74
BETWEEN = (128, 128, 128)
ITEMS = 240
# Fills the swatches and steps of docs/design/system.html from the tokens that the style sheet holds.
FILL = """
() => {
  for (const row of document.querySelectorAll("[data-swatches]")) {
    row.innerHTML = row.dataset.swatches.split(" ")
      .map((name) => `<div class="swatch"><span style="background: var(--${name})"></span>${name}</div>`).join("");
  }
  for (const list of document.querySelectorAll("[data-steps]")) {
    list.innerHTML = list.dataset.steps.split(" ")
      .map((step) => `<p class="step" style="width: calc(var(--space-${step}) * 4); margin-bottom: 4px"></p>`).join("");
  }
}
"""

Steps = Callable[[Page], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page or state to be shown.

    Attributes:
        name: Of its files.
        path: Where it is.
        steps: What is done there before the picture is taken.
        first_visit: Whether the shop still asks about privacy.
    """

    name: str
    path: str
    steps: Steps | None = None
    first_visit: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """How a page is looked at."""

    width: int
    language: str


# Of every sheet, from left to right.
VIEWS = (View(1440, "en-GB"), View(768, "zh-CN"), View(390, "en-GB"), View(390, "zh-CN"))


def main() -> int:
    """Take all of them. Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="an open shop; without it a demonstration shop is opened")
    parser.add_argument("--only", action="append", help="name of a sheet; more than once for several")
    arguments = parser.parse_args()
    if arguments.address:
        take_all(arguments.address.rstrip("/"), arguments.only)
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="vitrine-screenshots-") as folder,
        open_demo_shop(Path(folder), items=ITEMS) as address,
    ):
        take_all(address, arguments.only)
    return 0


def take_all(address: str, only: list[str] | None) -> None:
    """Every sheet of an open shop, in both schemes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        for sheet in sheets(browser, address):
            if only and sheet.name not in only:
                continue
            for scheme in SCHEMES:
                views = [take(browser, address, sheet, view=view, scheme=scheme) for view in VIEWS]
                side_by_side(views).save(FOLDER / f"{sheet.name}-{scheme}.webp", quality=QUALITY, method=6)
            print(sheet.name, flush=True)
        if not only or "system" in only:
            take_system(browser, address)
        browser.close()


def sheets(browser: Browser, address: str) -> list[Sheet]:
    """What is shown, in the order of a visit."""
    page = browser.new_page()
    page.goto(address + "/")
    category = str(page.locator("main .rooms a").first.get_attribute("href"))
    page.goto(address + category)
    product = str(page.locator("article.card:not(.sold-out) h3 a").first.get_attribute("href")).partition("?")[0]
    sold_out = first_sold_out(page, address)
    page.close()

    def add(opened: Page) -> None:
        opened.locator('main form[action*="cart"] button[type=submit]').first.click()
        opened.locator("#cart-count:not([hidden])").first.wait_for(state="attached")

    def then(path: str) -> Steps:
        def go(opened: Page) -> None:
            add(opened)
            opened.goto(address + path)

        return go

    def menu(opened: Page) -> None:
        opened.locator(".bar .menu > summary").click()

    def save(opened: Page) -> None:
        for number, heart in enumerate(opened.locator(".card .heart").all()[:3], start=1):
            heart.click()
            opened.locator(f'#favourite-count:text-is("{number}")').wait_for(state="attached")
        opened.goto(address + "/favourites/")

    def open_reason(opened: Page) -> None:
        opened.locator('[data-panel="similar"] .reason-open').first.click()
        opened.locator("[popover]:popover-open").first.scroll_into_view_if_needed()

    def send_empty(opened: Page) -> None:
        then("/checkout/")(opened)
        opened.get_by_role("main").locator('button[type="submit"]').last.click()
        opened.get_by_role("alert").first.wait_for()

    return [
        Sheet("home", "/", first_visit=True),
        Sheet("menu", "/", menu),
        Sheet("category", category),
        Sheet("product", product),
        Sheet("added", product, add),
        Sheet("reason", product, open_reason),
        *([Sheet("sold-out", sold_out)] if sold_out else []),
        Sheet("search", "/search/?q=blue"),
        Sheet("nothing-found", "/search/?q=zeppelin"),
        Sheet("photo", "/search/photo/"),
        Sheet("favourites", category, save),
        Sheet("favourites-empty", "/favourites/"),
        Sheet("cart", product, then("/cart/")),
        Sheet("cart-empty", "/cart/"),
        Sheet("checkout", product, then("/checkout/")),
        Sheet("checkout-errors", product, send_empty),
        Sheet("data", "/account/data/"),
        Sheet("sign-in", "/account/sign-in/"),
        Sheet("privacy", "/account/privacy/"),
        Sheet("not-found", "/nowhere/"),
        Sheet("offline", "/offline/"),
    ]


def first_sold_out(page: Page, address: str) -> str:
    """The page of something that is sold out, or nothing."""
    page.goto(address + "/")
    for room in [str(link.get_attribute("href")) for link in page.locator("main .rooms a").all()]:
        page.goto(address + room)
        found = page.locator("article.card.sold-out h3 a")
        if found.count():
            return str(found.first.get_attribute("href")).partition("?")[0]
    return ""


def take(browser: Browser, address: str, sheet: Sheet, *, view: View, scheme: str) -> Image.Image:
    """One view of a page."""
    context = browser.new_context(
        viewport={"width": view.width, "height": HEIGHT},
        locale=view.language,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    if not sheet.first_visit:
        context.add_cookies([{"name": "consent", "value": "yes", "url": address}])
    page = context.new_page()
    page.goto(address + sheet.path)
    if sheet.steps:
        sheet.steps(page)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture


def side_by_side(views: list[Image.Image]) -> Image.Image:
    """The views of a sheet at one height."""
    scaled = [
        view.resize((round(view.width * SHEET_HEIGHT / view.height), SHEET_HEIGHT), Image.Resampling.LANCZOS)
        for view in views
    ]
    sheet = Image.new("RGB", (sum(view.width for view in scaled) + GAP * (len(scaled) - 1), SHEET_HEIGHT), BETWEEN)
    left = 0
    for view in scaled:
        sheet.paste(view, (left, 0))
        left += view.width + GAP
    return sheet


def take_system(browser: Browser, address: str) -> None:
    """Tokens and small parts, shown inside the shop so that its own style sheets apply."""
    for scheme in SCHEMES:
        context = browser.new_context(
            viewport={"width": 1200, "height": HEIGHT}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        page.route(
            re.compile(r"/design-system$"),
            lambda route: route.fulfill(body=SYSTEM.read_text(encoding="utf-8"), content_type="text/html"),
        )
        page.goto(f"{address}/design-system")
        page.evaluate(FILL)
        page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        picture.save(FOLDER / f"system-{scheme}.webp", quality=QUALITY, method=6)
        context.close()
    print("system", flush=True)


if __name__ == "__main__":
    sys.exit(main())
