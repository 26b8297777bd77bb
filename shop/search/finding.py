"""A search from what was typed to the items: exact first, and what to do where that finds few."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Value

from shop.catalogue.models import Item
from shop.search.engines import engine_for
from shop.search.spelling import corrections
from shop.search.words import Phrase, parse

if TYPE_CHECKING:
    from shop.catalogue.models import ItemQuerySet
    from shop.search.engines.base import Engine

# With fewer items than this the spelling is looked at.
FEW = 3
# A rare word is doubted only where a like one is so many times as frequent.
MUCH_MORE = 10


class Way(StrEnum):
    """How the items were found."""

    EXACT = "exact"
    CORRECTED = "corrected"
    SOME_WORDS = "some words"


@dataclass(frozen=True)
class Finding:
    """The answer to a search.

    Attributes:
        typed: What was typed.
        used: What was searched for; another phrase where the spelling was corrected.
        items: The items, with ``relevance``: the lower, the better.
        way: How they were found.
        perhaps: Another spelling that would find much more, where what was typed finds little.
        otherwise: What to take where ``items`` turn out to be none.
    """

    typed: Phrase
    used: Phrase
    items: ItemQuerySet
    way: Way = Way.EXACT
    perhaps: Phrase | None = None
    otherwise: Finding | None = None


def find(typed: str, *, as_typed: bool = False) -> Finding:
    """Search the listed items, and think again where few are found; one small query, two where few are found.

    Args:
        typed: Whatever a browser sent.
        as_typed: Take the words as they are, however few items they find.
    """
    exact = find_exactly(typed)
    return exact if as_typed else think_again(exact, hits=exact.items.order_by().values("pk")[:FEW].count())


def find_exactly(typed: str) -> Finding:
    """The listed items that hold the words as they were typed; no query yet."""
    phrase = parse(typed)
    items = (
        engine_for().matching(Item.objects.listed(), phrase)
        if phrase
        else Item.objects.none().annotate(relevance=Value(0.0))
    )
    return Finding(typed=phrase, used=phrase, items=items)


def think_again(exact: Finding, *, hits: int) -> Finding:
    """What to show for words that found ``hits`` items: those, with another spelling offered, or others.

    The same finding where there is nothing better, so that a list which was read already can be kept.
    """
    if not exact.typed or hits >= FEW:
        return exact
    engine = engine_for()
    if hits:
        meant = corrections(exact.typed.terms, engine, fewest_items=hits * MUCH_MORE)
        return replace(exact, perhaps=_better(exact.typed, meant))
    return _find_otherwise(exact, engine)


def _find_otherwise(nothing: Finding, engine: Engine) -> Finding:
    """What to show instead of nothing: the words as they were meant, else items that hold some of them."""
    listed = Item.objects.listed()
    meant = _better(nothing.typed, corrections(nothing.typed.terms, engine))
    used = meant or nothing.typed
    some: Finding | None = None
    if sum(len(term.pieces()) for term in used.terms) > 1:
        items = engine.matching(listed, used, every=False)
        some = replace(nothing, used=used, items=items, way=Way.SOME_WORDS)
    if meant:
        # Every word of it is known, but not that one item has them all: whoever lists the items will see.
        items = engine.matching(listed, meant)
        return replace(nothing, used=meant, items=items, way=Way.CORRECTED, otherwise=some)
    return some or nothing


def _better(phrase: Phrase, meant: dict[str, str]) -> Phrase | None:
    """The phrase as it was meant, unless that is how it was typed."""
    better = phrase.with_words(meant) if meant else phrase
    return better if better.terms != phrase.terms else None
