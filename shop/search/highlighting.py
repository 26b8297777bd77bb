"""Marking what was searched for in what was found; nothing of either can become HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from shop.search.words import JOINED, SHORTEST_PREFIX, Phrase, fold, root

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SNIPPET_LENGTH = 84
SNIPPET_LEAD = 30
JOINT = r"[\W_]*"
LETTERS = re.compile(r"[^\W_]+")


class Marker:
    """Finds the places of a phrase's words in texts.

    The index knows stems, a page shows words: a word is marked where it has
    the root of one that was searched for, or begins with the last of them.
    """

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase
        words = [term for term in phrase.terms if not term.signs]
        self._roots = {root(term.tokens[0]) for term in words if term.is_word}
        last = phrase.terms[-1] if phrase.terms else None
        self._beginning = last.tokens[0] if last and last.is_word and len(last.tokens[0]) >= SHORTEST_PREFIX else None
        # "tshirt" finds a T-shirt and the other way round.
        self._joined = {term.tokens[0] for term in words if term.is_word}
        self._with_joint = [
            re.compile(rf"\b{JOINT.join(map(re.escape, term.tokens))}\b", re.IGNORECASE)
            for term in words
            if not term.is_word
        ]
        self._runs = ["".join(piece.tokens) for term in phrase.terms if term.signs for piece in term.pieces()]

    def marked(self, text: str) -> SafeString:
        """The text with its hits in ``<mark>``."""
        pieces: list[str] = []
        reached = 0
        for start, end in self.places(text):
            pieces += [escape(text[reached:start]), "<mark>", escape(text[start:end]), "</mark>"]
            reached = end
        pieces.append(escape(text[reached:]))
        return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above

    def missing_from(self, text: str) -> Marker | None:
        """Marks only the words that ``text`` doesn't hold; ``None`` where it holds them all."""
        missing = tuple(term for term in self._phrase.terms if not any(Marker(Phrase("", (term,))).places(text)))
        return Marker(Phrase("", missing)) if missing else None

    def place_in(self, text: str) -> slice | None:
        """The part of a text around its first hit; ``None`` where it holds none."""
        first = next(self.places(text), None)
        if first is None:
            return None
        start = _word_start(text, max(0, first[0] - SNIPPET_LEAD))
        return slice(start, _word_end(text, start + SNIPPET_LENGTH, at_least=first[1]))

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of every hit, in order, none within another."""
        reached = 0
        for start, end in sorted([*self._word_places(text), *self._run_places(text)]):
            if start >= reached:
                yield start, end
                reached = end

    def _word_places(self, text: str) -> Iterable[tuple[int, int]]:
        for found in LETTERS.finditer(text):
            folded = fold(found[0])
            begins = self._beginning is not None and folded.startswith(self._beginning)
            if begins or root(folded) in self._roots:
                yield found.span()
        for pattern in self._with_joint:
            yield from (found.span() for found in pattern.finditer(text))
        for found in JOINED.finditer(text):
            if fold(found[1] + found[2]) in self._joined:
                yield found.span()

    def _run_places(self, text: str) -> Iterable[tuple[int, int]]:
        for run in self._runs:
            yield from (found.span() for found in re.finditer(re.escape(run), text))


def snippet(marker: Marker, text: str, *, known: str) -> SafeString:
    """The part of ``text`` that holds what was searched for and ``known`` doesn't tell, marked.

    Args:
        marker: Knows what was searched for.
        text: A description, plain.
        known: What stands beside it anyway, such as the name.
    """
    missing = marker.missing_from(known)
    flat = " ".join(text.split())
    part = missing.place_in(flat) if missing else None
    if part is None:
        return SafeString()
    before, after = "… " if part.start else "", " …" if part.stop < len(flat) else ""
    return format_html("{}{}{}", before, marker.marked(flat[part].strip()), after)


def _word_start(text: str, place: int) -> int:
    """The next beginning of a word; Chinese may be cut anywhere."""
    blank = text.rfind(" ", 0, place) + 1
    return blank if place - blank < SNIPPET_LEAD else place


def _word_end(text: str, place: int, *, at_least: int) -> int:
    """The last end of a word before ``place``, but not before ``at_least``."""
    if place >= len(text):
        return len(text)
    blank = text.rfind(" ", at_least, place)
    return blank if blank > 0 else max(place, at_least)
