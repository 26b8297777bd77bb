"""Turns cells into values, or says what is wrong with them and how to write them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from shop.importing.errors import BadValue

SEPARATOR = "|"
LONGEST_ID = 190
HIGHEST_STOCK = 2_147_483_647
HIGHEST_AGE = 130
LATEST_SECONDS = 4_102_444_800  # the year 2100
DECIMAL_PLACES = 2
PRICE = re.compile(r"(?P<whole>[0-9]{1,10})(\.(?P<part>[0-9]+))?", re.ASCII)
WHOLE_NUMBER = re.compile(r"(?P<whole>[0-9]{1,12})(\.0+)?", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
CONTROL_OR_BREAK = re.compile(r"[\x00-\x1f\x7f]")
KINDS = {"0": 0, "1": 1, "2": 2, "3": 3, "click": 0, "favourite": 1, "cart": 2, "purchase": 3}
GENDERS = {"": "", "f": "F", "female": "F", "m": "M", "male": "M", "x": "X", "other": "X"}


def text(cell: str, *, longest: int = 0) -> str:
    """Any text, blanks around it trimmed.

    Raises:
        BadValue: It is longer than ``longest`` characters (0: any length) or holds control characters.
    """
    trimmed = cell.strip()
    if CONTROL.search(trimmed):
        raise BadValue("it holds control characters")
    if longest and len(trimmed) > longest:
        raise BadValue(f"it has {len(trimmed)} characters; at most {longest} fit")
    return trimmed


def public_id(cell: str) -> str:
    """An id as it is written, so that ``007`` is not ``7``.

    Raises:
        BadValue: It is empty, too long, or could not stand in an address.
    """
    trimmed = cell.strip()
    if not trimmed:
        raise BadValue("the id is missing")
    if len(trimmed) > LONGEST_ID:
        raise BadValue(f"the id has {len(trimmed)} characters; at most {LONGEST_ID} fit")
    if CONTROL_OR_BREAK.search(trimmed):
        raise BadValue("the id holds control characters or line breaks")
    if trimmed in {".", ".."}:
        raise BadValue("an address cannot hold this id")
    return trimmed


def several(cell: str, *, longest: int = 0) -> tuple[str, ...]:
    """Texts separated by ``|``, each once, in order.

    Raises:
        BadValue: One of them is too long.
    """
    found = (text(part, longest=longest) for part in cell.split(SEPARATOR))
    return tuple(dict.fromkeys(part for part in found if part))


def category(cell: str) -> tuple[str, ...]:
    """The names on the way to a category: ``A/B/C``; empty where there is none.

    Raises:
        BadValue: A name or the whole is too long.
    """
    names = tuple(name for part in cell.split("/") if (name := text(part, longest=200)))
    if len("/".join(names)) > 1000:  # noqa: PLR2004  # the column's length
        raise BadValue("the category has more than 1000 characters")
    return names


def price(cell: str) -> Decimal | None:
    """An amount with up to two decimals; empty: price on request.

    Raises:
        BadValue: It is something else.
    """
    trimmed = cell.strip()
    if not trimmed:
        return None
    match = PRICE.fullmatch(trimmed)
    if not match:
        raise BadValue("it is not a price; write it as 12.50")
    part = (match["part"] or "").rstrip("0")
    if len(part) > DECIMAL_PLACES:
        raise BadValue("a price has at most two decimals; write it as 12.50")
    return Decimal(f"{match['whole']}.{part:0<2}")


def stock(cell: str) -> int | None:
    """How many there are; empty: not stock-managed.

    Raises:
        BadValue: It is not a whole number from 0.
    """
    return _whole_number(cell, highest=HIGHEST_STOCK, problem="it is not a stock; write a whole number from 0")


def age(cell: str) -> int | None:
    """Years; empty: not known.

    Raises:
        BadValue: It is not a whole number from 0 to 130.
    """
    return _whole_number(cell, highest=HIGHEST_AGE, problem="it is not an age; write a whole number from 0 to 130")


def gender(cell: str) -> str:
    """``F``, ``M``, ``X`` or nothing.

    Raises:
        BadValue: It is something else.
    """
    found = GENDERS.get(cell.strip().lower())
    if found is None:
        raise BadValue("it is not a gender; write F, M or X, or leave it empty")
    return found


def addresses(cell: str) -> tuple[str, ...]:
    """Web addresses separated by ``|``.

    Raises:
        BadValue: One of them is not an http(s) address.
    """
    found = several(cell)
    for address in found:
        try:
            parts = urlsplit(address)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            good = False
        if not good:
            raise BadValue(f"{address} is not an http(s) address")
    return found


def kind(cell: str) -> int:
    """An action's number.

    Raises:
        BadValue: There is no such action.
    """
    found = KINDS.get(cell.strip().lower())
    if found is None:
        raise BadValue("unknown action; write 0 or click, 1 or favourite, 2 or cart, 3 or purchase")
    return found


def seconds(cell: str) -> float | None:
    """A moment as seconds since 1970; empty: not known.

    Raises:
        BadValue: It is neither epoch seconds nor ISO 8601, or lies outside 1970 to 2100.
    """
    trimmed = cell.strip()
    if not trimmed:
        return None
    try:
        found = float(trimmed)
    except ValueError:
        found = _iso_seconds(trimmed)
    if not 0 <= found <= LATEST_SECONDS:  # also false for NaN
        raise BadValue("the time lies outside 1970 to 2100; write epoch seconds (not milliseconds) or ISO 8601")
    return found


def number(cell: str) -> float | None:
    """Any finite number; empty: none.

    Raises:
        BadValue: It is not a number.
    """
    trimmed = cell.strip()
    if not trimmed:
        return None
    try:
        found = float(trimmed)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise BadValue("it is not a number; write it as 4.5")
    return found


def _whole_number(cell: str, *, highest: int, problem: str) -> int | None:
    """A whole number within 0 … ``highest``; ``3.0`` counts, for spreadsheets write it so."""
    trimmed = cell.strip()
    if not trimmed:
        return None
    match = WHOLE_NUMBER.fullmatch(trimmed)
    if not match or int(match["whole"]) > highest:
        raise BadValue(problem)
    return int(match["whole"])


def _iso_seconds(written: str) -> float:
    """ISO 8601 as seconds; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadValue("it is not a time; write epoch seconds or ISO 8601 such as 2026-01-31T12:00:00Z") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
