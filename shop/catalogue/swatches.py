"""Names of colours: what to paint beside them, and what they are called in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

# The shop's own palette first, then the names that import files use.
COLOURS: dict[str, tuple[str, Promise]] = {
    "clay": ("#bd684e", _("Clay")),
    "oat": ("#dccdb4", _("Oat")),
    "moss": ("#6e7a52", _("Moss")),
    "ink": ("#323848", _("Ink")),
    "sky": ("#8cb2c8", _("Sky")),
    "plum": ("#70425c", _("Plum")),
    "signal yellow": ("#f2b91d", _("Signal yellow")),
    "black": ("#1c1b1a", _("Black")),
    "white": ("#ffffff", _("White")),
    "off white": ("#f4f0e6", _("Off-white")),
    "cream": ("#f3e7cf", _("Cream")),
    "beige": ("#dcc9a8", _("Beige")),
    "grey": ("#8d8f91", _("Grey")),
    "silver": ("#c4c6c8", _("Silver")),
    "charcoal": ("#3d4043", _("Charcoal")),
    "brown": ("#7a4f32", _("Brown")),
    "tan": ("#c69a6b", _("Tan")),
    "khaki": ("#a79a6b", _("Khaki")),
    "copper": ("#b5693c", _("Copper")),
    "bronze": ("#8c6a3f", _("Bronze")),
    "gold": ("#cda349", _("Gold")),
    "mustard": ("#d2a02a", _("Mustard")),
    "yellow": ("#f4d03f", _("Yellow")),
    "orange": ("#e67e22", _("Orange")),
    "peach": ("#f5b895", _("Peach")),
    "coral": ("#f0776c", _("Coral")),
    "red": ("#c0392b", _("Red")),
    "rust": ("#a8452c", _("Rust")),
    "terracotta": ("#b95c3f", _("Terracotta")),
    "maroon": ("#6d2230", _("Maroon")),
    "burgundy": ("#6b1f33", _("Burgundy")),
    "pink": ("#eda3b7", _("Pink")),
    "rose": ("#d98a94", _("Rose")),
    "magenta": ("#b5377d", _("Magenta")),
    "purple": ("#6f4a8e", _("Purple")),
    "lavender": ("#b9a7d6", _("Lavender")),
    "mauve": ("#9d7a94", _("Mauve")),
    "blue": ("#3566a8", _("Blue")),
    "navy": ("#22304f", _("Navy")),
    "navy blue": ("#22304f", _("Navy blue")),
    "teal": ("#1f7a7a", _("Teal")),
    "turquoise": ("#45b5aa", _("Turquoise")),
    "green": ("#4a8b51", _("Green")),
    "olive": ("#7b7a3a", _("Olive")),
    "mint": ("#a9d8bd", _("Mint")),
    "sage": ("#9aa888", _("Sage")),
}
SPELLINGS = {
    "gray": "grey",
    "ink blue": "ink",
    "sky blue": "sky",
    "off-white": "off white",
    "violet": "purple",
    "light blue": "sky",
    "golden": "gold",
}


def swatch_of(colour: str) -> str:
    """The colour to paint for a name, as ``#rrggbb``; empty where the name says nothing."""
    known = COLOURS.get(_key(colour))
    return known[0] if known else ""


def colour_label(colour: str) -> str:
    """What a colour is called in the language of the page; its own name where that isn't known."""
    known = COLOURS.get(_key(colour))
    return str(known[1]) if known else colour


def _key(colour: str) -> str:
    name = " ".join(colour.split()).casefold()
    return SPELLINGS.get(name, name)
