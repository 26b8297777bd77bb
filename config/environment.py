"""Reads the environment variables of the project, with errors an owner can act on.

Every reader returns a plain Python value. A malformed variable raises
``MalformedVariable`` with one line that names the variable, what it holds and
the cure; ``manage.py`` prints that line alone, without a traceback.
"""

import os
import re
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"", "0", "false", "no", "off"})
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
EMAIL_SCHEMES = ("smtp", "smtp+tls", "smtps", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")


class MalformedVariable(ImproperlyConfigured):
    """An environment variable holds something the shop cannot use."""

    def __init__(self, name: str, value: str, cure: str) -> None:
        super().__init__(f"Environment variable {name}={value!r} cannot be used: {cure}.")


def read_text(name: str, default: str) -> str:
    """The variable's text, or ``default`` where it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def read_flag(name: str, *, default: bool) -> bool:
    """A yes/no variable: 1/0, true/false, yes/no, on/off in any case."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise MalformedVariable(name, value, "set it to 1 or 0")


def read_whole_number(name: str, *, default: int, lowest: int, highest: int) -> int:
    """A whole number within ``lowest`` … ``highest``, both included."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
        raise MalformedVariable(name, value, f"set it to a whole number from {lowest} to {highest}")
    return int(value)


def read_amount(name: str, *, default: str, highest: int = 1_000_000) -> Decimal:
    """A number from 0 to ``highest`` with at most two decimals, such as a price or a percentage."""
    value = read_text(name, default)
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", value) or Decimal(value) > highest:
        raise MalformedVariable(name, value, f"set it to a number from 0 to {highest}, such as 4.90")
    return Decimal(value).quantize(Decimal("0.01"))


def read_span(name: str, *, default: str) -> tuple[int, int]:
    """Two whole numbers such as ``2-4``, the lower first; one alone stands for both."""
    value = read_text(name, default)
    found = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", value)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise MalformedVariable(name, value, "set it to a number of days, or to two such as 2-4")
    return int(found[1]), int(found[2] or found[1])


def read_provider(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``, or the dotted path of a class of the owner's, such as ``till.payments.Provider``."""
    value = read_text(name, default)
    is_path = all(part.isidentifier() for part in value.split(".")) and "." in value
    if value not in choices and not is_path:
        cure = f"set it to one of: {', '.join(choices)}; or to the dotted path of a provider's class"
        raise MalformedVariable(name, value, cure)
    return value


def read_choice(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``."""
    value = read_text(name, default)
    if value not in choices:
        raise MalformedVariable(name, value, f"set it to one of: {', '.join(choices)}")
    return value


def read_list(name: str, *, default: str) -> list[str]:
    """Comma-separated words, blanks trimmed, empty ones dropped."""
    return [word.strip() for word in read_text(name, default).split(",") if word.strip()]


def read_folder(name: str, *, default: Path) -> Path:
    """A folder's absolute path; it need not exist yet, but must not be a file."""
    value = os.environ.get(name, "").strip()
    folder = Path(value).expanduser().resolve() if value else default
    if folder.exists() and not folder.is_dir():
        raise MalformedVariable(name, value, "it names a file; set it to a folder")
    return folder


def read_web_address(name: str, *, default: str) -> str:
    """An http(s) address without a trailing slash; may be empty where ``default`` is."""
    value = read_text(name, default)
    if not value:
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise MalformedVariable(name, value, "set it to an address such as https://shop.example")
    return value.rstrip("/")


def read_currency(name: str, *, default: str) -> str:
    """An ISO 4217 code: three capital letters."""
    value = read_text(name, default)
    if len(value) != len("EUR") or not value.isascii() or not value.isalpha() or not value.isupper():
        raise MalformedVariable(name, value, "set it to a three-letter currency code such as EUR")
    return value


def read_database(name: str, *, default: str) -> dict[str, Any]:
    """Django's DATABASES entry for ``sqlite:///path`` or ``postgres://user:password@host:port/name``."""
    value = read_text(name, default)
    if urlsplit(value).scheme not in DATABASE_SCHEMES:
        raise MalformedVariable(
            name, _without_password(value), "set it to sqlite:///path or postgres://user:password@host/name"
        )
    return dict(environ.Env.db_url_config(value))


def read_redis(name: str) -> str:
    """A Redis address, or the empty string where there is none."""
    value = os.environ.get(name, "").strip()
    if value and urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise MalformedVariable(name, _without_password(value), "set it to redis://host:6379/0, or leave it out")
    return value


def read_email(name: str, *, default: str) -> dict[str, Any]:
    """Django's e-mail settings for ``smtp://user:password@host:port`` or ``consolemail://``."""
    value = read_text(name, default)
    if urlsplit(value).scheme not in EMAIL_SCHEMES:
        raise MalformedVariable(
            name, _without_password(value), "set it to smtp+tls://user:password@host:587, or leave it out"
        )
    return dict(environ.Env.email_url_config(value))


def read_secret_key(name: str, *, stored_in: Path) -> str:
    """The variable, else the key kept in ``stored_in``, generated there once.

    Creation is exclusive, so of two processes that start at the same moment
    one writes the key and the other reads it.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    stored_in.parent.mkdir(parents=True, exist_ok=True)
    draft = stored_in.with_name(f"{stored_in.name}.{os.getpid()}")
    if not stored_in.exists():
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        draft.chmod(0o600)
        try:
            os.link(draft, stored_in)
        except FileExistsError:
            return stored_in.read_text(encoding="ascii")
        finally:
            draft.unlink()
    return stored_in.read_text(encoding="ascii")


def _without_password(address: str) -> str:
    """The address with its password blotted out, fit for a log."""
    try:
        password = urlsplit(address).password
    except ValueError:
        return "…"
    return address.replace(f":{password}@", ":…@") if password else address
