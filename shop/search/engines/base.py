"""What both engines can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.db.models import BooleanField, F, FloatField, Func

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from django.db.backends.base.base import BaseDatabaseWrapper

    from shop.catalogue.models import ItemQuerySet
    from shop.search.words import Phrase

# How much a word counts in an item's name, in what says its kind (tags, maker, colour, category), in all other text.
TITLE_WEIGHT, KIND_WEIGHT, WORDS_WEIGHT = 12.0, 5.0, 1.0
# Items that hold the phrase as it was typed stand before all that only hold its words; in the name before elsewhere.
# Larger than any sum of weights, so that it decides.
PHRASE_LEAD = 1000.0


class SqlWithParameters(Func):
    """SQL about an item's key, with values that the database quotes.

    Unlike ``RawSQL`` it names the item's table through Django, so that it holds in subqueries too.
    """

    def __init__(self, sql: str, parameters: Sequence[Any], *, output_field: Any) -> None:
        super().__init__(F("pk"), output_field=output_field)
        self.template = sql
        self.parameters = tuple(parameters)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **_context: Any) -> Any:  # noqa: ARG002  # Django's own
        """The SQL with the item's key in the place of ``{item}``."""
        item, parameters = compiler.compile(self.source_expressions[0])
        return self.template.replace("{item}", item), (*self.parameters, *parameters)


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word that the catalogue uses.

    Attributes:
        text: The word, unstemmed.
        items: How many items hold it.
    """

    text: str
    items: int


class Engine(ABC):
    """Searches one database and keeps its index right."""

    vendor: ClassVar[str]

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def matching(
        self, items: ItemQuerySet, phrase: Phrase, *, every: bool = True, typing: bool = False
    ) -> ItemQuerySet:
        """The items that hold the words of ``phrase``, with ``relevance``: the lower, the better.

        Args:
            items: Which ones to search.
            phrase: What was typed.
            every: Whether all words must be there, or any of them.
            typing: Whether the last word may still be written: its beginning counts, its forms don't.
        """
        hits, hit_parameters, ranks, rank_parameters = self.hits_and_ranks(phrase, every=every, typing=typing)
        return items.filter(SqlWithParameters(hits, hit_parameters, output_field=BooleanField())).annotate(
            relevance=SqlWithParameters(ranks, rank_parameters, output_field=FloatField())
        )

    def in_bulk(self) -> AbstractContextManager[object]:
        """A transaction in which many items are written; engines that index better at once do so at its end."""
        return transaction.atomic(using=self.connection.alias)

    @abstractmethod
    def hits_and_ranks(
        self, phrase: Phrase, *, every: bool, typing: bool
    ) -> tuple[str, tuple[Any, ...], str, tuple[Any, ...]]:
        """The condition of a hit and the rank of one, each as SQL with ``{item}`` for the key, and its values."""

    @abstractmethod
    def known_words(self, starts: Sequence[str], *, lengths: tuple[int, int]) -> list[KnownWord]:
        """The catalogue's words that start with one of ``starts`` and are so long; one query."""

    @abstractmethod
    def create(self) -> None:
        """Make the index's tables; the migration calls it."""

    @abstractmethod
    def drop(self) -> None:
        """Take the index and all that keeps it away."""

    @abstractmethod
    def is_kept(self) -> bool:
        """Whether the triggers that keep the index right are there, in this version."""

    @abstractmethod
    def keep(self) -> None:
        """Put up the triggers."""

    @abstractmethod
    def release(self) -> None:
        """Take the triggers down, so that migrations may change what they look at."""

    @abstractmethod
    def rebuild(self) -> int:
        """Write the index anew; gives how many items it holds."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether the migration has run."""

    def run(self, *statements: str) -> None:
        """Execute statements without values."""
        with self.connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def values(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
