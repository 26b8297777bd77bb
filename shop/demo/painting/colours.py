"""Colours: conversion between screen and light, and the colourways of the demonstration catalogue.

All painting happens in linear light, where adding and blending mean what they
mean in a room; pictures are turned into screen values once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]
"""Linear light, covers and shades: single precision where it is painted with."""

LOOKUP_STEPS = 4096


def linear(code: str) -> Array:
    """A ``#rrggbb`` screen colour as linear light, shape (3,)."""
    screen = np.array([int(code[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64) / 255
    light = np.where(screen <= 0.04045, screen / 12.92, ((screen + 0.055) / 1.055) ** 2.4)
    return light.astype(np.float32)


def _screen_table() -> npt.NDArray[np.uint8]:
    """Screen values for LOOKUP_STEPS even steps of linear light."""
    light = np.linspace(0.0, 1.0, LOOKUP_STEPS)
    screen = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.round(screen * 255).astype(np.uint8)


_SCREEN = _screen_table()


def to_screen(light: Array) -> npt.NDArray[np.uint8]:
    """Linear light in 0 … 1 (clipped) as screen bytes, same shape."""
    steps = light * (LOOKUP_STEPS - 1) + 0.5
    np.clip(steps, 0, LOOKUP_STEPS - 1, out=steps)
    return np.take(_SCREEN, steps.astype(np.uint16))


def mix(first: Array, second: Array, share: float) -> Array:
    """``first`` with ``share`` (0 … 1) of ``second`` stirred in, through screen space as a painter would."""
    blended = np.sqrt(first) * (1 - share) + np.sqrt(second) * share
    return (blended * blended).astype(np.float32)


@dataclass(frozen=True)
class Colourway:
    """Related colours for one thing: the ``base``, a deeper and a lighter one, and one that stands out."""

    name: str
    base: Array
    deep: Array
    light: Array
    accent: Array

    def nudged(self, rng: np.random.Generator) -> Colourway:
        """The same colourway as another dye bath would give it: a little lighter or darker, warmer or cooler."""
        brightness = 1 + rng.uniform(-0.10, 0.10)
        warmth = rng.uniform(-0.045, 0.045)
        shift = (np.array([1 + warmth, 1.0, 1 - warmth]) * brightness).astype(np.float32)
        return Colourway(self.name, self.base * shift, self.deep * shift, self.light * shift, self.accent)


def _colourway(name: str, base: str, deep: str, light: str, accent: str) -> Colourway:
    return Colourway(name, linear(base), linear(deep), linear(light), linear(accent))


COLOURWAYS: dict[str, Colourway] = {
    way.name: way
    for way in (
        _colourway("clay", "#bd6a4c", "#8c4632", "#e4b69a", "#f3e7d6"),
        _colourway("oat", "#dccbae", "#b0966f", "#f2e9d9", "#9a6f4a"),
        _colourway("moss", "#7a8552", "#4e5935", "#bcc397", "#f0e7cf"),
        _colourway("ink", "#33405a", "#1f2839", "#8594ae", "#eee6d7"),
        _colourway("sky", "#8db4ca", "#5a87a3", "#cfe1ea", "#fbf3e4"),
        _colourway("plum", "#7b4762", "#532e45", "#bf93a9", "#f2dfd2"),
        _colourway("yellow", "#e8b62c", "#bd8a14", "#f5dc91", "#33405a"),
    )
}

CHALK = linear("#f4efe6")
CREAM = linear("#ece2cf")
CHARCOAL = linear("#2c2b2d")
OAK = linear("#c99c68")
WALNUT = linear("#7b5238")
ASH = linear("#dec59e")
BRASS = linear("#d0a757")
STEEL = linear("#c3c6c9")
GRAPHITE = linear("#3a3b3e")
TERRACOTTA = linear("#c27a58")
TAN = linear("#a9713f")
WOODS = {"oak": OAK, "walnut": WALNUT, "ash": ASH}
METALS = {"brass": BRASS, "steel": STEEL, "graphite": GRAPHITE}
