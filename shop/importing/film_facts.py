"""Reads what a film source answers, and writes it into an item without touching what staff wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shop.catalogue.titles import dated_title
from shop.importing.values import CONTROL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.catalogue.models import Item

# The facts an item can take, in the order in which its page lists them.
FACTS = ("director", "cast", "country", "language", "runtime")
LONGEST_FACT = 300
LONGEST_OVERVIEW = 5_000
LONGEST_ADDRESS = 2_000
MOST_NAMES = 8


class AnswerUnusable(Exception):
    """The source answered something that is not in its format."""


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What a source tells of a film: its poster's address, a few sentences, and facts by name; each may be empty."""

    poster: str = ""
    overview: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def film_description(*, year: str, genres: Sequence[str]) -> str:
    """The description a film gets where only its year and genres are known."""
    what = f"A film from {year}" if year else "A film"
    return f"{what}: {', '.join(genre.lower() for genre in genres)}." if genres else f"{what}."


def read_answer(content: bytes) -> FilmFacts | None:
    """The facts in a JSON answer; None where it tells nothing.

    Raises:
        AnswerUnusable: It is not JSON, or not an object with texts.
    """
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswerUnusable("the answer is not JSON") from error
    if not isinstance(answer, dict):
        raise AnswerUnusable("the answer is not a JSON object")
    found = FilmFacts(
        poster=_text(answer, "poster", LONGEST_ADDRESS),
        overview=_text(answer, "overview", LONGEST_OVERVIEW),
        facts={name: text for name in FACTS if (text := _text(answer, name, LONGEST_FACT))},
    )
    return found if found != FilmFacts() else None


def write_facts(item: Item, facts: FilmFacts) -> bool:
    """Fill in what the item doesn't say yet; saves it where that changes anything, and tells whether it did.

    An attribute that is there stays. The overview takes the place of an empty
    description, or goes before the one an import made of year and genres.
    """
    attributes = {**facts.facts, **item.attributes}
    plain = film_description(year=dated_title(item.title).year, genres=item.tags)
    description = item.description
    if facts.overview and description.strip() in {"", plain}:
        description = "\n\n".join(filter(None, (facts.overview, description.strip())))
    if (attributes, description) == (item.attributes, item.description):
        return False
    item.attributes, item.description = attributes, description
    item.save(update_fields=["attributes", "description", "updated_at"])
    return True


def _text(answer: dict[str, Any], name: str, longest: int) -> str:
    """A text, a number, or several of them joined by commas; too long ones are left out.

    Raises:
        AnswerUnusable: It is something else.
    """
    value = answer.get(name)
    parts = value[:MOST_NAMES] if isinstance(value, list) else [value]
    if any(not isinstance(part, str | int | float | None) or isinstance(part, bool) for part in parts):
        raise AnswerUnusable(f"{name} is neither a text nor a list of texts")
    text = ", ".join(CONTROL.sub("", str(part)).strip() for part in parts if part not in (None, ""))
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise AnswerUnusable(f"{name} holds half a character")
    return text if len(text) <= longest else ""
