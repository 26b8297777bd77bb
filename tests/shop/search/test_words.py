"""What is read out of what was typed, and how texts go into the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.search.words import LONGEST, MOST_TERMS, Term, parse, search_text


def tokens(typed: str) -> list[tuple[str, ...]]:
    return [term.tokens for term in parse(typed).terms]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Blue  MUG", [("blue",), ("mug",)]),
        ("T-shirt", [("t", "shirt")]),
        ("Café", [("cafe",)]),
        ("ｍｕｇ", [("mug",)]),
        ("蓝色", [("蓝", "色")]),
        ("蓝色mug茶壶", [("蓝", "色"), ("mug",), ("茶", "壶")]),
        ("蓝色，茶壶", [("蓝", "色"), ("茶", "壶")]),
        ("mug mug", [("mug",)]),
        ("42", [("42",)]),
        ('"mug" AND (rug*) -vase NEAR/2', [("mug",), ("and",), ("rug",), ("vase",), ("near", "2")]),
        ("", []),
        ("  \t\n", []),
        ("\x00", []),
        ("🫖", []),
        ('"*^:(){}-', []),
    ],
)
def test_what_was_typed_is_words_and_never_syntax(typed: str, wanted: list[tuple[str, ...]]) -> None:
    assert tokens(typed) == wanted


def test_control_characters_end_words() -> None:
    assert parse("blue\x00mug").text == "blue mug"


def test_too_much_is_cut_off() -> None:
    assert len(parse("a" * 10_000).text) == LONGEST
    assert len(parse(" ".join(f"w{number}" for number in range(50))).terms) == MOST_TERMS


def test_long_runs_of_signs_fall_apart_into_pairs() -> None:
    assert [piece.text for piece in Term(tuple("蓝色茶壶"), signs=True).pieces()] == ["蓝色", "色茶", "茶壶"]
    assert [piece.text for piece in Term(("blue",)).pieces()] == ["blue"]


@pytest.mark.parametrize(
    ("typed", "changes", "wanted"),
    [
        ("blue teapto", {"teapto": "teapot"}, "blue teapot"),
        ("Teapto!", {"teapto": "teapot"}, "teapot!"),
        ("蓝色 teapto", {"teapto": "teapot"}, "蓝色 teapot"),
        ("blue mug", {}, "blue mug"),
    ],
)
def test_only_the_wrong_word_is_replaced(typed: str, changes: dict[str, str], wanted: str) -> None:
    assert parse(typed).with_words(changes).text == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Poptorp MUG", "poptorp mug"),
        ("蓝色mug", "蓝 色 mug"),
        ("T-shirt in clay", "t-shirt in clay tshirt"),
        ("Levi's", "levi's levis"),
        ("Crème", "creme"),
        ("", ""),
        (None, ""),
    ],
)
def test_how_texts_are_indexed(text: str | None, wanted: str) -> None:
    assert search_text(text).split() == wanted.split()


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    phrase = parse(typed)
    assert all(token and token == token.strip() for term in phrase.terms for token in term.tokens)
    assert parse(phrase.text).terms == phrase.terms


@given(st.text(max_size=60))
def test_every_word_of_a_text_is_in_the_index_as_it_would_be_asked_for(text: str) -> None:
    indexed = set(parse(search_text(text)[:LONGEST]).tokens)
    asked = set(parse(text).tokens)
    if len(search_text(text)) <= LONGEST and len(parse(text).terms) < MOST_TERMS and len(indexed) < MOST_TERMS:
        assert asked <= indexed
