"""The door of the painting room: which families there are, what fits together, and a picture for a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.families import (
    backpack,
    basket,
    bottle,
    bowl,
    candle,
    chair,
    clock,
    cushion,
    headphones,
    lamp,
    mug,
    planter,
    rug,
    sneaker,
    teapot,
    tshirt,
    vase,
    watch,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from PIL import Image

    from shop.demo.painting.design import Design

PICTURE_SIZE = 800
"""Pixels along each side of a finished picture."""

CLOSE_UP = 1.6
"""How much nearer the camera comes for a close-up."""


@dataclass(frozen=True)
class Family:
    """One family of things and what its painter knows.

    ``nearness`` brings the camera closer for small things, so that all families
    fill their pictures alike. ``plain_only`` lists silhouettes and materials on
    which patterns don't show; ``pairs`` silhouettes that need one certain
    material, which no other silhouette has.
    """

    name: str
    paint: Callable[[Canvas, Design], None]
    silhouettes: tuple[str, ...]
    materials: tuple[str, ...]
    patterns: tuple[str, ...]
    colourways: tuple[str, ...]
    nearness: float = 1.0
    plain_only: frozenset[str] = frozenset()
    pairs: tuple[tuple[str, str], ...] = ()

    def allows(self, silhouette: str, material: str, pattern: str) -> bool:
        """Whether these three make a thing that looks as it is described."""
        if pattern != self.plain and self.plain_only & {silhouette, material}:
            return False
        return all((silhouette == shape) == (material == stuff) for shape, stuff in self.pairs)

    @property
    def plain(self) -> str:
        """The pattern that means none."""
        return "plain" if "plain" in self.patterns else self.patterns[0]


def _family(
    name: str,
    module: ModuleType,
    *,
    nearness: float = 1.0,
    plain_only: tuple[str, ...] = (),
    pairs: tuple[tuple[str, str], ...] = (),
) -> Family:
    """The family that a painter's module describes."""
    return Family(
        name=name,
        paint=module.paint,
        silhouettes=tuple(module.SILHOUETTES),
        materials=tuple(module.MATERIALS),
        patterns=tuple(module.PATTERNS),
        colourways=tuple(module.COLOURWAYS),
        nearness=nearness,
        plain_only=frozenset(plain_only),
        pairs=pairs,
    )


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        _family("mug", mug, nearness=1.08),
        _family("chair", chair, nearness=1.1, plain_only=("bistro",)),
        _family("backpack", backpack, nearness=1.04),
        _family("vase", vase),
        _family("sneaker", sneaker, nearness=1.04),
        _family("lamp", lamp, nearness=1.22, plain_only=("arc", "dome")),
        _family("rug", rug),
        _family("watch", watch),
        _family("teapot", teapot, nearness=1.06, plain_only=("cast iron",)),
        _family("cushion", cushion, nearness=1.04),
        _family("planter", planter, nearness=1.18),
        _family("t-shirt", tshirt, nearness=1.06),
        _family("clock", clock),
        _family("bowl", bowl, nearness=1.14, plain_only=("wood",)),
        _family("headphones", headphones),
        _family("basket", basket, nearness=1.08),
        _family("bottle", bottle, nearness=1.06, plain_only=("glass", "brushed steel")),
        _family("candle", candle, nearness=1.2, plain_only=("pillar",), pairs=(("pillar", "wax"),)),
    )
}


def paint_picture(design: Design, *, size: int = PICTURE_SIZE, close_up: bool = False) -> Image.Image:
    """Paint a design.

    Args:
        design: What to paint; equal designs give equal pictures.
        size: Pixels along each side.
        close_up: Show the middle of the thing from nearer instead of the whole.

    Returns:
        An RGB picture of ``size`` × ``size`` pixels.
    """
    family = FAMILIES[design.family]
    canvas = Canvas(size, zoom=family.nearness * (CLOSE_UP if close_up else 1.0))
    family.paint(canvas, design)
    canvas.centre()
    return canvas.finish(np.random.default_rng([*design.seed, 1]))
