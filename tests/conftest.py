"""Fixtures for every test: a clean media folder, no network, the settings of a test shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def empty_static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for collected static files that stays empty: tests are served from the sources."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(autouse=True)
def temporary_folders(settings: Any, tmp_path: Path, empty_static_root: Path) -> None:
    """Give every test media and bundle folders of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RECOMMENDER_HOME = tmp_path / "bundles"
    settings.STATIC_ROOT = empty_static_root
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_left_in_memory(settings: Any) -> Iterator[None]:
    """Let no click, cached value, language or open bundle of one test reach the next.

    Clicks are written when a test calls ``flush()``; a test that activates a bundle calls ``session.refresh()``.
    Letters leave within the request that writes them, but in tests of the thread that carries them.
    """
    from recommender import session
    from shop.actions.clicks import buffer

    settings.ACTION_FLUSH_SECONDS = 0
    settings.MAIL_DELIVERY = "in_request"
    cache.clear()
    session.use_session(session.FallbackSession())
    yield
    buffer.clear()
    session.stop()
    # A page in another language leaves it active in the thread; in the shop the next request chooses anew.
    translation.deactivate()
