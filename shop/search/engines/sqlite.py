"""Search in SQLite, through its full-text tables (FTS5)."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction

from shop.search.engines import sqlite_index
from shop.search.engines.base import PHRASE_LEAD, Engine, KnownWord
from shop.search.words import LONG_RUN, SHORTEST_PREFIX, search_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shop.search.words import Phrase, Term

# The inner query doesn't look at the item, so SQLite runs it once and keeps its answer for all items.
RANKS = """(
    WITH hits(item_id, score) AS MATERIALIZED (
        SELECT rowid, rank{leads} FROM {table} WHERE {table} MATCH %s)
    SELECT score FROM hits WHERE hits.item_id = {item})"""
HITS = "{item} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s)"
LEAD = " - {lead} * (rowid IN (SELECT rowid FROM {table} WHERE {table} MATCH %s))"
OPTIMISE = "INSERT INTO {table}({table}) VALUES ('optimize')"
BULK_CHOICE = "IN (SELECT item_id FROM search_stale)"


class SqliteEngine(Engine):
    """FTS5 with ``bm25``; stems by the Porter tokeniser."""

    vendor: ClassVar[str] = "sqlite"

    def hits_and_ranks(
        self, phrase: Phrase, *, every: bool, typing: bool
    ) -> tuple[str, tuple[Any, ...], str, tuple[Any, ...]]:
        """See the base class."""
        table = "search_words" if typing else "search_index"
        query = match_query(phrase, every=every)
        leads: tuple[str, ...] = ()
        if len(phrase.tokens) > 1:
            # Once for the phrase anywhere, once more for the phrase in the name.
            leads = (quoted(phrase.tokens), f"title : {quoted(phrase.tokens)}")
        lead = LEAD.replace("{table}", table).replace("{lead}", str(PHRASE_LEAD))
        ranks = RANKS.replace("{leads}", lead * len(leads)).replace("{table}", table)
        return HITS.replace("{table}", table), (query,), ranks, (*leads, query)

    def known_words(self, starts: Sequence[str], *, lengths: tuple[int, int]) -> list[KnownWord]:
        """See the base class."""
        one = (
            "SELECT term, doc FROM search_vocabulary WHERE term >= %s AND term < %s AND length(term) BETWEEN %s AND %s"
        )
        parameters = [value for start in starts for value in (start, start + "\U0010ffff", *lengths)]
        rows = self.values(" UNION ".join([one] * len(starts)), parameters) if starts else []
        return [KnownWord(*row) for row in rows]

    @contextmanager
    def in_bulk(self) -> Iterator[None]:
        """Note what changes, and index it in one go: a fifth of the time of one by one.

        The note and the index are part of the transaction, so whoever reads
        sees both or neither.
        """
        with transaction.atomic(using=self.connection.alias):
            outermost = self.values("SELECT paused FROM search_state") == [(0,)]
            if outermost:
                self.run("UPDATE search_state SET paused = 1")
            yield
            if outermost:
                self.run(*sqlite_index.refresh(BULK_CHOICE).split(";")[:-1])
                self.run("UPDATE search_state SET paused = 0")

    def create(self) -> None:
        """See the base class."""
        self.run(*sqlite_index.TABLES)

    def drop(self) -> None:
        """See the base class."""
        self.release()
        self.run(*(f"DROP TABLE IF EXISTS {name}" for name in sqlite_index.TABLE_NAMES))

    def exists(self) -> bool:
        """See the base class."""
        return bool(self.values("SELECT 1 FROM sqlite_master WHERE name = 'search_index'"))

    def is_kept(self) -> bool:
        """See the base class."""
        found = self.values(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search~_%' ESCAPE '~'"
        )
        return dict(found) == sqlite_index.TRIGGERS

    def keep(self) -> None:
        """See the base class."""
        self.release()
        self.run(*sqlite_index.TRIGGERS.values())

    def release(self) -> None:
        """See the base class."""
        self.run(*(f"DROP TRIGGER IF EXISTS {name}" for name in sqlite_index.TRIGGERS))

    def rebuild(self) -> int:
        """See the base class."""
        with transaction.atomic(using=self.connection.alias):
            kept = self.is_kept()
            self.drop()
            self.create()
            if kept:
                self.keep()
            self.run(
                f"INSERT INTO search_index(rowid, title, kind, words) {sqlite_index.DOCUMENTS} IS NOT NULL",
                "INSERT INTO search_words(rowid, title, kind, words) SELECT rowid, title, kind, words FROM search_index",
                *(OPTIMISE.replace("{table}", table) for table in ("search_index", "search_words")),
            )
            return int(self.values("SELECT count(*) FROM search_index")[0][0])


def register_function(connection: Any) -> None:
    """Give a new connection the function that the triggers prepare texts with."""
    connection.connection.create_function("search_text", 1, search_text, deterministic=True)


def quoted(tokens: Sequence[str]) -> str:
    """A string of FTS5's query language: whatever it holds, it is text and no syntax."""
    return '"' + " ".join(tokens).replace('"', '""') + '"'


def term_query(term: Term, *, beginning: bool = False) -> str:
    """A term in FTS5's query language.

    Args:
        term: The term.
        beginning: Whether words that only begin with it count too, though less.
    """
    whole = quoted(term.tokens)
    if term.signs:
        if len(term.tokens) < LONG_RUN:
            return whole
        return f"({whole} OR ({' AND '.join(quoted([sign]) for sign in term.tokens)}))"
    if len(term.tokens) > 1:
        return f"({whole} OR {quoted([''.join(term.tokens)])})"
    return f"({whole} OR {whole} *)" if beginning and len(term.tokens[0]) >= SHORTEST_PREFIX else whole


def match_query(phrase: Phrase, *, every: bool) -> str:
    """A phrase in FTS5's query language; the last word may be a beginning."""
    if every:
        last = phrase.terms[-1]
        return " AND ".join(term_query(term, beginning=term is last) for term in phrase.terms)
    return " OR ".join(term_query(piece) for term in phrase.terms for piece in term.pieces())
