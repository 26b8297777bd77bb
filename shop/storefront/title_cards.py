"""Drawn title cards: what stands in the frame of an item that has no picture.

Words and shapes only, made of HTML and CSS, so they are sharp at any size,
speak the page's language, cost no file, and never reach what learns from
pictures. The kind of the item chooses the colour, the item itself the shape;
both by checksum, so a card looks the same on every page and on every day.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shop.catalogue.models import Item
from shop.catalogue.titles import dated_title

if TYPE_CHECKING:
    from shop.catalogue.overview import Place

TONES = 12
MOTIFS = 8
# Per size of type, largest first: the most half-ems that fit as a whole, and in one word.
SIZES = ((10, 9), (20, 12), (42, 15), (72, 19))
LONGEST = 140


@dataclass(frozen=True, slots=True)
class TitleCard:
    """What a title card shows.

    Attributes:
        title: The words on it, without the year; none where a name stands beside it.
        year: The year at the title's end; often empty.
        tone: Its colour, from 0 to ``TONES`` - 1.
        motif: Its shape, from 0 to ``MOTIFS`` - 1.
        size: Its type, from 0 (largest) to ``len(SIZES)``.
    """

    title: str
    year: str
    tone: int
    motif: int
    size: int


def item_card(item: Item) -> TitleCard:
    """The title card of an item."""
    title, year = dated_title(item.name)
    short = title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
    return TitleCard(short, year, _tone(_kind(item)), _checksum(item.item_id) % MOTIFS, type_size(short))


def place_card(place: Place) -> TitleCard:
    """The card of a category, in the colour of its items; its name stands beside it."""
    return TitleCard("", "", _tone(place.name), _checksum(place.path) % MOTIFS, 0)


def type_size(title: str) -> int:
    """The largest size of type in which a title and its longest word fit; wide characters count twice."""
    whole = _half_ems(title)
    longest_word = max(map(_half_ems, _words(title)), default=0)
    for size, (most, most_in_word) in enumerate(SIZES):
        if whole <= most and longest_word <= most_in_word:
            return size
    return len(SIZES)


def card_html(card: TitleCard, *, alt: str = "") -> SafeString:
    """The card as it stands in a frame.

    Args:
        card: What it shows.
        alt: Its name; empty where that stands beside it, and the card is then hidden from screen readers.
    """
    spoken = format_html('role="img" aria-label="{}"', alt) if alt else mark_safe('aria-hidden="true"')
    year = format_html('<span class="title-card-year">{}</span>', card.year) if card.year else ""
    title = format_html('<span class="title-card-title">{}</span>', card.title) if card.title else ""
    return format_html(
        '<span class="title-card tone-{} motif-{} type-{}" {}><span class="title-card-in">{}{}</span></span>',
        card.tone,
        card.motif,
        card.size,
        spoken,
        year,
        title,
    )


def _kind(item: Item) -> str:
    """What kind of thing it is; a category that would have to be read from the database first is not asked."""
    if item.tag or not item.category_id or not Item._meta.get_field("category").is_cached(item):  # noqa: SLF001  # documented API
        return item.tag
    return item.category.name if item.category else ""


def _tone(kind: str) -> int:
    return _checksum(kind.casefold()) % TONES


def _checksum(text: str) -> int:
    """A number that depends on nothing but the text, in every process and on every machine."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _words(title: str) -> list[str]:
    """What a line is not broken within: words, but single characters where the script has no spaces."""
    return "".join(f" {character} " if _is_wide(character) else character for character in title).split()


def _half_ems(text: str) -> int:
    return sum(2 if _is_wide(character) else 1 for character in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"
