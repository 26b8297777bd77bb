"""Marked words; and that nothing typed or written becomes HTML."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from shop.search.highlighting import Marker, snippet
from shop.search.words import parse


def marked(typed: str, text: str) -> str:
    return Marker(parse(typed)).marked(text)


@pytest.mark.parametrize(
    ("typed", "text", "wanted"),
    [
        ("mug", "Blue Mug", "Blue <mark>Mug</mark>"),
        ("mugs", "Blue mug", "Blue <mark>mug</mark>"),
        ("mug", "Two mugs", "Two <mark>mugs</mark>"),
        ("striped", "A stripe", "A <mark>stripe</mark>"),
        ("glass", "Glasses", "<mark>Glasses</mark>"),
        ("tea", "Teapot", "<mark>Teapot</mark>"),  # the last word may be a beginning
        ("tea mug", "Teapot mug", "Teapot <mark>mug</mark>"),
        ("cat rug", "Category rug", "Category <mark>rug</mark>"),
        ("tshirt", "Dotted T-shirt", "Dotted <mark>T-shirt</mark>"),
        ("t-shirt", "Tshirt", "<mark>Tshirt</mark>"),
        ("cafe", "Café", "<mark>Café</mark>"),
        ("蓝色", "天蓝色杯", "天<mark>蓝色</mark>杯"),
        ("蓝色茶壶", "蓝色的茶壶", "<mark>蓝色</mark>的<mark>茶壶</mark>"),
        ("mug", "<b>mug</b> & 'x'", "&lt;b&gt;<mark>mug</mark>&lt;/b&gt; &amp; &#x27;x&#x27;"),
        ("<script>", "<script>alert(1)</script>", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
        ("amp", "a & b", "a &amp; b"),
        ("", "mug", "mug"),
    ],
)
def test_words_are_marked(typed: str, text: str, wanted: str) -> None:
    assert marked(typed, text) == wanted


@given(st.text(max_size=20), st.text(max_size=60))
def test_marks_are_the_only_markup(typed: str, text: str) -> None:
    without = marked(typed, text).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in without
    assert ">" not in without


LONG = "Thrown on the wheel, so no two rims are alike. " * 3 + "Glazed in moss. " + "It holds what you need. " * 5


def test_a_snippet_shows_what_the_name_does_not() -> None:
    found = snippet(Marker(parse("moss mug")), LONG, known="Galke mug")
    assert "Glazed in <mark>moss</mark>." in found
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert isinstance(found, SafeString)


def test_a_snippet_is_not_needed_where_the_name_says_it_all() -> None:
    assert snippet(Marker(parse("moss mug")), LONG, known="Mug in moss") == ""
    assert snippet(Marker(parse("xylophone")), LONG, known="Mug") == ""


def test_a_snippet_of_a_short_text_is_the_text() -> None:
    assert snippet(Marker(parse("clay")), "Made of <clay>.", known="Mug") == "Made of &lt;<mark>clay</mark>&gt;."


def test_chinese_is_cut_anywhere() -> None:
    found = snippet(Marker(parse("炻器")), "手工拉坯，" * 30 + "采用炻器。" + "适合喝茶，" * 30, known="杯")
    assert "采用<mark>炻器</mark>" in found
    assert len(found) < 160
