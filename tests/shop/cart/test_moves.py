"""Numbers are read with care, and the undo stands where the line stood."""

from __future__ import annotations

import pytest

from shop.cart.moves import Move, Moved, whole_number, woven
from tests.factories import ItemFactory


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        (" 7 ", 7),
        ("99", 99),
        ("0", None),
        ("100", None),
        ("", None),
        ("-1", None),
        ("1.0", None),
        ("²", None),
        ("１", None),
        ("9" * 5000, None),
    ],
)
def test_a_whole_number_within_its_bounds(text: str, number: int | None) -> None:
    assert whole_number(text, lowest=1, highest=99) == number


@pytest.mark.parametrize(("place", "row"), [(0, 0), (1, 1), (2, 2), (99, 2)])
def test_the_undo_stands_where_the_line_stood(place: int, row: int) -> None:
    moved = Moved(move=Move.KEPT, item=ItemFactory.build(), quantity=1, place=place)
    rows = woven(["mug", "lamp"], moved)
    assert rows.index(moved) == row
    assert [one for one in rows if one is not moved] == ["mug", "lamp"]
    assert woven(["mug"], None) == ["mug"]


@pytest.mark.parametrize(
    ("move", "stock", "undone"),
    [(Move.REMOVED, 0, False), (Move.DROPPED, 0, False), (Move.KEPT, 0, True), (Move.REMOVED, 1, True)],
)
def test_what_cannot_be_bought_goes_back_nowhere(move: Move, stock: int, *, undone: bool) -> None:
    assert Moved(move=move, item=ItemFactory.build(stock=stock), quantity=1).can_be_undone is undone


def test_an_address_holds_any_id() -> None:
    moved = Moved(move=Move.REMOVED, item=ItemFactory.build(item_id="a/b&c 杯"), quantity=2, place=3)
    assert moved.address() == "/cart/?removed=a%2Fb%26c+%E6%9D%AF&quantity=2&place=3#moved"
