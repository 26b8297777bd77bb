"""A small shop with two tastes, quick to fill and to learn from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from shop.accounts.models import Shopper
from shop.actions.models import Action, Kind
from shop.catalogue.models import Category, Item, ItemImage

START = datetime(2026, 1, 1, tzinfo=UTC)
COLOURS = ("red", "green", "blue", "grey")
THINGS = ("mug", "vase", "lamp")


def fill_items(count: int, *, words: bool = True, tags: int = 3) -> list[Item]:
    """Items of three things in four colours; without words their titles share nothing."""
    category = Category.objects.create(name="Home") if count else None
    items = []
    for number in range(count):
        thing, colour = THINGS[number % 3], COLOURS[number % 4]
        item = Item(
            item_id=f"i{number}",
            title=f"{colour} {thing} for the table" if words else f"only{number}",
            description=f"A {thing} in {colour}, well made." if words else "",
            tag=THINGS[number % tags] if tags else "",
            category=category if words else None,
        )
        item.derive()
        items.append(item)
    return Item.objects.bulk_create(items)


def fill_pictures(items: list[Item], media: Path) -> None:
    """One small picture each: a coloured square on white."""
    (media / "items").mkdir(parents=True, exist_ok=True)
    images = []
    for number, item in enumerate(items):
        name = f"items/{item.item_id}.png"
        picture = Image.new("RGB", (64, 64), "white")
        picture.paste(COLOURS[number % 4], (8 + number % 3 * 8, 8, 56, 56))
        picture.save(media / name)
        images.append(
            ItemImage(item=item, file=name, width=64, height=64, checksum=str(number), renditions=[], position=0)
        )
    ItemImage.objects.bulk_create(images)


def fill_actions(
    items: list[Item], *, shoppers: int, each: int = 12, seed: int = 0, simulated: bool = False, timed: bool = True
) -> None:
    """Shoppers who mostly act on the items of their taste (even or odd), and buy some of what they touched."""
    generator = np.random.default_rng(seed)
    people = Shopper.objects.bulk_create(
        [Shopper(user_id=f"u{seed}-{number}", simulated=simulated) for number in range(shoppers)]
    )
    actions = []
    for number, shopper in enumerate(people):
        taste = items[number % 2 :: 2] or items
        for step in range(each):
            item = taste[int(generator.integers(len(taste)))]
            kind = Kind.PURCHASE if step % 4 == 3 else Kind(int(generator.integers(3)))
            time = START + timedelta(hours=int(generator.integers(24 * 60)))
            actions.append(
                Action(shopper=shopper, item=item, kind=kind, time=time if timed else None, simulated=simulated)
            )
    Action.objects.bulk_create(actions)
