"""Turned things: mugs, vases, bottles, lamp shades - anything round about an upright axis.

A profile (radius and height along the wall) is seen from the studio's camera.
For every column of pixels the visible part of the wall is found, so patterns
wrap around the thing and bands curve as they would.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape, Window
from shop.demo.painting.colours import Array
from shop.demo.painting.geometry import Points, PointsLike, along, as_points, ellipse, smooth
from shop.demo.painting.light import DEPTH, MATTE, UP, Material, Surface, lit
from shop.demo.painting.textures import Texture

SAMPLES = 220


@dataclass(frozen=True)
class Lathe:
    """A wall turned about the upright line x = ``axis``, standing on the point (axis, base) of the picture.

    ``radius`` and ``height`` run along the wall from the foot to the rim, in units.
    """

    axis: float
    base: float
    radius: Points
    height: Points

    @property
    def top(self) -> float:
        """Height of the rim."""
        return float(self.height[-1])

    @property
    def rim(self) -> float:
        """Radius of the rim."""
        return float(self.radius[-1])

    def screen(self, height: float) -> float:
        """Where on the picture the axis is at this height."""
        return self.base - height * UP

    def radius_at(self, height: float) -> float:
        """Radius of the (first) place of the wall at this height."""
        order = np.argsort(self.height, kind="stable")
        return float(np.interp(height, self.height[order], self.radius[order]))

    def ring(self, height: float, radius: float) -> Points:
        """The outline of a level disc."""
        return ellipse((self.axis, self.screen(height)), radius, radius * DEPTH)


def turn(profile: PointsLike, *, axis: float = 500.0, base: float = 800.0, soft: bool = True) -> Lathe:
    """A lathe from ``profile``: (radius, height) from the foot to the rim.

    ``soft`` draws a curve through the points; otherwise they are joined by straight walls.
    """
    wall = smooth(profile, steps=16) if soft else as_points(profile)
    wall = along(wall, SAMPLES)
    return Lathe(axis, base, np.maximum(wall[:, 0], 0.01), wall[:, 1])


def outline(lathe: Lathe) -> list[Points]:
    """Closed outlines whose union is what the wall covers on the picture."""
    radius, height = lathe.radius, lathe.height
    steps_r, steps_z = np.gradient(radius), np.gradient(height)
    slope = np.where(np.abs(steps_z) > 1e-6, steps_r / np.where(np.abs(steps_z) > 1e-6, steps_z, 1), 1e6)
    turned_up = np.clip(slope * (DEPTH / UP), -1, 1)
    x = radius * np.sqrt(1 - turned_up**2)
    y = lathe.base - height * UP + radius * turned_up * DEPTH
    silhouette = np.concatenate([np.stack([lathe.axis - x, y], axis=1), np.stack([lathe.axis + x, y], axis=1)[::-1]])
    levels = range(0, len(radius), max(1, len(radius) // 36))
    rings = [lathe.ring(float(height[at]), float(radius[at])) for at in {*levels, 0, len(radius) - 1}]
    return [silhouette, *rings]


@dataclass(frozen=True)
class Wall:
    """The visible outside of a lathe, per pixel of ``shape``."""

    shape: Shape
    surface: Surface
    angle: Array
    height: Array
    radius: Array

    def around(self, lathe: Lathe) -> Array:
        """Distance around the wall in units, 0 in front: the u of patterns."""
        return self.angle * float(np.median(lathe.radius[lathe.radius > 1]))


def visible_wall(canvas: Canvas, lathe: Lathe) -> Wall:
    """Find for every pixel which place of the wall it shows."""
    shape = canvas.polygon(*outline(lathe))
    x, y = canvas.grid(shape.window)
    samples = np.arange(len(lathe.radius), dtype=np.float64)
    columns = np.abs(x[0] - lathe.axis)
    place = np.zeros(shape.window.shape, dtype=np.float64)
    behind = np.zeros(shape.window.shape, dtype=bool)
    widest = float(lathe.radius.max())
    # The thing is symmetric: a column and its mirror image show the same heights.
    known: dict[int, tuple[Points, Points]] = {}
    for column, offset in enumerate(columns):
        key = round(float(offset) * canvas.scale * 2)
        if key not in known:
            known[key] = _column(lathe, min(float(offset), widest - 0.05), y[:, 0], samples)
        place[:, column], behind[:, column] = known[key]
    radius = np.interp(place, samples, lathe.radius).astype(np.float32)
    height = np.interp(place, samples, lathe.height).astype(np.float32)
    sine = np.clip((x - lathe.axis) / np.maximum(radius, 0.05), -0.999, 0.999)
    cosine = np.sqrt(1 - sine * sine) * np.where(behind, -1, 1)
    surface = _wall_surface(lathe, place, samples, sine, cosine)
    return Wall(shape, surface, np.arctan2(sine, cosine).astype(np.float32), height, radius)


def _column(lathe: Lathe, offset: float, rows: Array, samples: Points) -> tuple[Points, Points]:
    """Place along the wall, and whether on its far side, for each row (y in units) of one column."""
    reaches = np.flatnonzero(lathe.radius >= offset)
    if not len(reaches):
        reaches = np.array([int(np.argmax(lathe.radius))])
    depth = np.sqrt(np.maximum(lathe.radius[reaches] ** 2 - offset**2, 0)) * DEPTH
    level = lathe.base - lathe.height[reaches] * UP
    front_y, front_at = (level + depth)[::-1], samples[reaches][::-1]
    seen = front_y >= np.maximum.accumulate(front_y) - 1e-9
    front_y, front_at = front_y[seen], front_at[seen]
    back_y, back_at = (level - depth)[::-1], samples[reaches][::-1]
    seen = back_y <= np.minimum.accumulate(np.minimum(back_y, front_y[0] + 1e-9)) + 1e-9
    back_y, back_at = back_y[seen][::-1], back_at[seen][::-1]
    y = np.concatenate([back_y, front_y]) + 1e-7 * np.arange(len(back_y) + len(front_y))
    place = np.interp(rows, y, np.concatenate([back_at, front_at]))
    return place, rows < front_y[0]


def _wall_surface(lathe: Lathe, place: Points, samples: Points, sine: Array, cosine: Array) -> Surface:
    """Unit vectors of the wall."""
    step_r, step_z = np.gradient(lathe.radius), np.gradient(lathe.height)
    length = np.maximum(np.hypot(step_r, step_z), 1e-9)
    outward = np.interp(place, samples, step_z / length).astype(np.float32)
    upward = np.interp(place, samples, -step_r / length).astype(np.float32)
    return Surface((sine * outward).astype(np.float32), upward, np.asarray(cosine * outward, dtype=np.float32))


def paint_wall(
    canvas: Canvas, lathe: Lathe, skin: Texture | Array, material: Material = MATTE, *, foot_shade: float = 0.35
) -> Wall:
    """Paint the outside of a lathe with a texture or one colour (3,); darker towards the ground it stands on."""
    wall = visible_wall(canvas, lathe)
    albedo = skin.at(wall.around(lathe), -wall.height) if isinstance(skin, Texture) else skin
    occlusion = 1 - foot_shade * np.exp(-np.clip(wall.height, 0, None) / 40) if foot_shade else None
    canvas.paint(wall.shape, lit(albedo, wall.surface, material, occlusion=occlusion))
    return wall


def paint_opening(
    canvas: Canvas,
    lathe: Lathe,
    colour: Array,
    *,
    lip: float = 9.0,
    lip_colour: Array | None = None,
    filled: tuple[float, Array] | None = None,
    material: Material = MATTE,
) -> Shape:
    """Paint the open top: the lip, the inside of the far wall, and what the thing is filled with.

    Args:
        canvas: Where.
        lathe: The thing.
        colour: Of the inside, (3,).
        lip: Thickness of the wall at the rim.
        lip_colour: Of the lip; the inside's unless given.
        filled: How far below the rim the filling stands, and its colour.
        material: Of the lip and the inside.

    Returns:
        The shape of the opening within the lip.
    """
    ring = canvas.polygon(lathe.ring(lathe.top, lathe.rim))
    ones = np.ones(ring.window.shape, dtype=np.float32)
    x, _y = canvas.grid(ring.window)
    lean = ((x - lathe.axis) / lathe.rim * 0.45 * ones).astype(np.float32)
    front = np.sqrt(np.clip(1 - lean**2 - 0.6, 0.02, 1)).astype(np.float32)
    top = Surface(lean, ones * np.float32(np.sqrt(0.6)), front)
    canvas.paint(ring, lit(colour if lip_colour is None else lip_colour, top, material))
    inner = max(lathe.rim - lip, 1.0)
    hole = canvas.polygon(lathe.ring(lathe.top, inner))
    canvas.paint(hole, _inside(canvas, lathe, inner, colour, hole.window, material))
    if filled is not None:
        below, filling = filled
        surface = canvas.polygon(lathe.ring(lathe.top - below, inner)).within(hole)
        canvas.paint(surface, _level(canvas, lathe, inner, filling, surface.window))
    return hole


def _inside(canvas: Canvas, lathe: Lathe, inner: float, colour: Array, window: Window, material: Material) -> Array:
    """Light of the inside of the far wall: brighter on the right, which faces the window, darker further down."""
    x, y = canvas.grid(window)
    sine = np.clip((x - lathe.axis) / inner, -0.999, 0.999)
    cosine = np.sqrt(1 - sine * sine)
    far_rim = lathe.screen(lathe.top) - inner * cosine * DEPTH
    below = np.clip((y - far_rim) / UP, 0, None)
    occlusion = 0.30 + 0.62 * np.exp(-below / (inner * 0.55))
    ones = np.ones(window.shape, dtype=np.float32)
    surface = Surface((-sine * ones).astype(np.float32), 0.12 * ones, (cosine * ones).astype(np.float32))
    return lit(colour, surface, Material(gloss=material.gloss * 0.4), occlusion=occlusion.astype(np.float32))


def _level(canvas: Canvas, lathe: Lathe, inner: float, colour: Array, window: Window) -> Array:
    """Light of a level filling: shaded by the wall on the left, a soft sheen on the right."""
    x, _y = canvas.grid(window)
    share = np.clip((x - lathe.axis) / inner * 0.5 + 0.5, 0, 1)
    ones = np.ones(window.shape, dtype=np.float32)
    return np.asarray(colour * ((0.55 + 0.45 * share) * ones)[..., None], dtype=np.float32)


def scaled(profile: PointsLike, across: float, up: float) -> Points:
    """A profile made wider and taller."""
    return np.asarray(as_points(profile) * np.array([across, up]), dtype=np.float64)
