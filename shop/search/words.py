"""What a word is: the one place that knows, for what is indexed and for what is typed.

Chinese is written without blanks, and no splitter that comes with SQLite or
PostgreSQL knows where its words end. So every Chinese sign is a word of its own
in the index, and two signs that are typed together are looked for as a phrase:
that finds exactly the texts that hold them, of whatever length.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

# Raise it when ``search_text`` changes: every index is then written anew at the next migrate.
VERSION = 1
LONGEST = 200
MOST_TERMS = 10
SHORTEST_PREFIX = 2
# From here on a run of signs is more likely several words than one.
LONG_RUN = 4
# English endings that word forms differ by; what is left of a word must still say something.
ENDINGS = ("ingly", "edly", "ings", "ies", "ing", "ed", "es", "ly", "s", "y", "e")
SHORTEST_ROOT = 3

# Han with its extensions, kana, Hangul; the PostgreSQL half of the index has the same ranges.
SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f"
ACCENTS = re.compile("[\u0300-\u036f]")
SIGN_RUN = re.compile(f"[{SIGNS}]+")
HAS_JOINT = re.compile("[-'’]").search
JOINED = re.compile(rf"([^\W_{SIGNS}]+)[-'’]([^\W_{SIGNS}]+)")
RUNS = re.compile(rf"[{SIGNS}]+|[^\W_{SIGNS}]+")


def fold(text: str) -> str:
    """A text without the differences that nobody types: wide letters, accents, capitals."""
    if text.isascii():
        return text.lower()
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).lower()


def search_text(text: str | None) -> str:
    """A text as it goes into the index: folded, every Chinese sign set apart.

    Words with a joint follow once more without it, so that ``tshirt`` finds a T-shirt.
    """
    if not text:
        return ""
    folded = fold(text)
    apart = folded if folded.isascii() else SIGN_RUN.sub(_apart, folded)
    joined = " ".join(first + second for first, second in JOINED.findall(folded)) if HAS_JOINT(folded) else ""
    return f"{apart} {joined}" if joined else apart


def root(word: str) -> str:
    """A word without its English ending."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was typed: a word, a word with a joint (``t-shirt``), or a run of signs.

    Attributes:
        tokens: Its pieces, as the index has them, in their order.
        signs: Whether it is a run of signs.
    """

    tokens: tuple[str, ...]
    signs: bool = False

    @property
    def is_word(self) -> bool:
        """A single word of letters, so that spelling and word forms make sense."""
        return not self.signs and len(self.tokens) == 1

    @property
    def text(self) -> str:
        """As a shopper would read it."""
        return "".join(self.tokens) if self.signs else " ".join(self.tokens)

    def pieces(self) -> tuple[Term, ...]:
        """What is left of it where all of it is too much to ask: pairs of signs, or the term itself."""
        pair = 2
        if not self.signs or len(self.tokens) <= pair:
            return (self,)
        return tuple(Term(self.tokens[place : place + pair], signs=True) for place in range(len(self.tokens) - 1))


@dataclass(frozen=True)
class Phrase:
    """What somebody typed.

    Attributes:
        text: As it is shown again, blanks and control characters tidied.
        terms: What must be found.
    """

    text: str
    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """All pieces in their order, for finding the phrase as it stands."""
        return tuple(token for term in self.terms for token in term.tokens)

    def with_words(self, changes: dict[str, str]) -> Phrase:
        """The phrase with some of its words replaced; what isn't a word stays as it was typed."""

        def changed(found: re.Match[str]) -> str:
            return changes.get(fold(found[0]), found[0])

        return parse(RUNS.sub(changed, self.text))


def parse(typed: str) -> Phrase:
    """Read what was typed; nothing in it is syntax, and too much of it is cut off."""
    text = " ".join("".join(" " if _is_control(sign) else sign for sign in typed[:LONGEST]).split())
    terms: list[Term] = []
    for chunk in fold(text).split():
        joined: list[str] = []
        for run in RUNS.findall(chunk):
            if SIGN_RUN.match(run):
                terms += [Term(tuple(joined))] if joined else []
                joined = []
                terms.append(Term(tuple(run), signs=True))
            else:
                joined.append(run)
        terms += [Term(tuple(joined))] if joined else []
    return Phrase(text=text, terms=tuple(dict.fromkeys(terms))[:MOST_TERMS])


def _apart(run: re.Match[str]) -> str:
    return f" {' '.join(run[0])} "


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Cn", "Co"}
