"""Baskets: woven walls, handles, now and then a blanket over the rim."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import TAN, Array, Colourway, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import arc, ellipse, smooth
from shop.demo.painting.lathe import Lathe, Wall, paint_opening, scaled, turn, visible_wall
from shop.demo.painting.light import CLOTH, LEATHER, MATTE, Material, bumped, lit
from shop.demo.painting.strokes import paint_rod

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "round": [(140, 0), (170, 4), (188, 30), (204, 130), (200, 210), (190, 250)],
    "belly": [(120, 0), (156, 5), (200, 60), (222, 140), (196, 230), (164, 286)],
    "tall": [(150, 0), (172, 4), (180, 24), (182, 180), (182, 330), (184, 372)],
    "low": [(190, 0), (222, 4), (236, 22), (246, 90), (248, 142)],
    "tapered": [(118, 0), (140, 4), (152, 22), (186, 150), (214, 288)],
}
MATERIALS: dict[str, Material] = {"seagrass": MATTE, "cotton rope": CLOTH, "willow": MATTE}
PATTERNS = ("dipped", "stripe", "check", "diamonds")
COLOURWAYS = ("oat", "clay", "moss", "ink", "sky", "plum", "yellow")

FIBRES = {"seagrass": linear("#cdb27e"), "cotton rope": linear("#eadfca"), "willow": linear("#b3834f")}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one basket."""
    rng = design.chance()
    way = design.colours(rng)
    lathe = turn(scaled(SILHOUETTES[design.silhouette], 1.3, 1.3 * float(rng.uniform(0.92, 1.06))), base=760)
    foot = lathe.radius_at(14)
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.27)
    fibre = FIBRES[design.material]
    wall = visible_wall(canvas, lathe)
    _woven(canvas, wall, _dyed(design, lathe, wall, fibre, way), design.material)
    paint_opening(canvas, lathe, fibre * 0.62, lip=20, lip_colour=fibre)
    rim = ellipse((lathe.axis, lathe.screen(lathe.top)), lathe.rim - 5, (lathe.rim - 5) * 0.26, steps=60)
    paint_rod(canvas, np.concatenate([rim, rim[:2]]), 17.0, mix(fibre, way.base, 0.15), MATTE)
    _handles(canvas, lathe, design, fibre)


def _dyed(design: Design, lathe: Lathe, wall: Wall, fibre: Array, way: Colourway) -> Array:
    """Colour of every place of the wall: the fibre, with dyed bands, blocks or diamonds."""
    share = wall.height / lathe.top
    around = wall.angle * 9 / np.pi
    if design.pattern == "stripe":
        amount = ((share * 5.0) % 1 < 0.45).astype(np.float32)
    elif design.pattern == "check":
        amount = ((np.floor(share * 6) + np.floor(around)) % 2).astype(np.float32)
    elif design.pattern == "diamonds":
        amount = (
            (np.abs((around + 0.5 * (np.floor(share * 5) % 2)) % 1 - 0.5) + np.abs((share * 5) % 1 - 0.5)) < 0.34
        ).astype(np.float32)
    else:
        amount = np.clip((0.42 - share) * 60, 0, 1).astype(np.float32)
    dyed: Array = (fibre + (way.base - fibre) * (amount * 0.92)[..., None]).astype(np.float32)
    return dyed


def _woven(canvas: Canvas, wall: Wall, colour: Array, material: str) -> None:
    """The weave: rows of rope, or strands that go over and under."""
    row = 26.0 if material == "cotton rope" else 22.0
    level = wall.height / row
    strands = 44 if material == "cotton rope" else 60
    turn_around = wall.angle * strands / (2 * np.pi)
    if material == "cotton rope":
        twist = 0.5 + 0.5 * np.cos(2 * np.pi * (turn_around * 1.6 + level * 0.9))
        relief = np.abs(np.sin(np.pi * level)) + 0.14 * twist
    else:
        over = np.floor(level) % 2
        relief = np.abs(np.sin(np.pi * level)) * (0.55 + 0.45 * np.cos(2 * np.pi * (turn_around + 0.5 * over)))
    facing = np.clip(wall.surface.front, 0.15, 1)
    surface = bumped(wall.surface, (relief * facing).astype(np.float32), 2.6 * canvas.scale)
    gap = np.clip(1 - relief * 1.25, 0, 1) ** 1.5
    foot = 1 - 0.4 * np.exp(-np.clip(wall.height, 0, None) / 45)
    occlusion = (1 - 0.62 * gap) * foot
    canvas.paint(wall.shape, lit(colour, surface, MATTE, occlusion=occlusion.astype(np.float32)))


def _handles(canvas: Canvas, lathe: Lathe, design: Design, fibre: Array) -> None:
    """Ears of rope or leather at both sides, or one hoop over the top."""
    if design.silhouette == "low":
        return
    if design.silhouette == "tapered":
        crown = lathe.screen(lathe.top) - 230
        hoop = smooth(
            [
                (lathe.axis - lathe.rim + 8, lathe.screen(lathe.top)),
                (lathe.axis - lathe.rim * 0.72, crown + 62),
                (lathe.axis, crown),
                (lathe.axis + lathe.rim * 0.72, crown + 62),
                (lathe.axis + lathe.rim - 8, lathe.screen(lathe.top)),
            ]
        )
        paint_rod(canvas, hoop, 24.0, fibre, MATTE)
        return
    leather = design.material == "cotton rope"
    for side in (-1, 1):
        at = (lathe.axis + side * lathe.rim * 0.93, lathe.screen(lathe.top) + 8)
        ear = arc(at, 40, 66, start=180, end=360)
        paint_rod(canvas, ear, 18.0, TAN if leather else fibre * 0.9, LEATHER if leather else MATTE)
