"""Play money does not get through the deployment check."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks


@pytest.mark.parametrize(("provider", "found"), [("dummy", True), ("none", False)])
def test_the_deployment_check_refuses_play_money(settings: Any, provider: str, *, found: bool) -> None:
    settings.PAYMENT_PROVIDER = provider
    messages = run_checks(tags=["security"], include_deployment_checks=True)
    assert ("orders.E001" in {message.id for message in messages}) is found


def test_other_checks_do_not_mind(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "dummy"
    assert "orders.E001" not in {message.id for message in run_checks()}
