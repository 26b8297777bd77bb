"""Vases: the tallest variety of outlines, now and then with a few stems."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import Array, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, ellipse, smooth
from shop.demo.painting.lathe import Lathe, paint_opening, paint_wall, scaled, turn
from shop.demo.painting.light import CLOTH, GLAZE, MATTE, SATIN, Material, flat, lit, padded
from shop.demo.painting.patterns import leaf, paint_tile
from shop.demo.painting.strokes import paint_rod

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "bottle": [(90, 0), (112, 3), (124, 20), (140, 110), (124, 200), (62, 280), (42, 340), (40, 430), (52, 468)],
    "amphora": [(60, 0), (74, 3), (80, 16), (128, 120), (160, 236), (128, 330), (64, 384), (52, 420), (74, 452)],
    "gourd": [
        (84, 0),
        (108, 4),
        (138, 52),
        (146, 112),
        (112, 186),
        (76, 226),
        (92, 276),
        (96, 316),
        (66, 372),
        (46, 400),
        (52, 424),
    ],
    "cylinder": [(92, 0), (112, 3), (120, 16), (122, 160), (122, 300), (123, 420)],
    "teardrop": [(92, 0), (122, 4), (154, 50), (166, 122), (138, 216), (84, 310), (54, 390), (48, 436)],
    "urn": [
        (80, 0),
        (94, 3),
        (92, 18),
        (78, 34),
        (120, 92),
        (172, 190),
        (184, 262),
        (150, 336),
        (108, 358),
        (118, 384),
    ],
    "bud": [(70, 0), (98, 4), (126, 44), (130, 92), (98, 150), (44, 196), (30, 250), (30, 318), (42, 344)],
}
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "earthenware": MATTE, "porcelain": GLAZE}
PATTERNS = ("plain", "speckle", "plain", "brush", "waves", "stripe", "botanical", "terrazzo", "rings", "pinstripe")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

STEM = linear("#8a7a4e")
DRIED = linear("#d9b98a")
GREEN = linear("#6f8258")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one vase."""
    rng = design.chance()
    way = design.colours(rng)
    material = MATERIALS[design.material]
    stems = rng.random() < 0.42
    grow = 1.16 if stems else 1.5
    grow *= 1.12 if design.silhouette == "bud" else 1.0
    lathe = turn(scaled(SILHOUETTES[design.silhouette], grow * float(rng.uniform(0.95, 1.08)), grow), base=850)
    foot = lathe.radius_at(12)
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.27)
    skin = paint_tile(design.pattern, rng, way, size=1.15)
    if design.silhouette == "amphora":
        _handles(canvas, lathe, skin.ground, material)
    paint_wall(canvas, lathe, skin, material)
    paint_opening(
        canvas,
        lathe,
        mix(skin.ground, way.deep, 0.35),
        lip=9,
        lip_colour=mix(skin.ground, way.light, 0.2),
        material=material,
    )
    if stems:
        _branches(canvas, lathe, rng)


def _handles(canvas: Canvas, lathe: Lathe, colour: Array, material: Material) -> None:
    """Two ears between shoulder and neck."""
    for side in (-1, 1):
        low, high = lathe.top * 0.64, lathe.top * 0.93
        root = (lathe.axis + side * (lathe.radius_at(low) - 14), lathe.screen(low))
        crown = (lathe.axis + side * (lathe.radius_at(high) - 4), lathe.screen(high))
        out = lathe.axis + side * lathe.radius.max() * 0.98
        path = smooth(
            [root, (out, lathe.screen(lathe.top * 0.76)), (out - side * 22, lathe.screen(lathe.top * 0.92)), crown]
        )
        paint_rod(canvas, path, 30.0, colour, material)


def _branches(canvas: Canvas, lathe: Lathe, rng: np.random.Generator) -> None:
    """A few stems that lean out of the neck: eucalyptus, grass or pampas."""
    kind = str(rng.choice(["eucalyptus", "grass", "buttons"]))
    mouth = lathe.screen(lathe.top)
    for lean in np.linspace(-1, 1, int(rng.integers(3, 6))):
        sway = float(lean * rng.uniform(90, 150))
        rise = float(rng.uniform(230, 300)) * (1 - 0.25 * abs(float(lean)))
        start = (lathe.axis + float(lean) * lathe.rim * 0.5, mouth + lathe.rim * DEPTH_OF_MOUTH)
        stem = smooth([start, (start[0] + sway * 0.35, mouth - rise * 0.5), (start[0] + sway, mouth - rise)])
        if kind == "eucalyptus":
            _eucalyptus(canvas, stem, rng)
        elif kind == "grass":
            _grass(canvas, stem, rng)
        else:
            _buttons(canvas, stem, rng)


DEPTH_OF_MOUTH = 0.12
"""How far below the rim's middle stems come out of sight, as a share of its radius."""


def _eucalyptus(canvas: Canvas, stem: Points, rng: np.random.Generator) -> None:
    """Round leaves in pairs."""
    paint_rod(canvas, stem, (6, 3), STEM)
    green = mix(GREEN, linear("#a9b8a0"), float(rng.uniform(0.2, 0.7)))
    for at in range(6, len(stem) - 1, 4):
        for side in (-1, 1):
            centre = stem[at] + np.array([side * 19, -8 + rng.uniform(-4, 4)])
            size = 18 - 7 * at / len(stem)
            blade = canvas.polygon(ellipse(centre, size, size * rng.uniform(0.6, 0.9), steps=30))
            canvas.paint(
                blade, lit(green * float(rng.uniform(0.8, 1.15)), padded(canvas, blade, depth=5, edge=9), CLOTH)
            )


def _grass(canvas: Canvas, stem: Points, rng: np.random.Generator) -> None:
    """A long ear of dried grass."""
    paint_rod(canvas, stem, (5, 3), DRIED)
    tip = stem[int(len(stem) * 0.55) :]
    for at, node in enumerate(tip[::2]):
        for side in (-1, 1):
            tilt = side * float(rng.uniform(16, 34))
            blade = canvas.polygon(leaf(node, 46 - at * 0.8, 9, tilt))
            canvas.paint(
                blade, lit(DRIED * float(rng.uniform(0.75, 1.1)), flat(blade, right=side * 0.3, up=0.3), CLOTH)
            )


def _buttons(canvas: Canvas, stem: Points, rng: np.random.Generator) -> None:
    """A ball-shaped dried flower."""
    paint_rod(canvas, stem, (5, 4), STEM)
    radius = float(rng.uniform(20, 28))
    ball = canvas.polygon(ellipse(stem[-1], radius, radius, steps=40))
    colour = linear(str(rng.choice(["#e2b33a", "#c9785b", "#e9dcc4"])))
    canvas.paint(ball, lit(colour, padded(canvas, ball, depth=26, edge=24), CLOTH))
