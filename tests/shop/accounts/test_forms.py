"""Signing in and up by form, and what guessing passwords leads to."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from shop.accounts.forms import SignInForm, SignUpForm
from shop.accounts.models import User
from shop.accounts.throttle import FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS, TAKEN_PER_MACHINE
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sign_in_form(visit: Any, email: str, password: str) -> SignInForm:
    return SignInForm(visit(method="POST"), data={"username": email, "password": password})


def codes(form: Any, field: str = "__all__") -> list[str]:
    return [error.code for error in form.errors.as_data().get(field, [])]


def test_the_address_may_be_typed_in_any_case(visit: Any) -> None:
    user = UserFactory.create(email="ada@example.com")
    form = sign_in_form(visit, " Ada@Example.com", "correct horse")
    assert form.is_valid()
    assert form.get_user() == user


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", "correct horse")])
def test_a_wrong_password_and_an_unknown_address_look_the_same(visit: Any, email: str, password: str) -> None:
    UserFactory.create(email="ada@example.com")
    form = sign_in_form(visit, email, password)
    assert not form.is_valid()
    assert codes(form) == ["invalid_login"]


def test_a_closed_account_cannot_sign_in(visit: Any) -> None:
    UserFactory.create(email="ada@example.com", is_active=False)
    assert not sign_in_form(visit, "ada@example.com", "correct horse").is_valid()


def test_after_too_many_failures_even_the_right_password_waits(visit: Any) -> None:
    UserFactory.create(email="ada@example.com")
    for _attempt in range(FAILURES_PER_ACCOUNT):
        assert codes(sign_in_form(visit, "ada@example.com", "wrong")) == ["invalid_login"]
    assert codes(sign_in_form(visit, "ADA@example.com", "correct horse")) == ["too_many"]


def test_one_failure_less_still_lets_in_and_success_forgets(visit: Any) -> None:
    UserFactory.create(email="ada@example.com")
    for _round in range(2):
        for _attempt in range(FAILURES_PER_ACCOUNT - 1):
            sign_in_form(visit, "ada@example.com", "wrong").is_valid()
        assert sign_in_form(visit, "ada@example.com", "correct horse").is_valid()


def test_another_account_is_not_locked_along(visit: Any) -> None:
    UserFactory.create(email="ada@example.com")
    for _attempt in range(FAILURES_PER_ACCOUNT):
        sign_in_form(visit, "eve@example.com", "wrong").is_valid()
    assert sign_in_form(visit, "ada@example.com", "correct horse").is_valid()


def test_one_machine_cannot_walk_through_many_accounts(visit: Any) -> None:
    UserFactory.create(email="ada@example.com")
    for number in range(FAILURES_PER_ADDRESS):
        sign_in_form(visit, f"person-{number}@example.com", "wrong").is_valid()
    assert codes(sign_in_form(visit, "ada@example.com", "correct horse")) == ["too_many"]


def test_failures_are_forgotten_with_the_window(visit: Any) -> None:
    UserFactory.create(email="ada@example.com")
    for _attempt in range(FAILURES_PER_ACCOUNT):
        sign_in_form(visit, "ada@example.com", "wrong").is_valid()
    cache.clear()
    assert sign_in_form(visit, "ada@example.com", "correct horse").is_valid()


def test_signing_up_makes_an_account() -> None:
    form = SignUpForm(data={"email": "Ada@example.com", "password": "blue kettle lane"})
    assert form.is_valid()
    user = form.save()
    assert user is not None
    assert user.email == "ada@example.com"


@pytest.mark.parametrize(
    ("email", "password", "field", "code"),
    [
        ("ada@example.com", "short", "password", "password_too_short"),
        ("ada@example.com", "password123", "password", "password_too_common"),
        ("ada@example.com", "92837465102", "password", "password_entirely_numeric"),
        ("ada.lovelace@example.com", "ada.lovelace@example", "password", "password_too_similar"),
        ("ada", "blue kettle lane", "email", "invalid"),
        ("TAKEN@example.com", "blue kettle lane", "email", "taken"),
    ],
)
def test_what_signing_up_refuses(email: str, password: str, field: str, code: str) -> None:
    UserFactory.create(email="taken@example.com")
    form = SignUpForm(data={"email": email, "password": password})
    assert not form.is_valid()
    assert code in codes(form, field)


def test_whoever_is_slower_with_an_address_is_told() -> None:
    form = SignUpForm(data={"email": "ada@example.com", "password": "blue kettle lane"})
    assert form.is_valid()
    UserFactory.create(email="ada@example.com")
    assert form.save() is None
    assert codes(form, "email") == ["taken"]
    assert User.objects.count() == 1


def test_nobody_walks_through_addresses_to_see_which_are_taken(visit: Any) -> None:
    UserFactory.create(email="taken@example.com")
    request = visit(method="POST")
    fields = {"email": "taken@example.com", "password": "a long enough phrase"}
    for _time in range(TAKEN_PER_MACHINE):
        assert SignUpForm(fields, request=request).errors["email"] == [
            "There is an account with this e-mail address already."
        ]
    for email in ("taken@example.com", "free@example.com"):
        form = SignUpForm(fields | {"email": email}, request=request)
        assert codes(form, "email") == ["too_many"], "both alike, or the refusal would be the answer"
    cache.clear()
    assert SignUpForm(fields | {"email": "free@example.com"}, request=request).is_valid()
