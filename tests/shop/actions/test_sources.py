"""What a browser says about where it came from is believed only as far as it can be true."""

from __future__ import annotations

from typing import Any

import pytest

from shop.actions import hooks
from shop.actions.sources import ActionSource, source_of


@pytest.fixture(autouse=True)
def version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_source_versions", [lambda: "b7"])


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("", ActionSource()),
        ("?from=similar&at=3", ActionSource(panel="similar", position=3, bundle="b7")),
        ("?from=similar", ActionSource(panel="similar", bundle="b7")),
        ("?from=search&at=0", ActionSource(panel="search", position=0)),
        ("?from=nonsense&at=3", ActionSource()),
        ("?from=<script>&at=3", ActionSource()),
        ("?at=3", ActionSource()),
        ("?from=similar&at=-1", ActionSource(panel="similar", bundle="b7")),
        ("?from=similar&at=1000", ActionSource(panel="similar", bundle="b7")),
        ("?from=similar&at=%C2%B2", ActionSource(panel="similar", bundle="b7")),
        ("?from=similar&at=three", ActionSource(panel="similar", bundle="b7")),
    ],
)
def test_source_in_the_address(visit: Any, query: str, source: ActionSource) -> None:
    assert source_of(visit(f"/items/1/{query}")) == source


def test_source_in_a_form(visit: Any) -> None:
    request = visit(method="POST", data={"from": "also_liked", "at": "2"})
    assert source_of(request) == ActionSource(panel="also_liked", position=2, bundle="b7")


def test_a_visitor_who_may_not_be_recorded_is_marked(visit: Any) -> None:
    assert source_of(visit("/?from=similar", headers={"Sec-GPC": "1"})).recorded is False


def test_without_anybody_who_knows_the_version_is_empty(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_source_versions", [])
    assert source_of(visit("/?from=similar")).bundle == ""


def test_the_last_one_to_register_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_source_versions", [])
    hooks.register_source_version(lambda: "old")
    hooks.register_source_version(lambda: "new")
    assert hooks.source_version() == "new"
