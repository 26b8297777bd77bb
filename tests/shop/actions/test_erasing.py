"""What a shopper erases is out of the stream, and out of what any of their browsers remembers."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core import signing
from django.utils import timezone

from shop.accounts.forgetting import erasures_of, shopper_forget
from shop.accounts.visitors import CONSENT_COOKIE, PERSONALISED_COOKIE, VISITOR_COOKIE, sign_key
from shop.actions import clicks
from shop.actions.clicks import Click, buffer, click_record, clicks_write
from shop.actions.erasing import action_erase, actions_erase, actions_of
from shop.actions.history import RECENT_COOKIE, RECENT_SALT, clicks_unremember, history_of, recent_clicks
from shop.actions.models import Action, Kind
from tests.concurrency import run_together
from tests.factories import ActionFactory, FavouriteFactory, ItemFactory, ShopperFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def browser_of(shopper: Any, *points: tuple[str, int]) -> dict[str, str]:
    """The cookies of one of the shopper's browsers, which remembers clicks so many seconds ago."""
    now = int(timezone.now().timestamp())
    entries = [[item_id, now - seconds] for item_id, seconds in points]
    recent = signing.dumps(entries, salt=RECENT_SALT, compress=True)
    return {VISITOR_COOKIE: sign_key(shopper.visitor_key), RECENT_COOKIE: recent}


def clicked(shopper: Any, item_id: str, seconds_ago: int) -> Action:
    time = timezone.now().replace(microsecond=0) - timedelta(seconds=seconds_ago)
    action: Action = ActionFactory.create(shopper=shopper, item=ItemFactory.create(item_id=item_id), time=time)
    return action


def test_everything_recorded_is_shown_the_latest_first() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    first = ActionFactory.create(shopper=guest)
    second = ActionFactory.create(shopper=account, undone_at=timezone.now())
    ActionFactory.create()
    assert list(actions_of(account)) == [second, first]
    assert list(actions_of(None)) == []


def test_one_action_is_erased_and_favourites_stay() -> None:
    favourite = FavouriteFactory.create()
    shopper, item = favourite.shopper, favourite.item
    gone = ActionFactory.create(shopper=shopper, item=item, kind=Kind.FAVOURITE)
    stays = ActionFactory.create(shopper=shopper)
    assert action_erase(shopper=shopper, key=gone.pk) == item.item_id
    assert list(Action.objects.all()) == [stays]
    favourite.refresh_from_db()


def test_somebody_elses_action_is_not_erased() -> None:
    action = ActionFactory.create()
    assert action_erase(shopper=ShopperFactory.create(), key=action.pk) is None
    assert Action.objects.get() == action


def test_all_actions_are_erased_those_from_before_signing_in_too() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    ActionFactory.create(shopper=ShopperFactory.create(merged_into=account))
    ActionFactory.create(shopper=account)
    other = ActionFactory.create()
    assert actions_erase(shopper=account) == 2
    assert list(Action.objects.all()) == [other]


def test_clicks_that_wait_to_be_written_are_erased_too(visit: Any) -> None:
    shopper = ShopperFactory.create()
    click_record(visit(cookies=browser_of(shopper)), ItemFactory.create())
    actions_erase(shopper=shopper)
    buffer.flush()
    assert not Action.objects.exists()
    later = Click(visitor_key=shopper.visitor_key, account=None, item=ItemFactory.create().pk, time=timezone.now())
    assert clicks_write([later]) == 1


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("erase", [lambda shopper: actions_erase(shopper=shopper), shopper_forget])
@pytest.mark.parametrize("signed_in", [False, True])
def test_clicks_that_are_being_written_are_erased_too(
    monkeypatch: pytest.MonkeyPatch, erase: Callable[[Any], Any], *, signed_in: bool
) -> None:
    account = UserFactory.create() if signed_in else None
    shopper, item = ShopperFactory.create(account=account), ItemFactory.create()
    has_asked = threading.Event()

    def ask_and_dawdle(subjects: Any) -> Any:
        erased = erasures_of(subjects)
        has_asked.set()
        time.sleep(0.5)
        return erased

    def erase_meanwhile() -> None:
        has_asked.wait(timeout=20)
        erase(shopper)

    monkeypatch.setattr(clicks, "erasures_of", ask_and_dawdle)
    click = Click(
        visitor_key=shopper.visitor_key, account=account.pk if account else None, item=item.pk, time=timezone.now()
    )
    written, failed = run_together(partial(clicks_write, [click]), erase_meanwhile)
    assert (written, failed) == (1, None)
    assert not Action.objects.exists()


def test_another_browser_does_not_know_of_it_any_more(visit: Any) -> None:
    shopper = ShopperFactory.create()
    gone, stays = clicked(shopper, "gone", 60), clicked(shopper, "stays", 50)
    cookies = browser_of(shopper, ("gone", 60), ("stays", 50))
    before = visit(cookies=cookies)
    assert [point.item_id for point in recent_clicks(before)] == ["gone", "stays"]
    action_erase(shopper=shopper, key=gone.pk)
    after = visit(cookies=cookies)
    assert [point.item_id for point in recent_clicks(after)] == ["stays"]
    assert [point.item_id for point in history_of(after)] == [stays.item.item_id]


def test_what_comes_after_an_erasure_counts_before_it_is_written(visit: Any) -> None:
    shopper = ShopperFactory.create()
    clicked(shopper, "gone", 60)
    actions_erase(shopper=shopper)
    cookies = browser_of(shopper, ("gone", 60), ("new", -5))
    assert [point.item_id for point in recent_clicks(visit(cookies=cookies))] == ["new"]
    assert [point.item_id for point in history_of(visit(cookies=cookies))] == ["new"]


def test_only_those_who_erased_something_cost_a_query(visit: Any, django_assert_num_queries: Any) -> None:
    shopper = ShopperFactory.create()
    cookies = browser_of(shopper, ("one", 60))
    with django_assert_num_queries(1):
        recent_clicks(visit(cookies=cookies))
    actions_erase(shopper=shopper)
    with django_assert_num_queries(2):
        recent_clicks(visit(cookies=cookies))


def test_the_browser_at_hand_forgets_the_item(visit: Any) -> None:
    shopper = ShopperFactory.create()
    request = visit(cookies=browser_of(shopper, ("gone", 60), ("stays", 50)))
    clicks_unremember(request, "gone")
    cookie = request.answer().cookies[RECENT_COOKIE].value
    assert [point.item_id for point in recent_clicks(visit(cookies={RECENT_COOKIE: cookie}))] == ["stays"]
    request = visit(cookies=browser_of(shopper, ("gone", 60)))
    clicks_unremember(request, "gone")
    assert request.answer().cookies[RECENT_COOKIE].value == ""


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [({"Sec-GPC": "1"}, {}), ({}, {CONSENT_COOKIE: "no"}), ({}, {PERSONALISED_COOKIE: "off"})],
    ids=["signal", "no", "off"],
)
def test_no_history_is_used_of_those_who_do_not_want_it(
    visit: Any, headers: dict[str, str], cookies: dict[str, str]
) -> None:
    shopper = ShopperFactory.create()
    clicked(shopper, "lamp", 60)
    known = browser_of(shopper, ("lamp", 60), ("mug", 10))
    assert len(history_of(visit(cookies=known))) == 2
    request = visit(cookies=known | cookies, headers=headers)
    assert history_of(request) == []
    assert recent_clicks(request) == []


def test_where_shelves_are_the_same_for_all_the_browser_remembers_nothing(visit: Any) -> None:
    request = visit(cookies={VISITOR_COOKIE: sign_key(uuid.uuid4()), PERSONALISED_COOKIE: "off"})
    assert click_record(request, ItemFactory.create())
    assert RECENT_COOKIE not in request.answer().cookies
    assert len(buffer) == 1, "the shop still learns from it"
