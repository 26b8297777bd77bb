"""Search in PostgreSQL, through its full-text vectors."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.cache import cache
from django.db import transaction

from shop.search.engines import postgresql_index
from shop.search.engines.base import KIND_WEIGHT, PHRASE_LEAD, TITLE_WEIGHT, WORDS_WEIGHT, Engine, KnownWord
from shop.search.words import LONG_RUN, SHORTEST_PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.search.words import Phrase, Term

HITS = "{item} IN (SELECT item_id FROM search_document WHERE {column} @@ to_tsquery({configuration}, %s))"
RANKS = """(
    SELECT -ts_rank(%s::float4[], {column}, to_tsquery({configuration}, %s)){leads}
    FROM search_document WHERE search_document.item_id = {item})"""
LEAD = " - {lead} * ({column} @@ to_tsquery({configuration}, %s))::int"
# PostgreSQL wants the weights of D, C, B, A, at most one.
WEIGHTS = [WORDS_WEIGHT / TITLE_WEIGHT, 0.0, KIND_WEIGHT / TITLE_WEIGHT, 1.0]
# Counting the words of all items takes long; new words may be spelled wrong for so many seconds.
VOCABULARY_SECONDS = 600
VOCABULARY_KEY = "search.vocabulary"
MARK = "search index "


class PostgresqlEngine(Engine):
    """``tsvector`` with a GIN index, ``ts_rank``; stems by the Snowball stemmer."""

    vendor: ClassVar[str] = "postgresql"

    def hits_and_ranks(
        self, phrase: Phrase, *, every: bool, typing: bool
    ) -> tuple[str, tuple[Any, ...], str, tuple[Any, ...]]:
        """See the base class."""
        query = ts_query(phrase, every=every)
        leads: tuple[str, ...] = ()
        if len(phrase.tokens) > 1:
            leads = (in_order(phrase.tokens), in_order(phrase.tokens, weight="A"))
        lead = LEAD.replace("{lead}", str(PHRASE_LEAD))

        def written(sql: str) -> str:
            column, configuration = ("words", "'simple'") if typing else ("stems", "'search_stems'")
            return sql.replace("{column}", column).replace("{configuration}", configuration)

        ranks = RANKS.replace("{leads}", lead * len(leads))
        return written(HITS), (query,), written(ranks), (WEIGHTS, query, *leads)

    def known_words(self, starts: Sequence[str], *, lengths: tuple[int, int]) -> list[KnownWord]:
        """See the base class."""
        vocabulary: list[KnownWord] | None = cache.get(VOCABULARY_KEY)
        if vocabulary is None:
            rows = self.values("SELECT word, ndoc FROM ts_stat('SELECT words FROM search_document')")
            vocabulary = [KnownWord(*row) for row in rows]
            cache.set(VOCABULARY_KEY, vocabulary, VOCABULARY_SECONDS)
        shortest, longest = lengths
        chosen = tuple(starts)
        return [word for word in vocabulary if shortest <= len(word.text) <= longest and word.text.startswith(chosen)]

    def create(self) -> None:
        """See the base class."""
        self.run(*postgresql_index.TABLES)

    def drop(self) -> None:
        """See the base class."""
        self.release()
        self.run(*postgresql_index.FUNCTION_DROPS, *postgresql_index.DROPS)

    def exists(self) -> bool:
        """See the base class."""
        return self.values("SELECT to_regclass('search_document') IS NOT NULL") == [(True,)]

    def is_kept(self) -> bool:
        """See the base class."""
        wanted = sorted(postgresql_index.TRIGGERS)
        found = self.values("SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s) ORDER BY tgname", [wanted])
        version = self.values("SELECT obj_description(to_regclass('search_document'))")
        return [name for (name,) in found] == wanted and version == [(MARK + _version(),)]

    def keep(self) -> None:
        """See the base class."""
        self.release()
        self.run(
            *postgresql_index.FUNCTIONS.values(),
            *(f"CREATE TRIGGER {name} {rest}" for name, (_table, rest) in postgresql_index.TRIGGERS.items()),
            f"COMMENT ON TABLE search_document IS '{MARK}{_version()}'",
        )

    def release(self) -> None:
        """See the base class."""
        for name, (table, _rest) in postgresql_index.TRIGGERS.items():
            if self.values("SELECT to_regclass(%s) IS NOT NULL", [table]) == [(True,)]:
                self.run(f"DROP TRIGGER IF EXISTS {name} ON {table}")

    def rebuild(self) -> int:
        """See the base class."""
        with transaction.atomic(using=self.connection.alias):
            self.run(
                "TRUNCATE search_document",
                "SELECT search_refresh(ARRAY(SELECT id FROM catalogue_item))",
            )
            cache.delete(VOCABULARY_KEY)
            return int(self.values("SELECT count(*) FROM search_document")[0][0])


def _version() -> str:
    """Changes when the functions do, so that a database with old ones gets the new."""
    texts = [*postgresql_index.FUNCTIONS.values(), *(rest for _table, rest in postgresql_index.TRIGGERS.values())]
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


def lexeme(token: str, *, beginning: bool = False, weight: str = "") -> str:
    """A word in PostgreSQL's query language; tokens are letters and digits alone."""
    flags = ("*" if beginning else "") + weight
    return f"'{token}':{flags}" if flags else f"'{token}'"


def in_order(tokens: Sequence[str], *, weight: str = "") -> str:
    """Words that stand one after the other."""
    return "(" + " <-> ".join(lexeme(token, weight=weight) for token in tokens) + ")"


def term_query(term: Term, *, beginning: bool = False) -> str:
    """A term in PostgreSQL's query language.

    Args:
        term: The term.
        beginning: Whether words that only begin with it count too.
    """
    whole = in_order(term.tokens)
    if term.signs:
        if len(term.tokens) < LONG_RUN:
            return whole
        return f"({whole} | ({' & '.join(lexeme(sign) for sign in term.tokens)}))"
    if len(term.tokens) > 1:
        return f"({whole} | {lexeme(''.join(term.tokens))})"
    if beginning and len(term.tokens[0]) >= SHORTEST_PREFIX:
        return f"({whole} | {lexeme(term.tokens[0], beginning=True)})"
    return whole


def ts_query(phrase: Phrase, *, every: bool) -> str:
    """A phrase in PostgreSQL's query language; the last word may be a beginning."""
    if every:
        last = phrase.terms[-1]
        return " & ".join(term_query(term, beginning=term is last) for term in phrase.terms)
    return " | ".join(term_query(piece) for term in phrase.terms for piece in term.pieces())
