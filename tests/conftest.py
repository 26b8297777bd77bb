"""Fixtures for every test: a clean media folder, no network, the settings of a test shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def temporary_folders(settings: Any, tmp_path: Path) -> None:
    """Give every test media and bundle folders of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.RECOMMENDER_HOME = tmp_path / "bundles"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
