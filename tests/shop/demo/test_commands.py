"""The commands ``demo`` and ``simulate_shoppers``: their options, reports and refusals."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from shop.accounts.models import Shopper
from shop.actions.models import Action
from shop.catalogue.models import Item
from shop.demo import gallery
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("small_pictures")
def test_demo_opens_twice_and_clears() -> None:
    first = run("demo", "--items", "3", "--shoppers", "4")
    assert "3 demonstration items: 6 pictures painted." in first
    assert "4 simulated shoppers" in first
    assert "all painted before" in run("demo", "--items", "3", "--shoppers", "4")
    assert (Item.objects.count(), Shopper.objects.count()) == (3, 4)
    assert "Removed 3 demonstration items and 4 simulated shoppers." in run("demo", "--clear")
    assert (Item.objects.count(), Shopper.objects.count(), Action.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("small_pictures")
def test_demo_without_shoppers() -> None:
    assert "simulated" not in run("demo", "--items", "1", "--shoppers", "0")
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("demo", "--items", "0"), "--items must be from 1 to 5,000, not 0."),
        (("demo", "--items", "5001"), "--items must be from 1 to 5,000, not 5,001."),
        (("demo", "--shoppers", "-1"), "--shoppers must be 0 or more, not -1."),
        (("demo", "--seed", "-1"), "--seed must be 0 or more, not -1."),
        (("simulate_shoppers", "--shoppers", "0"), "--shoppers must be from 1 to 100,000, not 0."),
        (("simulate_shoppers", "--days", "0"), "--days must be from 1 to 3,650, not 0."),
        (("simulate_shoppers", "--seed", "-2"), "--seed must be 0 or more, not -2."),
        (("simulate_shoppers",), "There are no published items"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        run(*arguments)


def test_demo_refuses_an_id_that_is_taken() -> None:
    ItemFactory.create(item_id="mug-001")
    with pytest.raises(CommandError, match="mug-001"):
        run("demo", "--items", "1")


def test_ctrl_c_ends_with_a_line_and_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(gallery, "paint_all", interrupted)
    with pytest.raises(CommandError, match=r"Stopped\. Nothing was changed\.") as stopped:
        run("demo", "--items", "1")
    assert stopped.value.returncode == 130
    assert not Item.objects.exists()


def test_simulate_shoppers_over_any_catalogue() -> None:
    ItemFactory.create_batch(6)
    assert "7 simulated shoppers, " in run("simulate_shoppers", "--shoppers", "7", "--days", "5")
    assert Shopper.objects.filter(simulated=True).count() == 7
