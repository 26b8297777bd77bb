"""A search from what was typed to the items: exact first, and what to do where that finds few."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    typed: Phrase
    used: Phrase
    items: ItemQuerySet
    way: Way = Way.EXACT
    perhaps: Phrase | None = None


def find(typed: str, *, as_typed: bool = False) -> Finding:
    """Search the listed items.

    One small query more than the list itself where it finds enough; up to four more where it finds few.

    Args:
        typed: Whatever a browser sent.
        as_typed: Take the words as they are, however few items they find.
    """
    phrase = parse(typed)
    listed = Item.objects.listed()
    if not phrase:
        return Finding(typed=phrase, used=phrase, items=listed.none().annotate(relevance=Value(0.0)))
    engine = engine_for()
    exact = Finding(typed=phrase, used=phrase, items=engine.matching(listed, phrase))
    hits = _count_few(exact.items)
    if hits >= FEW or as_typed:
        return exact
    if hits:
        meant = corrections(phrase.terms, engine, fewest_items=hits * MUCH_MORE)
        return Finding(typed=phrase, used=phrase, items=exact.items, perhaps=_better(phrase, meant))
    return _find_otherwise(exact, engine)


def _find_otherwise(exact: Finding, engine: Engine) -> Finding:
    """What to show instead of nothing: the words as they were meant, else items that hold some of them."""
    phrase, listed = exact.typed, Item.objects.listed()
    unknown = engine.terms_without_hits(phrase.terms)
    meant = _better(phrase, corrections([term for term in phrase.terms if term in unknown], engine))
    if meant:
        corrected = engine.matching(listed, meant)
        if corrected.exists():
            return Finding(typed=phrase, used=meant, items=corrected, way=Way.CORRECTED)
    used = meant or phrase
    if sum(len(term.pieces()) for term in used.terms) == 1:
        return exact
    some = engine.matching(listed, used, every=False)
    return Finding(typed=phrase, used=used, items=some, way=Way.SOME_WORDS)


def _better(phrase: Phrase, meant: dict[str, str]) -> Phrase | None:
    """The phrase as it was meant, unless that is how it was typed."""
    better = phrase.with_words(meant) if meant else phrase
    return better if better.terms != phrase.terms else None


def _count_few(items: ItemQuerySet) -> int:
    """How many there are, counted no further than needed."""
    return items.order_by().values("pk")[:FEW].count()
