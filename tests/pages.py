"""Reading pages in tests: panels and cards, meta elements, structured data."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from PIL import Image

from shop.catalogue.models import ItemImage
from shop.catalogue.pictures import picture_save

if TYPE_CHECKING:
    from shop.catalogue.models import Item


class Page(HTMLParser):
    """What a test asks of a page.

    Attributes:
        panels: Cards of each panel, item id → reason.
        links: Every ``href`` of an ``a``.
        meta: ``content`` of every ``meta`` by name or property.
        canonical: The canonical address, where the page names one.
        ids: Every ``id``, as often as it stands there.
        data: Every JSON-LD object.
        inline: Inline scripts, styles and handlers, which the Content-Security-Policy forbids.
        text: All words.
    """

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.panels: dict[str, dict[str, str]] = {}
        self.links: list[str] = []
        self.meta: dict[str, str] = {}
        self.canonical = ""
        self.ids: list[str] = []
        self.data: list[Any] = []
        self.inline: list[str] = []
        self.text = ""
        self._panel = ""
        self._script: dict[str, str | None] | None = None
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "style":
            self.inline.append(tag)
        if tag == "script":
            self._script = found
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        if tag == "meta":
            self.meta[found.get("name") or found.get("property") or ""] = found.get("content") or ""
        if tag == "link" and found.get("rel") == "canonical":
            self.canonical = found["href"] or ""
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if found.get("data-panel"):
            self._panel = found["data-panel"] or ""
            self.panels[self._panel] = {}
        if found.get("data-item"):
            self.panels[self._panel][found["data-item"] or ""] = found.get("data-reason") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.text += data
        elif self._script.get("type") == "application/ld+json":
            self.data.append(json.loads(data))
        elif data.strip():
            self.inline.append(data)


def save_picture(item: Item, *, colour: str = "#a8452c", size: tuple[int, int] = (400, 400)) -> ItemImage:
    """Give ``item`` a picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    stream.seek(0)
    return picture_save(item=item, source=stream)


def share_picture(item: Item) -> None:
    """Give ``item`` a row of a picture without a file: many of them cost nothing."""
    image = ItemImage.objects.create(
        item=item, file="items/aa/shared.png", width=400, height=400, checksum="0" * 64, renditions=[160, 320]
    )
    type(item).objects.filter(pk=item.pk).update(cover=image)
