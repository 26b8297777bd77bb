"""Bottles to carry: steel with a screw cap, glass with a sleeve, a flask with a cup."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import GRAPHITE, OAK, STEEL, Array, Colourway, linear
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import arc
from shop.demo.painting.lathe import Lathe, Wall, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, LACQUER, MATTE, METAL, RUBBER, SATIN, WOOD, Material, lit
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "shoulder": [(80, 0), (92, 3), (98, 14), (99, 150), (99, 330), (88, 388), (54, 428), (48, 462)],
    "slim": [(70, 0), (80, 3), (84, 12), (85, 180), (85, 400), (74, 446), (62, 466)],
    "milk": [(86, 0), (98, 3), (104, 14), (106, 140), (104, 240), (82, 318), (56, 372), (54, 428)],
    "flask": [(88, 0), (100, 3), (104, 12), (105, 200), (105, 372), (100, 386)],
    "wide": [(102, 0), (118, 3), (124, 16), (126, 150), (126, 316), (112, 356), (92, 368)],
}
MATERIALS: dict[str, Material] = {
    "powder-coated steel": SATIN,
    "brushed steel": METAL,
    "enamel": LACQUER,
    "glass": GLAZE,
}
PATTERNS = ("plain", "plain", "terrazzo", "botanical", "stripe", "plain", "waves", "speckle")
COLOURWAYS = ("clay", "moss", "ink", "sky", "plum", "yellow", "oat")

GLASS_TINTS = {
    "clay": "#d9a58c",
    "oat": "#e9dfca",
    "moss": "#a9bb94",
    "ink": "#9aa9c2",
    "sky": "#b7d6e4",
    "plum": "#c9a3b8",
    "yellow": "#efd58a",
}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one bottle."""
    rng = design.chance()
    way = design.colours(rng)
    grow = 1.42 if design.silhouette != "wide" else 1.5
    lathe = turn(scaled(SILHOUETTES[design.silhouette], grow, grow * float(rng.uniform(0.93, 1.05))), base=880)
    foot = lathe.radius_at(12)
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.27)
    material = MATERIALS[design.material]
    if design.material == "glass":
        _glass(canvas, lathe, way)
    elif design.material == "brushed steel":
        wall = paint_wall(canvas, lathe, STEEL, METAL)
        _coat(canvas, lathe, wall, way)
    else:
        wall = paint_wall(canvas, lathe, paint_tile(design.pattern, rng, way, size=1.2), material)
        if rng.random() < 0.5:
            base = np.clip((lathe.top * 0.07 - wall.height) / 2, 0, 1).astype(np.float32)
            canvas.paint(wall.shape, lit(STEEL, wall.surface, METAL), base)
    _cap(canvas, lathe, _cap_colour(design, rng), rng)


def _coat(canvas: Canvas, lathe: Lathe, wall: Wall, way: Colourway) -> None:
    """A band of colour around bare steel."""
    low, high = lathe.top * 0.22, lathe.top * 0.66
    band = np.clip((wall.height - low) / 2, 0, 1) * np.clip((high - wall.height) / 2, 0, 1)
    canvas.paint(wall.shape, lit(way.base, wall.surface, SATIN), band.astype(np.float32))


def _glass(canvas: Canvas, lathe: Lathe, way: Colourway) -> None:
    """Tinted glass half full of water: clear in the middle, deeper at the edges."""
    tint = linear(GLASS_TINTS[way.name])
    wall = paint_wall(canvas, lathe, tint, MATTE, foot_shade=0.2)
    edge = 1 - np.abs(wall.surface.front)
    deeper = tint * tint * 0.8
    clear = np.minimum(tint * 1.12 + 0.10, 0.97)
    albedo: Array = clear + (deeper - clear) * np.clip(edge**1.6, 0, 1)[..., None]
    water = np.clip((lathe.top * 0.62 - wall.height) / 2.5, 0, 1)[..., None]
    albedo = albedo * (1 - water * 0.16)
    canvas.paint(wall.shape, albedo.astype(np.float32), 0.9)
    glint = np.exp(-(((wall.angle + 0.72) / 0.10) ** 2)) * 0.55 + np.exp(-(((wall.angle - 0.95) / 0.06) ** 2)) * 0.25
    fade = np.clip(wall.height / 60, 0, 1) * np.clip((lathe.top - wall.height) / 60, 0, 1)
    canvas.add_light(wall.shape, linear("#ffffff"), (glint * fade).astype(np.float32))
    level = canvas.polygon(lathe.ring(lathe.top * 0.62, lathe.radius_at(lathe.top * 0.62) * 0.97))
    canvas.add_light(level, linear("#ffffff"), 0.12)


def _cap_colour(design: Design, rng: np.random.Generator) -> str:
    """What the cap is made of."""
    if design.material == "glass":
        return "wood"
    return str(rng.choice(["steel", "wood", "black"]))


def _cap(canvas: Canvas, lathe: Lathe, kind: str, rng: np.random.Generator) -> None:
    """A screw cap, with a loop to carry it by on some."""
    colour, material = {"steel": (STEEL, METAL), "wood": (OAK, WOOD), "black": (GRAPHITE, RUBBER)}[kind]
    radius, floor = lathe.rim, lathe.screen(lathe.top)
    height = 62.0 if lathe.rim < 110 else 78.0
    if kind != "wood" and rng.random() < 0.45:
        loop = arc((lathe.axis, floor - height * 0.75), radius * 0.74, 62, start=-178, end=-2)
        paint_rod(canvas, loop, 20.0, GRAPHITE, RUBBER)
    cap = turn(
        [
            (radius + 2, 0),
            (radius + 5, 3),
            (radius + 5, height - 9),
            (radius, height - 2),
            (radius - 6, height),
            (1, height),
        ],
        axis=lathe.axis,
        base=floor,
        soft=False,
    )
    wall = paint_wall(canvas, cap, colour, material, foot_shade=0.45)
    if kind == "black":
        ribs = (0.5 + 0.5 * np.cos(wall.angle * 42)) ** 2 * np.clip((height - 8 - wall.height) / 4, 0, 1)
        canvas.darken(wall.shape, (0.4 * ribs).astype(np.float32))
