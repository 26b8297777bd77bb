"""What the stream of actions asks of rooms it does not know."""

from __future__ import annotations

from collections.abc import Callable

SourceVersion = Callable[[], str]

_source_versions: list[SourceVersion] = []


def register_source_version(version: SourceVersion) -> None:
    """Have ``version`` asked which model made the panels of this moment; the last one registered counts."""
    _source_versions[:] = [version]


def source_version() -> str:
    """The version that makes the panels now, or the empty string where nobody says."""
    return _source_versions[0]() if _source_versions else ""
