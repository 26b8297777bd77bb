"""Patterns as seamless tiles, cut by whatever they are laid on.

A texture knows its colour at every place (u, v) of a surface, in units. The
tile is painted four times too fine, averaged down, and read with bilinear
interpolation, so lines stay smooth where the surface turns away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from shop.demo.painting.colours import Array, mix
from shop.demo.painting.geometry import Points

TEXELS_PER_UNIT = 1.25
FINENESS = 3


@dataclass(frozen=True)
class Texture:
    """A tile (rows, columns, 3) of linear colour that repeats every ``across`` × ``down`` units.

    ``ground`` (3,) is the colour between the motifs, for handles, piping and linings that match.
    """

    tile: Array
    across: float
    down: float
    ground: Array

    def at(self, u: Array, v: Array) -> Array:
        """Colours at the places (u, v), any two arrays that broadcast to (h, w); returns (h, w, 3)."""
        rows, columns = self.tile.shape[:2]
        flat = self.tile.reshape(-1, 3)
        across, down = np.float32(columns / self.across), np.float32(rows / self.down)
        x, y = np.broadcast_arrays(
            np.asarray(u, dtype=np.float32) * across - np.float32(0.5),
            np.asarray(v, dtype=np.float32) * down - np.float32(0.5),
        )
        left, top = np.floor(x), np.floor(y)
        share_x, share_y = (x - left)[..., None], (y - top)[..., None]
        column, row = left.astype(np.int32) % columns, top.astype(np.int32) % rows
        next_column, row_start = (column + 1) % columns, row * columns
        next_start = (row + 1) % rows * columns
        upper = flat.take(row_start + column, axis=0)
        upper += (flat.take(row_start + next_column, axis=0) - upper) * share_x
        lower = flat.take(next_start + column, axis=0)
        lower += (flat.take(next_start + next_column, axis=0) - lower) * share_x
        lower -= upper
        lower *= share_y
        upper += lower
        return np.asarray(upper, dtype=np.float32)


class Tile:
    """A seamless tile to draw on: what leaves one side comes back at the other."""

    def __init__(self, across: float, down: float) -> None:
        self.across, self.down = across, down
        self.columns = max(8, round(across * TEXELS_PER_UNIT))
        self.rows = max(8, round(down * TEXELS_PER_UNIT))
        self._scale = (self.columns * FINENESS / across, self.rows * FINENESS / down)
        self.colour: Array | None = None
        self.ground: Array | None = None

    def fill(self, colour: Array) -> Tile:
        """Start from one colour (3,)."""
        self.colour = np.broadcast_to(colour, (self.rows, self.columns, 3)).astype(np.float32).copy()
        self.ground = colour
        return self

    def outlines(self, outlines: Sequence[Points], colour: Array, opacity: float = 1.0) -> Tile:
        """Paint closed outlines."""
        drawing, pen = self._drawing()
        for texels in self._repeated(outlines, margin=0.0):
            pen.polygon(texels, fill=255)
        return self._blend_drawing(drawing, colour, opacity)

    def lines(self, lines: Sequence[Points], width: float, colour: Array, opacity: float = 1.0) -> Tile:
        """Paint open lines of one width."""
        thickness = max(1, round(width * self._scale[0]))
        drawing, pen = self._drawing()
        for texels in self._repeated(lines, margin=width):
            pen.line(texels, fill=255, width=thickness, joint="curve")
        return self._blend_drawing(drawing, colour, opacity)

    def _drawing(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """A fine sheet to draw a cover on."""
        drawing = Image.new("L", (self.columns * FINENESS, self.rows * FINENESS), 0)
        return drawing, ImageDraw.Draw(drawing)

    def _repeated(self, shapes: Sequence[Points], *, margin: float) -> Iterator[list[tuple[float, float]]]:
        """The points of every shape in texels, at every repeat that reaches onto the tile."""
        scale = np.array(self._scale)
        texels: Points
        for points in shapes:
            low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
            for right in (-self.across, 0.0, self.across):
                for lower in (-self.down, 0.0, self.down):
                    if low[0] + right > self.across or high[0] + right < 0:
                        continue
                    if low[1] + lower > self.down or high[1] + lower < 0:
                        continue
                    texels = (points + np.array([right, lower])) * scale
                    yield list(zip(texels[:, 0].tolist(), texels[:, 1].tolist(), strict=True))

    def _blend_drawing(self, drawing: Image.Image, colour: Array, opacity: float) -> Tile:
        """Lay a colour over the tile where the drawing covers it."""
        return self.blend(np.asarray(drawing.reduce(FINENESS), dtype=np.float32) * np.float32(opacity / 255), colour)

    def blend(self, cover: Array, colour: Array) -> Tile:
        """Lay ``colour`` over the tile where ``cover`` (rows, columns) says."""
        if self.colour is None:
            raise ValueError("fill the tile first")
        self.colour = self.colour * (1 - cover[..., None]) + colour * cover[..., None]
        return self

    def texture(self) -> Texture:
        """The finished texture."""
        if self.colour is None or self.ground is None:
            raise ValueError("fill the tile first")
        return Texture(self.colour.astype(np.float32), self.across, self.down, self.ground)

    def grid(self) -> tuple[Array, Array]:
        """U (1, columns) and v (rows, 1) in units at the middle of every texel."""
        u = (np.arange(self.columns) + 0.5) * (self.across / self.columns)
        v = (np.arange(self.rows) + 0.5) * (self.down / self.rows)
        return u[None, :].astype(np.float32), v[:, None].astype(np.float32)


def band(values: Array, *, period: float, width: float, softness: float) -> Array:
    """Cover of a band of ``width`` in the middle of every ``period``; edges blend over ``softness`` units."""
    distance = np.abs((values / period) % 1.0 - 0.5) * period
    return np.asarray(np.clip((width / 2 - distance) / softness + 0.5, 0, 1), dtype=np.float32)


def noise(rng: np.random.Generator, rows: int, columns: int, *, cells: tuple[int, int]) -> Array:
    """Seamless soft noise around 0, about −1 … 1, with so many cells down and across; (rows, columns)."""
    down, across = cells
    values = rng.uniform(-1, 1, (down, across)).astype(np.float32)
    wrapped = np.pad(values, 3, mode="wrap")
    step_y, step_x = rows / down, columns / across
    image = Image.fromarray(wrapped).resize(
        (columns, rows),
        Image.Resampling.BICUBIC,
        box=(3.0, 3.0, across + 3.0, down + 3.0) if min(step_x, step_y) >= 1 else None,
    )
    return np.asarray(image, dtype=np.float32)


def wood_texture(rng: np.random.Generator, colour: Array, *, level: bool = False) -> Texture:
    """Straight-grained wood, the grain running down, or across where ``level``."""
    across, down = 160.0, 420.0
    tile = Tile(across, down).fill(colour)
    broad = noise(rng, tile.rows, tile.columns, cells=(2, 7))
    fine = noise(rng, tile.rows, tile.columns, cells=(4, 42))
    pores = noise(rng, tile.rows, tile.columns, cells=(22, 90))
    u, _v = tile.grid()
    rings = np.sin(2 * np.pi * (u / across * 6 + 0.35 * broad))
    amount = 0.10 + 0.07 * rings + 0.07 * fine + 0.05 * np.clip(pores, 0, 1)
    upright = tile.blend(np.clip(amount, 0, 0.5), mix(colour, colour * 0.35, 0.9)).texture()
    if not level:
        return upright
    return Texture(np.ascontiguousarray(upright.tile.transpose(1, 0, 2)), down, across, colour)
