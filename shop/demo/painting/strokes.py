"""Round rods bent along a line: handles, legs, cords, bands."""

from __future__ import annotations

import itertools

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import Array
from shop.demo.painting.geometry import Points, PointsLike, along, as_points
from shop.demo.painting.light import MATTE, Material, Surface, lit
from shop.demo.painting.textures import Texture


def paint_rod(
    canvas: Canvas,
    path: PointsLike,
    width: float | tuple[float, float],
    skin: Texture | Array,
    material: Material = MATTE,
    *,
    flatness: float = 0.0,
) -> Shape:
    """Paint a rod along ``path``.

    Args:
        canvas: Where.
        path: Its middle line.
        width: Its thickness, or the thickness at the start and at the end.
        skin: One colour (3,), or a texture whose v runs along the rod.
        material: What it is made of.
        flatness: 0 for a round rod, towards 1 for a flat band.

    Returns:
        The shape that was painted.
    """
    line = as_points(path)
    if len(line) > 2:
        line = along(line, min(len(line), 44))
    start, end = width if isinstance(width, tuple) else (width, width)
    pixels = canvas.to_pixels(line)
    window = canvas.window_of(pixels, margin=max(start, end) * canvas.scale / 2 + 2)
    x, y = canvas.grid(window)
    offset_x, offset_y, run, total = _nearest(line, x, y, max(start, end) / 2 + 2 / canvas.scale)
    reach = (start + (end - start) * run / max(total, 1e-6)) / 2
    distance = np.hypot(offset_x, offset_y)
    cover = np.clip((reach - distance) * canvas.scale + 0.5, 0, 1).astype(np.float32)
    share = np.clip(distance / np.maximum(reach, 1e-6), 0, 0.98)
    if flatness:
        share = share ** (1 + 6 * flatness)
    safe = np.maximum(distance, 1e-6)
    surface = Surface(
        (offset_x / safe * share).astype(np.float32),
        (-offset_y / safe * share).astype(np.float32),
        np.sqrt(1 - share * share).astype(np.float32),
    )
    albedo = skin.at(distance, run) if isinstance(skin, Texture) else skin
    shape = Shape(cover, window)
    canvas.paint(shape, lit(albedo, surface, material))
    return shape


def _nearest(line: Points, x: Array, y: Array, reach: float) -> tuple[Array, Array, Array, float]:
    """From every pixel's nearest place on the line: offsets right and down, distance along the line; its length.

    Pixels further than ``reach`` units from the line keep a large offset.
    """
    shape = np.broadcast_shapes(x.shape, y.shape)
    offset_x, offset_y = np.full(shape, 1e4, dtype=np.float32), np.full(shape, 1e4, dtype=np.float32)
    best, run = np.full(shape, 2e8, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    done = 0.0
    for start, end in itertools.pairwise(line):
        step = end - start
        length = max(float(np.hypot(*step)), 1e-6)
        columns = _between(x[0], min(start[0], end[0]) - reach, max(start[0], end[0]) + reach)
        rows = _between(y[:, 0], min(start[1], end[1]) - reach, max(start[1], end[1]) + reach)
        near_x, near_y = x[:, columns], y[rows]
        share = np.clip(((near_x - start[0]) * step[0] + (near_y - start[1]) * step[1]) / (length * length), 0, 1)
        across, down = near_x - (start[0] + share * step[0]), near_y - (start[1] + share * step[1])
        squared = across * across + down * down
        nearer = squared < best[rows, columns]
        for known, found in ((best, squared), (offset_x, across), (offset_y, down), (run, done + share * length)):
            np.copyto(known[rows, columns], found, where=nearer, casting="same_kind")
        done += length
    return offset_x, offset_y, run, done


def _between(values: Array, low: float, high: float) -> slice:
    """The part of the rising ``values`` from ``low`` to ``high``."""
    return slice(int(np.searchsorted(values, low)), int(np.searchsorted(values, high, side="right")))
