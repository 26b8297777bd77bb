"""What values of items are called in other languages: colours, materials, the names of properties.

Titles and descriptions are translated item by item; a colour or a material is the
same word on a thousand items, so it is translated once, as a word. A room that
brings items along registers its words here; a word nobody registered is shown as
the item has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping

_names: dict[str, dict[str, str]] = {}


def register_value_names(language: str, names: Mapping[str, str]) -> None:
    """Have values shown under other names in a language.

    Args:
        language: Its code, as in ``LANGUAGES``.
        names: By the value as items have it, in whatever case. What is registered first stays.
    """
    known = _names.setdefault(language, {})
    for value, name in names.items():
        known.setdefault(value.casefold(), name)


def value_name(value: str) -> str:
    """What ``value`` is called in the language of the page."""
    return _names.get(get_language() or "", {}).get(value.casefold(), value)
