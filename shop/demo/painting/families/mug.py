"""Mugs: a turned cup, a handle to the right, sometimes something hot inside."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import CHALK, CREAM, Array, Colourway, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, arc, smooth
from shop.demo.painting.lathe import Lathe, Wall, paint_opening, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, LACQUER, MATTE, SATIN, Material, lit
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod

COFFEE = linear("#3a2317")
TEA = linear("#9c5a22")
RAW_CLAY = linear("#cda582")

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "cylinder": [(120, 0), (150, 3), (160, 16), (162, 120), (162, 250), (163, 335)],
    "tapered": [(104, 0), (128, 3), (138, 16), (152, 130), (166, 250), (178, 330)],
    "barrel": [(104, 0), (132, 4), (152, 26), (186, 120), (190, 190), (170, 275), (160, 318)],
    "tulip": [(92, 0), (108, 2), (110, 14), (100, 28), (138, 62), (178, 130), (172, 220), (164, 285), (178, 335)],
    "camp": [(140, 0), (158, 4), (164, 16), (165, 150), (165, 275), (172, 285)],
    "espresso": [(100, 0), (116, 3), (128, 20), (146, 100), (156, 180), (160, 225)],
}
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "porcelain": GLAZE, "enamel": LACQUER}
PATTERNS = ("plain", "speckle", "stripe", "plain", "botanical", "dots", "waves", "brush", "terrazzo", "check")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one mug."""
    rng = design.chance()
    way = design.colours(rng)
    material = MATERIALS[design.material]
    profile = scaled(SILHOUETTES[design.silhouette], 1.4, 1.4 * float(rng.uniform(0.94, 1.06)))
    lathe = turn(profile, axis=432, base=735)
    foot = lathe.radius_at(12)
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.26)
    skin = paint_tile(design.pattern, rng, way, size=1.15)
    paint_rod(canvas, _handle(lathe, design.silhouette), 43.0, skin.ground, material)
    wall = paint_wall(canvas, lathe, skin, material)
    if design.material == "stoneware" and design.pattern in {"plain", "speckle"} and rng.random() < 0.6:
        _dip(canvas, wall, lathe.top * float(rng.uniform(0.14, 0.30)))
    filled = (66.0, COFFEE if rng.random() < 0.7 else TEA) if rng.random() < 0.4 else None
    trim = way.deep if design.material == "enamel" else mix(skin.ground, way.light, 0.15)
    paint_opening(canvas, lathe, _inside(design, way), lip=13, lip_colour=trim, filled=filled, material=material)


def _handle(lathe: Lathe, silhouette: str) -> Points:
    """The middle line of the handle, from its upper to its lower root."""
    top, low = lathe.top * 0.82, lathe.top * 0.24
    right_top = lathe.axis + lathe.radius_at(top) - 10
    right_low = lathe.axis + lathe.radius_at(low) - 10
    upper, lower = lathe.screen(top), lathe.screen(low)
    middle = (upper + lower) / 2
    if silhouette in {"tulip", "barrel"}:
        ear = [(80, upper - 18), (136, middle - 44), (96, middle + 62)]
        return smooth([(right_top, upper), *((right_top + out, y) for out, y in ear), (right_low, lower)])
    if silhouette == "camp":
        square = [(96, upper + 2), (122, upper + 34), (116, lower - 34), (88, lower + 2)]
        return smooth([(right_top, upper), *((right_top + out, y) for out, y in square), (right_low, lower)])
    return arc(((right_top + right_low) / 2, middle), 128, (lower - upper) / 2, start=-90, end=90)


def _dip(canvas: Canvas, wall: Wall, height: float) -> None:
    """Leave the foot unglazed up to ``height``."""
    raw = np.clip((height - wall.height) / 2.0, 0, 1).astype(np.float32)
    canvas.paint(wall.shape, lit(RAW_CLAY, wall.surface, MATTE), raw)


def _inside(design: Design, way: Colourway) -> Array:
    """Colour of the inside: white enamel or pale glaze."""
    return CHALK if design.material == "enamel" else mix(CREAM, way.light, 0.35)
