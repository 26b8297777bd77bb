"""Walks through an open shop as a shopper would, and keeps a picture of each page at 390, 768 and 1440 px.

    .venv/bin/python -m benchmarks.walk http://127.0.0.1:8000 FOLDER

Home, category, product, favourite, cart, checkout with a made-up card, order, and home again, where *For you* must
have changed. Prints what it saw; exits 1 where a step is missing. Needs a Chromium (CHROMIUM=/path names another one).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (390, 768, 1440)
HEIGHT = 900
FEWEST_CARDS = 4
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Person",
    "street": "1 Quiet Lane",
    "postcode": "12345",
    "city": "Townsville",
    "country": "Germany",
}


class StepMissing(Exception):
    """The shop did not show what the next step needs."""


class Walk:
    """One visitor's way through the shop."""

    def __init__(self, page: Page, base: str, folder: Path) -> None:
        self.page = page
        self.base = base
        self.folder = folder

    def keep(self, name: str) -> None:
        """A picture of the page at every width."""
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=self.folder / f"{name}-{width}.png", full_page=True)

    def cards(self, panel: str) -> list[str]:
        """The items a shelf shows."""
        found = self.page.locator(f'[data-panel="{panel}"] [data-item]')
        return [str(card.get_attribute("data-item")) for card in found.all()]

    def go(self) -> None:
        """The whole way.

        Raises:
            StepMissing: a shelf is too empty, the order is not there, or nothing changed.
        """
        page = self.page
        page.goto(self.base + "/")
        before = self.cards("for_you")
        self.keep("home")
        page.locator('main a[href^="/categories/"]').first.click()
        page.wait_for_load_state("networkidle")
        self.keep("category")
        page.locator("article.card:not(.sold-out) h3 a").first.click()
        for panel in ("similar", "also_liked"):
            found = self.cards(panel)
            print(f"{panel}: {len(found)} cards")
            if len(found) < FEWEST_CARDS:
                raise StepMissing(f"{panel} has {len(found)} cards")
        self.keep("product")
        page.locator(".facts .heart").click()
        page.locator('#favourite-count:text-is("1")').wait_for()
        page.get_by_role("button", name="Add to cart").click()
        page.locator('#cart-count:text-is("1")').wait_for()
        page.goto(self.base + "/favourites/")
        self.keep("favourites")
        page.goto(self.base + "/cart/")
        self.keep("cart")
        page.goto(self.base + "/checkout/")
        for name, value in ADDRESS.items():
            page.locator(f'[name="{name}"]').fill(value)
        self.keep("checkout")
        page.get_by_role("button", name="Order and pay").click()
        page.get_by_role("heading", name=re.compile("Thank you")).wait_for()
        if "/orders/" not in page.url:
            raise StepMissing(f"no order; the page is {page.url}")
        self.keep("order")
        page.goto(self.base + "/")
        after = self.cards("for_you")
        self.keep("home-after")
        print(f"for you before: {before[:6]}\nfor you after:  {after[:6]}")
        if before == after:
            raise StepMissing("For you did not change")


def main() -> int:
    """Walk once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        try:
            Walk(browser.new_page(), arguments.address.rstrip("/"), arguments.folder).go()
        except StepMissing as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
