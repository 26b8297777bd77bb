"""The words of an item, and a mark that changes with its words and pictures.

Training and the overlay of newcomers both read items; they must see the same
words, or an item would look changed that isn't.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

# The columns of an item that ``item_words`` takes, in its order.
WORD_FIELDS = ("title", "description", "brand", "colour", "attributes", "translated_text")

MARK_BYTES = 8


def category_words(paths: Mapping[int, str], names: Mapping[int, str], key: int | None) -> str:
    """The names of a category and those above it; a path can be cut at its slashes, names cannot."""
    if key is None:
        return ""
    above = [part.replace("-", " ") for part in paths[key].split("/")[:-1]]
    return " ".join([*above, names[key]])


def item_words(fields: tuple[Any, ...], category: str) -> str:
    """All that is written about an item, one thing per line.

    Args:
        fields: Its ``WORD_FIELDS``.
        category: From ``category_words``.
    """
    title, description, brand, colour, attributes, translated = fields
    values = [str(value) for value in attributes.values()] if isinstance(attributes, dict) else []
    return "\n".join(text for text in (title, description, brand, colour, category, *values, translated) if text)


def content_mark(words: str, checksums: Iterable[str]) -> int:
    """A number of 64 bits that differs, as good as certainly, where words or pictures do.

    Args:
        words: From ``item_words``.
        checksums: Of the item's pictures, in the order of its gallery.
    """
    digest = hashlib.blake2b(words.encode("utf-8", errors="surrogatepass"), digest_size=MARK_BYTES)
    for checksum in checksums:
        digest.update(b"\0" + checksum.encode())
    return int.from_bytes(digest.digest(), "big")
