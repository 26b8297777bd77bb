"""What journeys type into the shop's forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ADDRESS = {
    "E-mail address": "ada@example.com",
    "Full name": "Ada Person",
    "Street and number": "1 Quiet Lane",
    "Postcode": "12345",
    "City": "Townsville",
    "Country": "Germany",
}


def fill_address(page: Page) -> None:
    """Who orders, and where it goes: every line of the checkout's address."""
    for label, words in ADDRESS.items():
        page.get_by_label(label, exact=True).fill(words)


def go_to_checkout(page: Page) -> None:
    """Follow the cart's way on: telephones show one of its two links, others the other, and a page without its styles yet both."""
    page.get_by_role("link", name="To the checkout").first.click()
