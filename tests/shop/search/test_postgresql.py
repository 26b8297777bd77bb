"""What only PostgreSQL can do, or do wrong. The other tests of search hold for both databases."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from shop.catalogue.models import Item
from shop.search.engines import engine_for
from shop.search.engines.postgresql import in_order, ts_query
from shop.search.words import parse
from tests.factories import ItemFactory

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="needs PostgreSQL: DATABASE_URL=postgres://… make test"
)


@pytest.mark.parametrize(
    ("typed", "every", "wanted"),
    [
        ("blue mug", True, "('blue') & (('mug') | 'mug':*)"),
        ("blue mug", False, "('blue') | ('mug')"),
        ("t-shirt", True, "(('t' <-> 'shirt') | 'tshirt')"),
        ("蓝色", True, "('蓝' <-> '色')"),
        ("蓝色茶壶", False, "('蓝' <-> '色') | ('色' <-> '茶') | ('茶' <-> '壶')"),
        ("it's' & !mug", True, "(('it' <-> 's') | 'its') & (('mug') | 'mug':*)"),
    ],
)
def test_queries_hold_words_alone(typed: str, every: bool, wanted: str) -> None:  # noqa: FBT001  # a column of the table
    assert ts_query(parse(typed), every=every) == wanted


def test_a_phrase_may_be_asked_for_in_names_alone() -> None:
    assert in_order(("blue", "mug"), weight="A") == "('blue':A <-> 'mug':A)"


def found(typed: str) -> list[str]:
    return sorted(item.item_id for item in engine_for().matching(Item.objects.all(), parse(typed)))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_emptying_the_table_empties_the_index() -> None:
    ItemFactory.create(title="Poptorp")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalogue_item CASCADE")
    assert engine_for().values("SELECT count(*) FROM search_document") == [(0,)]


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_variants_written_at_the_same_time_are_all_found() -> None:
    head = ItemFactory.create(item_id="head", title="Poptorp")
    variants = [ItemFactory.create(variant_of=head, variant_name=name) for name in ("Large", "Small")]
    written, go_on = threading.Event(), threading.Event()

    def write(item: Item, word: str, *, waits: bool = False) -> None:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).update(colour=word)
            if waits:
                written.set()
                go_on.wait(10)
        connection.close()

    first = threading.Thread(target=write, args=(variants[0], "moss"), kwargs={"waits": True})
    second = threading.Thread(target=write, args=(variants[1], "plum"))
    first.start()
    assert written.wait(10)
    second.start()
    second.join(0.5)
    assert second.is_alive()  # it waits for the first
    go_on.set()
    first.join(10)
    second.join(10)
    assert (found("moss"), found("plum")) == (["head"], ["head"])


@needs_postgresql
@pytest.mark.django_db
def test_following_an_item_never_reads_the_whole_table() -> None:
    """A plan made while the table was small is kept by the connection; an import of 60,000 items took hours with it."""
    read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'catalogue_item'"
    head = ItemFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalogue_item")
    before = engine_for().values(read)
    ItemFactory.create_batch(3)
    ItemFactory.create(variant_of=head, variant_name="Large", colour="moss")
    assert engine_for().values(read) == before
    assert found("moss") == [head.item_id]
