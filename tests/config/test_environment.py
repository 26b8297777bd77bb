"""Environment variables: what is read, and the one line a malformed one gives."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config import environment
from config.environment import MalformedVariable

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("TRUE", True), (" on ", True), ("0", False), ("no", False), ("", False)]
)
def test_flag_words(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:  # noqa: FBT001
    monkeypatch.setenv("DEBUG", value)
    assert environment.read_flag("DEBUG", default=True) is expected


def test_absent_flag_gives_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEBUG", raising=False)
    assert environment.read_flag("DEBUG", default=True) is True


@pytest.mark.parametrize(
    ("name", "value", "read", "cure"),
    [
        ("DEBUG", "maybe", lambda: environment.read_flag("DEBUG", default=False), "set it to 1 or 0"),
        (
            "PORT",
            "80a",
            lambda: environment.read_whole_number("PORT", default=1, lowest=1, highest=65535),
            "whole number from 1 to 65535",
        ),
        (
            "PORT",
            "70000",
            lambda: environment.read_whole_number("PORT", default=1, lowest=1, highest=65535),
            "whole number from 1 to 65535",
        ),
        (
            "PAYMENT_PROVIDER",
            "gold",
            lambda: environment.read_provider("PAYMENT_PROVIDER", default="none", choices=("none", "dummy")),
            "none, dummy",
        ),
        (
            "PAYMENT_PROVIDER",
            "till..Provider",
            lambda: environment.read_provider("PAYMENT_PROVIDER", default="none", choices=("none", "dummy")),
            "dotted path",
        ),
        ("TAX_RATE", "19%", lambda: environment.read_amount("TAX_RATE", default="0", highest=100), "from 0 to 100"),
        ("TAX_RATE", "100.01", lambda: environment.read_amount("TAX_RATE", default="0", highest=100), "from 0 to 100"),
        (
            "SHIPPING_FREE_FROM",
            "-1",
            lambda: environment.read_amount("SHIPPING_FREE_FROM", default="0"),
            "such as 4.90",
        ),
        ("SHIPPING_STANDARD_DAYS", "4-2", lambda: environment.read_span("SHIPPING_STANDARD_DAYS", default="1"), "2-4"),
        ("SITE_URL", "shop", lambda: environment.read_web_address("SITE_URL", default=""), "https://shop.example"),
        ("CURRENCY", "euro", lambda: environment.read_currency("CURRENCY", default="EUR"), "three-letter"),
        (
            "DATABASE_URL",
            "mysql://x",
            lambda: environment.read_database("DATABASE_URL", default="sqlite:///x"),
            "sqlite:///path",
        ),
        ("REDIS_URL", "localhost", lambda: environment.read_redis("REDIS_URL"), "redis://host:6379/0"),
        ("EMAIL_URL", "pigeon://", lambda: environment.read_email("EMAIL_URL", default=""), "smtp+tls://"),
    ],
)
def test_malformed_variable_names_itself_and_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: Callable[[], object], cure: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(MalformedVariable) as caught:
        read()
    message = str(caught.value)
    assert name in message
    assert value in message
    assert cure in message
    assert "\n" not in message


def test_a_password_never_reaches_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://anna:secret@host/shop")
    with pytest.raises(MalformedVariable) as caught:
        environment.read_database("DATABASE_URL", default="")
    assert "secret" not in str(caught.value)


def test_a_file_where_a_folder_belongs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("MEDIA_ROOT", str(file))
    with pytest.raises(MalformedVariable, match="set it to a folder"):
        environment.read_folder("MEDIA_ROOT", default=tmp_path)


def test_secret_key_is_generated_once_and_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    place = tmp_path / "var" / "secret_key"
    first = environment.read_secret_key("SECRET_KEY", stored_in=place)
    assert environment.read_secret_key("SECRET_KEY", stored_in=place) == first
    assert len(first) >= 50
    assert place.stat().st_mode & 0o077 == 0
    assert [file.name for file in place.parent.iterdir()] == ["secret_key"]


def test_manage_prints_one_line_for_a_malformed_variable() -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | {"PORT": "many"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.strip().splitlines() == [
        "Environment variable PORT='many' cannot be used: set it to a whole number from 1 to 65535."
    ]


def test_amounts_and_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIPPING_FREE_FROM", "49.9")
    assert str(environment.read_amount("SHIPPING_FREE_FROM", default="0")) == "49.90"
    monkeypatch.setenv("SHIPPING_STANDARD_DAYS", "3-5")
    assert environment.read_span("SHIPPING_STANDARD_DAYS", default="1") == (3, 5)
    monkeypatch.setenv("SHIPPING_STANDARD_DAYS", "3")
    assert environment.read_span("SHIPPING_STANDARD_DAYS", default="1") == (3, 3)


def test_a_provider_of_the_owners_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "till.payments.Provider")
    found = environment.read_provider("PAYMENT_PROVIDER", default="none", choices=("none", "dummy"))
    assert found == "till.payments.Provider"
