"""What is saved through the admin stands on shelves within seconds, without a retrain; nothing in between is a stand-in.

The picture network is one that the real ``retrain`` trained and that each worker opens in LiteRT; the two workers
are processes that have just started, so the first item is the first picture each of them ever sees.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from tests.browser.trained_shop import ITEMS, TrainedShop, open_trained_shop
from tests.pages import Page as Shelves
from tests.recommender.tiny_shop import COLOURS, THINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import FilePayload, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ALLOWED_SECONDS = 2.0
# Once a worker has shown the item it has to go on: so many looks in a row.
LOOKS_IN_A_ROW = 5
LOOK_SECONDS = 0.1
# When to give up; what is late but comes is told with its seconds.
PATIENCE_SECONDS = 30.0


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TrainedShop]:
    """Twenty-four items, a model that was trained on them, two workers."""
    folder = tmp_path / "trained shop"
    folder.mkdir()
    with open_trained_shop(folder) as opened:
        yield opened


def test_new_items_saved_in_the_admin_stand_on_the_shelves_of_their_neighbours_within_two_seconds_in_all_workers(
    shop: TrainedShop, open_page: Callable[..., Page]
) -> None:
    assert_network_was_trained(shop)
    first, second = shop.workers
    page = open_page(f"{first}/items/i3/")
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # Django's admin names no icon
    sign_in_as_keeper(page, shop)
    # The first one is the first picture that either worker has to look at.
    for number, (worker, like) in enumerate(((first, 3), (second, 4), (first, 17))):
        new, old = f"new-{number}", f"i{like}"

        def stands_beside(address: str, *, new: str = new, old: str = old) -> bool:
            return new in shelf(address, "similar", old)

        for address in shop.workers:
            assert new not in shelf(address, "similar", old) + shelf(address, "looks_like", old)
        fill_in(page, worker, new, like=like, picture=picture_of(shop, like))
        seconds = seconds_until(stands_beside, shop.workers, page)
        assert max(seconds.values()) < ALLOWED_SECONDS, seconds
        for address in shop.workers:
            assert new in shelf(address, "looks_like", old)
            page.goto(f"{address}/items/{old}/")
            assert new in cards_of(page)[:2]  # the same words and the same picture, as only one other item has them
            page.goto(f"{address}/items/{new}/")
            assert set(cards_of(page)[:2]) == {old, twin_of(like)}

    # Without a picture such words lead to none of these places: what led the others there is what the network saw.
    fill_in(page, second, "unseen", like=8, picture=None)

    def is_taken_in(address: str) -> bool:
        return set(shelf(address, "similar", "unseen")[:2]) == {"i8", twin_of(8)}

    seconds = seconds_until(is_taken_in, shop.workers, page)
    assert max(seconds.values()) < ALLOWED_SECONDS, seconds
    for address in shop.workers:
        assert "unseen" not in shelf(address, "similar", "i8") + shelf(address, "looks_like", "i8")


def assert_network_was_trained(shop: TrainedShop) -> None:
    """The bundle's own network learned the tags, and came to tell them apart better than at first."""
    (description,) = shop.bundles.glob("*/image_encoder.json")
    network = json.loads(description.read_text(encoding="utf-8"))
    assert sorted(network["tags"]) == ["lamp", "mug", "vase"]
    assert network["curve"][-1]["loss"] < network["curve"][0]["loss"]


def sign_in_as_keeper(page: Page, shop: TrainedShop) -> None:
    """By the cookie, which counts for every worker: browsers tell no ports of a host apart."""
    page.context.add_cookies([{"name": "sessionid", "value": shop.keeper, "url": shop.workers[0]}])


def twin_of(number: int) -> str:
    """The other item with the same words and the same picture."""
    return f"i{(number + ITEMS // 2) % ITEMS}"


def picture_of(shop: TrainedShop, number: int) -> bytes:
    """The file of an item's picture."""
    return (shop.media / "items" / f"i{number}.png").read_bytes()


def fill_in(page: Page, address: str, item_id: str, *, like: int, picture: bytes | None) -> None:
    """Everything about a new item that has the words of another one, into the admin's form."""
    thing, colour = THINGS[like % 3], COLOURS[like % 4]
    page.goto(f"{address}/admin/catalogue/item/add/")
    page.locator("#id_item_id").fill(item_id)
    page.locator("#id_title").fill(f"{colour} {thing} for the table")
    page.locator("#id_description").fill(f"A {thing} in {colour}, well made.")
    page.locator("#id_tag").fill(thing)
    page.locator("#id_price").fill("9.50")
    if picture is not None:
        file: FilePayload = {"name": f"{item_id}.png", "mimeType": "image/png", "buffer": picture}
        page.locator("#id_images-0-file").set_input_files(file)


def save(page: Page) -> float:
    """Press the button; the moment at which the shop has answered that the item is saved."""
    answers: list[float] = []

    def note(answer: Response) -> None:
        if answer.request.method == "POST":
            answers.append(time.monotonic())

    page.on("response", note)
    page.locator('input[name="_save"]').first.click()
    page.get_by_text("was added successfully").wait_for()
    page.remove_listener("response", note)
    (answered,) = answers
    return answered


def seconds_until(holds: Callable[[str], bool], workers: Sequence[str], page: Page) -> dict[str, float]:
    """How long after the answer to saving it holds in each worker, watched while the browser goes on to its next page."""
    with ThreadPoolExecutor(len(workers)) as watchers:
        moments = [watchers.submit(moment_of, holds, worker) for worker in workers]
        answered = save(page)
        return {worker: moment.result() - answered for worker, moment in zip(workers, moments, strict=True)}


def moment_of(holds: Callable[[str], bool], worker: str) -> float:
    """When it first held in a worker; from then on every look has to agree."""
    moment, in_a_row = time.monotonic(), 0
    deadline = moment + PATIENCE_SECONDS
    while in_a_row < LOOKS_IN_A_ROW:
        if holds(worker):
            moment = moment if in_a_row else time.monotonic()
            in_a_row += 1
        else:
            assert not in_a_row, f"it held in {worker}, and does no longer"
            assert time.monotonic() < deadline, f"it never held in {worker}"
        time.sleep(LOOK_SECONDS)
    return moment


def shelf(address: str, panel: str, item_id: str) -> list[str]:
    """The items of a shelf, as a page fetches it again."""
    answer = requests.get(f"{address}/panels/{panel}/", params={"item": item_id}, timeout=10)
    return list(Shelves(answer).panels.get(panel, ()))


def cards_of(page: Page) -> list[str]:
    """The items of the shelf *similar* on an item's own page."""
    found = page.locator('[data-panel="similar"] [data-item]').all()
    return [card.get_attribute("data-item") or "" for card in found]
