"""What somebody meant who mistyped: the nearest words that the catalogue itself uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shop.search.words import root

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shop.search.engines.base import Engine, KnownWord
    from shop.search.words import Term

# Short words have too many neighbours to guess; longer ones bear two slips.
SHORTEST_WORD = 4
LONG_WORD = 6
LONGEST_WORD = 40


def allowed_slips(word: str) -> int:
    """How many slips a word of this length may hold."""
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG_WORD else 1


def slips(word: str, other: str, *, most: int) -> int:
    """How many slips make ``other`` of ``word``: a letter too many, too few, wrong, or two swapped.

    Args:
        word: What was typed.
        other: What may have been meant.
        most: Give up beyond so many; the answer is then ``most + 1``.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word):
        before, previous, row = row, before, [place + 1]
        for column, wanted in enumerate(other):
            cost = min(before[column] + (letter != wanted), before[column + 1] + 1, row[column] + 1)
            if place and column and letter == other[column - 1] and word[place - 1] == wanted:
                cost = min(cost, previous[column - 1] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(word: str, known: Iterable[KnownWord], *, fewest_items: int = 1) -> str | None:
    """The word that was most likely meant: fewest slips, then used by most items, then first in the alphabet.

    Args:
        word: What was typed.
        known: The words to choose from.
        fewest_items: Words of fewer items aren't offered.
    """
    most = allowed_slips(word)
    letters = _letters(word)
    found: list[tuple[int, int, str]] = []
    for candidate in known:
        # Each slip changes at most two letters; most words are ruled out by that alone.
        if candidate.items < fewest_items or candidate.text == word or not candidate.text.isalpha():
            continue
        if (letters ^ _letters(candidate.text)).bit_count() > 2 * most:
            continue
        count = slips(word, candidate.text, most=most)
        if count <= most:
            found.append((count, -candidate.items, candidate.text))
    return min(found)[2] if found else None


def corrections(terms: Sequence[Term], engine: Engine, *, fewest_items: int | None = None) -> dict[str, str]:
    """For each word among ``terms`` what was meant instead, where there is something; one query.

    A slip in the very first letter is looked for among the words that start with the second.

    Args:
        terms: What was typed.
        engine: Knows the catalogue's words.
        fewest_items: Doubt words that the catalogue knows too, for others that so many items hold.
    """
    words = [term.tokens[0] for term in terms if term.is_word and allowed_slips(term.tokens[0])]
    if not words:
        return {}
    starts = sorted({letter for word in words for letter in word[:2]})
    lengths = (min(map(len, words)) - 2, max(map(len, words)) + 2)
    known = engine.known_words(starts, lengths=lengths)
    if fewest_items is None:
        roots = {root(word.text) for word in known}
        words = [word for word in words if root(word) not in roots]
    found = {word: nearest(word, known, fewest_items=fewest_items or 1) for word in words}
    return {word: meant for word, meant in found.items() if meant}


def _letters(word: str) -> int:
    """Which letters a word has, a bit for each; letters beyond the Latin ones share bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) % 64)
    return bits
