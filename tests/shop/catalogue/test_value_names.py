"""Colours, materials and properties in other languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from shop.catalogue import value_names
from shop.catalogue.value_names import register_value_names, value_name
from shop.storefront.templatetags import storefront as tags


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_names, "_names", {})
    register_value_names("zh-hans", {"Signal yellow": "明黄色"})


@pytest.mark.parametrize(
    ("language", "value", "name"),
    [
        ("zh-hans", "signal yellow", "明黄色"),
        ("zh-hans", "Signal Yellow", "明黄色"),
        ("zh-hans", "Unheard of", "Unheard of"),
        ("zh-hans", "", ""),
        ("en", "signal yellow", "signal yellow"),
    ],
)
def test_a_value_has_its_name_in_the_language_of_the_page(language: str, value: str, name: str) -> None:
    with translation.override(language):
        assert value_name(value) == name
        assert tags.value_name(value) == name


def test_what_is_registered_first_stays() -> None:
    register_value_names("zh-hans", {"signal yellow": "亮黄色"})
    with translation.override("zh-hans"):
        assert value_name("signal yellow") == "明黄色"
