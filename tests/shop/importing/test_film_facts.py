"""What a film source answers, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shop.catalogue.models import Item
from shop.importing.film_facts import AnswerUnusable, FilmFacts, film_description, read_answer, write_facts
from tests.factories import ItemFactory


def test_everything_a_source_can_tell() -> None:
    answer = {
        "poster": " https://p.example/1.jpg ",
        "overview": "A hacker\x00 wakes.",
        "director": ["Lana W", "Lilly W"],
        "runtime": 136,
        "country": None,
        "cast": [],
        "budget": {"left": "out"},
    }
    assert read_answer(json.dumps(answer).encode()) == FilmFacts(
        poster="https://p.example/1.jpg",
        overview="A hacker wakes.",
        facts={"director": "Lana W, Lilly W", "runtime": "136"},
    )


@pytest.mark.parametrize("content", [b"{}", b'{"poster": null}', b'{"title": "other words"}', b'{"poster": ""}'])
def test_an_answer_that_tells_nothing(content: bytes) -> None:
    assert read_answer(content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b'{"poster": ',
        b"\xff\xfe\xfd",
        b"[" * 200_000,
        b"[]",
        b'"text"',
        b'{"poster": {"large": "x"}}',
        b'{"director": [["x"]]}',
        b'{"poster": true}',
        b'{"overview": "\\ud800"}',
    ],
)
def test_answers_that_cannot_be_used(content: bytes) -> None:
    with pytest.raises(AnswerUnusable):
        read_answer(content)


def test_a_text_beyond_measure_is_left_out() -> None:
    assert read_answer(json.dumps({"director": "x" * 301, "cast": "x" * 300}).encode()) == FilmFacts(
        facts={"cast": "x" * 300}
    )


def film(**fields: Any) -> Item:
    """A film as an import makes it."""
    plain = film_description(year="1999", genres=["Action", "Sci-Fi"])
    return ItemFactory.create(
        **{"title": "The Matrix (1999)", "description": plain, "tag": "Action", "tags": ["Action", "Sci-Fi"], **fields}
    )


FACTS = FilmFacts(overview="A hacker wakes.", facts={"director": "Lana W", "runtime": "136"})


@pytest.mark.django_db
def test_the_overview_goes_before_an_imported_description() -> None:
    item = film()
    assert write_facts(item, FACTS)
    item.refresh_from_db()
    assert item.description == "A hacker wakes.\n\nA film from 1999: action, sci-fi."
    assert item.attributes == {"director": "Lana W", "runtime": "136"}
    assert not write_facts(item, FACTS)


@pytest.mark.django_db
def test_what_staff_wrote_stays() -> None:
    item = film(description="Our favourite.", attributes={"director": "The sisters"})
    assert write_facts(item, FACTS)
    item.refresh_from_db()
    assert item.description == "Our favourite."
    assert item.attributes == {"director": "The sisters", "runtime": "136"}


@pytest.mark.django_db
def test_an_empty_description_becomes_the_overview() -> None:
    item = film(description="")
    write_facts(item, FACTS)
    assert Item.objects.get().description == "A hacker wakes."
    assert item.updated_at == Item.objects.get().updated_at
