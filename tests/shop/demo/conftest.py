"""Small pictures, painted in the test's own process."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from shop.demo import easel, gallery
from shop.demo.painting.studio import paint_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shop.demo.easel import Sitting
    from shop.demo.gallery import Painted


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demonstration paint 48-pixel pictures without worker processes."""
    monkeypatch.setattr(easel, "paint_picture", functools.partial(paint_picture, size=48))
    in_processes = gallery.paint_all

    def here(sittings: Sequence[Sitting], *, workers: int | None = None) -> Iterator[Painted]:
        return in_processes(sittings, workers=0)

    monkeypatch.setattr(gallery, "paint_all", here)
