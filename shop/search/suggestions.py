"""What is offered while somebody types: things by name, and categories.

Nothing of it comes from what other visitors typed: the shop keeps no searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F

from shop.catalogue.models import Item
from shop.catalogue.overview import catalogue_overview
from shop.search.engines import engine_for
from shop.search.spelling import corrections
from shop.search.words import RUNS, Phrase, fold, parse

if TYPE_CHECKING:
    from shop.catalogue.overview import Place

MOST_ITEMS = 6
MOST_PLACES = 3
# One letter begins too many words to be worth an answer; one Chinese sign is a word.
SHORTEST = 2


@dataclass(frozen=True)
class Suggestions:
    """What may be meant.

    Attributes:
        phrase: What was typed so far.
        items: The things that fit best, best first.
        places: The categories whose names fit, largest first.
    """

    phrase: Phrase
    items: tuple[Item, ...] = ()
    places: tuple[Place, ...] = ()

    def __len__(self) -> int:
        return len(self.items) + len(self.places)


def suggest(typed: str) -> Suggestions:
    """What fits the words so far, the last one perhaps unfinished; where nothing does, what was perhaps meant.

    Two queries where something fits, as many more where nothing does.
    """
    phrase = parse(typed)
    if not phrase or (len(phrase.text) < SHORTEST and not phrase.terms[0].signs):
        return Suggestions(phrase=phrase)
    found = _suggest(phrase)
    if not found:
        meant = phrase.with_words(corrections(phrase.terms, engine_for()))
        if meant.terms != phrase.terms:
            return _suggest(meant)
    return found


def places_named(phrase: Phrase) -> tuple[Place, ...]:
    """Categories in whose name every word is the beginning of one, every run of signs is found; largest first."""
    if not phrase:
        return ()
    fitting = [place for place in catalogue_overview().places if _fits(phrase, place)]
    return tuple(sorted(fitting, key=lambda place: (-place.items, place.path))[:MOST_PLACES])


def _suggest(phrase: Phrase) -> Suggestions:
    found = engine_for().matching(Item.objects.listed(), _without_first_letter(phrase), typing=True)
    # Keys first: a database that sorts many whole items is slow.
    keys = list(found.order_by(F("relevance").asc(), "-created_at", "-pk").values_list("pk", flat=True)[:MOST_ITEMS])
    items = Item.objects.select_related("category", "cover").in_bulk(keys) if keys else {}
    return Suggestions(
        phrase=phrase, items=tuple(items[key] for key in keys if key in items), places=places_named(phrase)
    )


def _without_first_letter(phrase: Phrase) -> Phrase:
    """The phrase but for a word of which only one letter is there yet, so that its first letter empties no list."""
    *before, last = phrase.terms
    return Phrase(phrase.text, tuple(before)) if before and last.is_word and len(last.text) < SHORTEST else phrase


def _fits(phrase: Phrase, place: Place) -> bool:
    texts = [place.name, *(names.get("name", "") for names in place.translations.values())]
    folded = " ".join(fold(text) for text in texts)
    starts = tuple(RUNS.findall(folded))
    return all(
        term.text in folded
        if term.signs
        else all(any(word.startswith(token) for word in starts) for token in term.tokens)
        for term in phrase.terms
    )
