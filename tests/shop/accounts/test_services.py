"""Accounts are made once, guests become shoppers, signing out leaves nothing behind."""

from __future__ import annotations

import threading
import time
import uuid
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, transaction

from shop.accounts import hooks
from shop.accounts.models import Shopper, User, shoppers_of
from shop.accounts.services import EmailTaken, account_create, sign_in, sign_out
from shop.accounts.visitors import VISITOR_COOKIE, read_key, register_personal_cookie, sign_key
from shop.actions.models import Action, Favourite
from shop.actions.services import favourite_add
from shop.cart.models import CartLine
from shop.cart.services import cart_add, cart_remove
from tests.concurrency import run_together
from tests.factories import ActionFactory, CartLineFactory, FavouriteFactory, ItemFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db


def guest_request(visit: Any, key: uuid.UUID) -> Any:
    request = visit(method="POST", cookies={VISITOR_COOKIE: sign_key(key)})
    request.session = SessionStore()
    return request


def test_an_account_comes_with_its_shopper() -> None:
    user = account_create(email="Ada@Example.com", password="correct horse")
    assert user.email == "ada@example.com"
    assert Shopper.objects.get(account=user).merged_into is None
    assert user.check_password("correct horse")


def test_a_taken_address_is_refused_in_any_case() -> None:
    UserFactory.create(email="ada@example.com")
    with pytest.raises(EmailTaken):
        account_create(email="ADA@example.com", password="correct horse")
    assert Shopper.objects.count() == 0


def test_the_database_refuses_capital_letters_in_addresses() -> None:
    with pytest.raises(IntegrityError, match="user_email_in_lower_case"):
        User.objects.bulk_create([User(email="Ada@example.com")])


def test_signing_in_makes_the_guests_things_the_accounts(visit: Any) -> None:
    user = UserFactory.create()
    account = ShopperFactory.create(account=user)
    guest = ShopperFactory.create()
    lamp, mug, rug = ItemFactory.create_batch(3)
    FavouriteFactory.create(shopper=guest, item=lamp)
    FavouriteFactory.create(shopper=guest, item=mug)
    FavouriteFactory.create(shopper=account, item=mug)
    CartLineFactory.create(shopper=guest, item=lamp, quantity=3)
    CartLineFactory.create(shopper=account, item=lamp, quantity=2)
    CartLineFactory.create(shopper=guest, item=mug, quantity=1)
    CartLineFactory.create(shopper=account, item=mug, quantity=5)
    CartLineFactory.create(shopper=guest, item=rug, quantity=4)
    action = ActionFactory.create(shopper=guest, item=lamp)

    request = guest_request(visit, guest.visitor_key)
    sign_in(request, user)

    guest.refresh_from_db()
    assert guest.merged_into == account
    assert {(row.shopper_id, row.item_id) for row in Favourite.objects.all()} == {
        (account.pk, lamp.pk),
        (account.pk, mug.pk),
    }
    assert {(row.shopper_id, row.item_id, row.quantity) for row in CartLine.objects.all()} == {
        (account.pk, lamp.pk, 3),
        (account.pk, mug.pk, 5),
        (account.pk, rug.pk, 4),
    }
    assert list(Action.objects.of(account)) == [action]
    action.refresh_from_db()
    assert action.shopper == guest, "the stream is not rewritten"
    assert request.visitor.shopper == account


def test_a_merge_is_whole_or_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    guest, account = ShopperFactory.create(), ShopperFactory.create(account=UserFactory.create())
    FavouriteFactory.create(shopper=guest)

    def fail(*, guest: Shopper, account: Shopper) -> None:
        raise RuntimeError

    monkeypatch.setattr(hooks, "_merge_handlers", [*hooks._merge_handlers, fail])
    with pytest.raises(RuntimeError):
        hooks.merge(guest=guest, account=account)
    guest.refresh_from_db()
    assert guest.merged_into is None
    assert Favourite.objects.get().shopper == guest


def test_a_guest_is_merged_once() -> None:
    guest, account = ShopperFactory.create(), ShopperFactory.create(account=UserFactory.create())
    other = ShopperFactory.create(account=UserFactory.create())
    assert hooks.merge(guest=guest, account=account)
    assert not hooks.merge(guest=guest, account=other)
    guest.refresh_from_db()
    assert guest.merged_into == account


def test_an_account_is_never_merged() -> None:
    account, other = ShopperFactory.create_batch(2, account=None)
    account.account = UserFactory.create()
    account.save()
    with pytest.raises(ValueError, match="has an account"):
        hooks.merge(guest=account, account=other)


def test_signing_in_retires_the_old_key_and_renews_the_session(visit: Any) -> None:
    guest = ShopperFactory.create()
    request = guest_request(visit, guest.visitor_key)
    request.session["seen"] = 1
    request.session.save()
    session_before = request.session.session_key
    sign_in(request, UserFactory.create())
    assert request.session.session_key != session_before
    assert read_key({VISITOR_COOKIE: request.answer().cookies[VISITOR_COOKIE].value}) not in {None, guest.visitor_key}


def test_a_key_without_a_row_is_merged_too_because_clicks_may_still_be_waiting(visit: Any) -> None:
    key = uuid.uuid4()
    user = UserFactory.create()
    sign_in(guest_request(visit, key), user)
    assert Shopper.objects.get(visitor_key=key).merged_into == Shopper.objects.get(account=user)


def test_signing_in_without_a_cookie_makes_no_guest(visit: Any) -> None:
    request = visit(method="POST")
    request.session = SessionStore()
    sign_in(request, UserFactory.create())
    assert Shopper.objects.count() == 1


def test_signing_out_changes_the_key_and_deletes_personal_cookies(visit: Any) -> None:
    register_personal_cookie("recent")
    key = uuid.uuid4()
    user = UserFactory.create()
    request = visit(method="POST", user=user, cookies={VISITOR_COOKIE: sign_key(key)})
    request.session = SessionStore()
    sign_out(request)
    assert isinstance(request.user, AnonymousUser)
    cookies = request.answer().cookies
    assert read_key({VISITOR_COOKIE: cookies[VISITOR_COOKIE].value}) not in {None, key}
    assert cookies["recent"].value == ""
    assert cookies["recent"]["max-age"] == 0


def test_shoppers_of_counts_former_guests_and_nobody_else() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    own = ActionFactory.create(shopper=account)
    earlier = ActionFactory.create(shopper=guest)
    ActionFactory.create()
    assert set(Action.objects.filter(shoppers_of(account))) == {own, earlier}


def test_forgetting_erases_what_every_room_holds() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    other = ShopperFactory.create()
    for shopper in (account, guest, other):
        ActionFactory.create(shopper=shopper)
        FavouriteFactory.create(shopper=shopper)
        CartLineFactory.create(shopper=shopper)
    hooks.forget(account)
    for model in (Action, Favourite, CartLine):
        assert [row.shopper for row in model.objects.all()] == [other]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_sign_ins_at_once_both_merge_without_the_guard() -> None:
    """Negative control: looking first and writing later lets both believe that they did it."""
    accounts = [ShopperFactory.create(account=UserFactory.create()) for _account in range(2)]
    guest = ShopperFactory.create()
    both_have_looked = threading.Barrier(2)

    def merge_unguarded(account: Shopper) -> bool:
        free = Shopper.objects.get(pk=guest.pk).merged_into_id is None
        both_have_looked.wait(timeout=20)
        return free and bool(Shopper.objects.filter(pk=guest.pk).update(merged_into=account))

    assert run_together(*(partial(merge_unguarded, account) for account in accounts)) == [True, True]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_sign_ins_at_once_merge_once() -> None:
    accounts = [ShopperFactory.create(account=UserFactory.create()) for _account in range(2)]
    for _round in range(5):
        guest = ShopperFactory.create()
        won = run_together(*(partial(hooks.merge, guest=guest, account=account) for account in accounts))
        assert sorted(won) == [False, True]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_what_the_account_gets_during_the_sign_in_is_merged_too() -> None:
    """Another browser of the account saves, at this moment, what the guest has saved as well."""
    account, guest = ShopperFactory.create(account=UserFactory.create()), ShopperFactory.create()
    item, has_added = ItemFactory.create(), threading.Event()
    FavouriteFactory.create(shopper=guest, item=item)
    CartLineFactory.create(shopper=guest, item=item, quantity=2)

    def add_slowly() -> None:
        with transaction.atomic():
            favourite_add(shopper=account, item=item)
            cart_add(shopper=account, item=item)
            has_added.set()
            time.sleep(0.5)

    def merge() -> bool:
        has_added.wait(timeout=20)
        return hooks.merge(guest=guest, account=account)

    assert run_together(add_slowly, merge) == [None, True]
    assert [favourite.shopper for favourite in Favourite.objects.all()] == [account]
    assert list(CartLine.objects.values_list("shopper", "quantity")) == [(account.pk, 2)]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_what_leaves_the_accounts_cart_during_the_sign_in_does_not_stop_it() -> None:
    account, guest = ShopperFactory.create(account=UserFactory.create()), ShopperFactory.create()
    item, has_removed = ItemFactory.create(), threading.Event()
    CartLineFactory.create(shopper=guest, item=item, quantity=2)
    CartLineFactory.create(shopper=account, item=item, quantity=1)

    def remove_slowly() -> None:
        with transaction.atomic():
            cart_remove(shopper=account, item=item)
            has_removed.set()
            time.sleep(0.5)

    def merge() -> bool:
        has_removed.wait(timeout=20)
        return hooks.merge(guest=guest, account=account)

    assert run_together(remove_slowly, merge) == [None, True]
    assert list(CartLine.objects.values_list("shopper", "quantity")) == [(account.pk, 2)]


def test_a_merge_that_cannot_be_done_twice_over_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[bool] = []

    def fail(*, guest: Shopper, account: Shopper) -> None:
        tries.append(Shopper.objects.get(pk=guest.pk).merged_into == account)
        raise IntegrityError

    monkeypatch.setattr(hooks, "_merge_handlers", [fail])
    guest, account = ShopperFactory.create(), ShopperFactory.create(account=UserFactory.create())
    with pytest.raises(IntegrityError):
        hooks.merge(guest=guest, account=account)
    assert tries == [True, True], "begun anew, each time with the guest claimed"
    assert Shopper.objects.get(pk=guest.pk).merged_into is None
