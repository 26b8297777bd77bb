"""Candles in jars and cups, and pillars; most of them lit."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import CHARCOAL, CREAM, Array, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import ellipse, smooth
from shop.demo.painting.lathe import Lathe, paint_opening, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, MATTE, SATIN, Material
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "tumbler": [(118, 0), (142, 4), (152, 20), (158, 150), (160, 290)],
    "bowl": [(110, 0), (138, 4), (166, 28), (206, 110), (204, 176), (186, 214)],
    "pillar": [(124, 0), (126, 3), (126, 150), (126, 300), (122, 396)],
    "ribbed": [(120, 0), (148, 4), (150, 60), (150, 150), (150, 250)],
    "cone": [(150, 0), (166, 4), (168, 18), (150, 130), (128, 262)],
}
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "glass": GLAZE, "wax": MATTE}
PATTERNS = ("plain", "speckle", "terrazzo", "stripe", "brush", "botanical", "plain", "dots")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

WAX = linear("#f3e9d3")
FLAME = linear("#ffb54a")
FLAME_HEART = linear("#fff3c4")
GLOW = linear("#ffcf86")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one candle."""
    rng = design.chance()
    way = design.colours(rng)
    pillar = design.silhouette == "pillar"
    material = MATTE if pillar else MATERIALS[design.material]
    height = 1.32 * float(rng.uniform(0.9, 1.1))
    lathe = turn(scaled(SILHOUETTES[design.silhouette], 1.32, height), base=790 if pillar else 760)
    foot = lathe.radius_at(14)
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.27)
    skin = paint_tile("plain" if pillar else design.pattern, rng, way, size=1.15)
    wall = paint_wall(canvas, lathe, skin, material)
    if design.silhouette == "ribbed":
        ribs = (0.5 + 0.5 * np.cos(wall.angle * 34)) ** 3
        canvas.darken(wall.shape, (0.34 * ribs).astype(np.float32))
    wax: Array = mix(WAX, way.light, 0.25)
    if pillar:
        wax = mix(way.base, way.light, 0.45)
        hole = paint_opening(canvas, lathe, wax, lip=8, filled=(16, wax))
    else:
        hole = paint_opening(
            canvas,
            lathe,
            CREAM,
            lip=11,
            lip_colour=mix(skin.ground, way.light, 0.3),
            filled=(46, wax),
            material=material,
        )
    _flame(canvas, lathe, hole, below=16 if pillar else 46, burning=rng.random() < 0.8)


def _flame(canvas: Canvas, lathe: Lathe, hole: Shape, *, below: float, burning: bool) -> None:
    """The wick, and where it burns a flame whose light falls on the wax."""
    x, foot = lathe.axis, lathe.screen(lathe.top - below)
    if burning:
        pool = canvas.polygon(ellipse((x, foot), lathe.rim * 0.62, lathe.rim * 0.15))
        canvas.add_light(pool.within(hole), GLOW, 0.22)
    paint_rod(canvas, smooth([(x, foot + 3), (x + 1, foot - 18), (x + 5, foot - 36)]), 6.0, CHARCOAL)
    if not burning:
        return
    root = foot - 22
    outer = smooth(
        [
            (x + 3, root + 12),
            (x + 26, root - 20),
            (x + 18, root - 66),
            (x + 4, root - 122),
            (x - 10, root - 66),
            (x - 19, root - 20),
        ],
        closed=True,
    )
    halo = canvas.window_around(x - 150, root - 210, x + 150, root + 90)
    grid_x, grid_y = canvas.grid(halo)
    glow = np.exp(-(((grid_x - x) / 66) ** 2) - ((grid_y - root + 46) / 78) ** 2).astype(np.float32)
    _tint(canvas, halo.area, glow)
    canvas.paint(canvas.polygon(outer), FLAME, 0.93)
    inner = smooth([(x + 3, root + 8), (x + 14, root - 16), (x + 4, root - 72), (x - 8, root - 16)], closed=True)
    canvas.paint(canvas.polygon(inner), FLAME_HEART, 0.9)


def _tint(canvas: Canvas, area: tuple[slice, slice], glow: Array) -> None:
    """Warm the air around a flame a little, over thing and backdrop alike."""
    strength = 0.30 * glow
    canvas.colour[area] = canvas.colour[area] * (1 - strength)[..., None] + GLOW * strength[..., None]
    canvas.cover[area] = canvas.cover[area] * (1 - strength) + strength
