"""What one setting makes of another."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from config import settings

SOURCE = Path(settings.__file__)


@pytest.mark.parametrize(
    ("https", "proxies", "expected"), [("0", "", 0), ("1", "", 1), ("1", "0", 0), ("1", "2", 2), ("0", "1", 1)]
)
def test_https_means_one_proxy_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, https: str, proxies: str, expected: int
) -> None:
    monkeypatch.setenv("HTTPS", https)
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    assert runpy.run_path(str(SOURCE))["TRUSTED_PROXIES"] == expected
