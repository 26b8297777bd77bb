"""Headphones from the front: a band over two cups, padded or of bare metal, studio size or small."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import BRASS, CHARCOAL, CREAM, GRAPHITE, OAK, STEEL, TAN, WALNUT, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, arc, as_points, ellipse, rectangle, rounded, smooth, turned
from shop.demo.painting.light import (
    LEATHER,
    MATTE,
    METAL,
    RUBBER,
    SATIN,
    SOFT_METAL,
    WOOD,
    Material,
    bumped,
    lit,
    padded,
)
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import wood_texture

SILHOUETTES = ("studio", "classic", "slim", "square", "folding")
MATERIALS: dict[str, Material] = {"matte": MATTE, "satin": SATIN, "wood": WOOD, "aluminium": SOFT_METAL}
PATTERNS = ("plain", "ring", "grille", "plain", "dot")
COLOURWAYS = ("oat", "ink", "clay", "moss", "sky", "plum", "yellow")

CUPS = {
    "studio": (118.0, 158.0),
    "classic": (108.0, 136.0),
    "slim": (86.0, 100.0),
    "square": (104.0, 132.0),
    "folding": (96.0, 118.0),
}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one pair of headphones."""
    rng = design.chance()
    way = design.colours(rng)
    across, up = CUPS[design.silhouette]
    spread = 250.0 if design.silhouette != "slim" else 232.0
    pad = (TAN, CHARCOAL, mix(CREAM, way.light, 0.4), way.deep)[int(rng.integers(0, 4))]
    if design.material == "wood":
        pad = way.base
    trim = (BRASS, STEEL, GRAPHITE)[int(rng.integers(0, 3))]
    level = 640.0
    for side in (-1, 1):
        canvas.stand((500 + side * (spread - 20), level + up + 2), across * 1.05, 30)
    _band(canvas, design, way, pad, trim, spread, level)
    for side in (-1, 1):
        middle = np.array([500 + side * spread, level])
        _yoke(canvas, middle, side, up, trim)
        _cushion(canvas, design, middle, side, (across, up), pad, rng)
        _shell(canvas, design, middle, side, (across, up), way, trim, rng)
    if rng.random() < 0.35:
        cable = smooth(
            [
                (500 - spread - 20, level + up - 8),
                (500 - spread - 10, level + up + 70),
                (500 - 90, level + up + 96),
                (500 + 70, level + up + 66),
            ]
        )
        paint_rod(canvas, cable, 11.0, CHARCOAL, RUBBER)


def _band(canvas: Canvas, design: Design, way: Colourway, pad: Array, trim: Array, spread: float, level: float) -> None:
    """The band: a metal spring outside, padding inside."""
    height = 410.0
    centre = (500.0, level - 40)
    outer = arc(centre, spread + 6, height, start=184, end=356, steps=60)
    if design.silhouette == "slim":
        paint_rod(canvas, outer, 17.0, trim, SOFT_METAL)
        rest = arc(centre, spread - 6, height - 18, start=230, end=310, steps=30)
        paint_rod(canvas, rest, 26.0, pad, LEATHER)
        return
    paint_rod(
        canvas,
        outer,
        30.0 if design.silhouette != "studio" else 36.0,
        way.base if design.material != "wood" else trim,
        MATERIALS[design.material] if design.material != "wood" else SOFT_METAL,
    )
    inner = arc((centre[0], centre[1] + 10), spread - 16, height - 36, start=208, end=332, steps=44)
    cushion = paint_rod(canvas, inner, (46 if design.silhouette == "studio" else 38), pad, LEATHER)
    seams = []
    for point, direction in list(zip(inner, np.gradient(inner, axis=0), strict=True))[4:-4:5]:
        sideways = np.array([-direction[1], direction[0]]) / max(float(np.hypot(*direction)), 1e-6) * 20
        seams.append(np.stack([point - sideways, point + sideways]))
    canvas.darken(canvas.lines(seams, 3).within(cushion), 0.3)


def _yoke(canvas: Canvas, middle: Points, side: int, up: float, trim: Array) -> None:
    """The fork that holds a cup."""
    slider = [(middle[0] + side * 4, middle[1] - up - 110), (middle[0] + side * 2, middle[1] - up + 12)]
    paint_rod(canvas, slider, 20.0, trim, SOFT_METAL)
    fork = smooth(
        [
            (middle[0] + side * 46, middle[1] - 10),
            (middle[0] + side * 40, middle[1] - up * 0.75),
            (middle[0], middle[1] - up - 16),
            (middle[0] - side * 34, middle[1] - up * 0.8),
        ]
    )
    paint_rod(canvas, fork, 15.0, trim, SOFT_METAL)


def _cup(design: Design, middle: Points, across: float, up: float, tilt: float) -> Points:
    """The outline of a cup turned a little towards us."""
    if design.silhouette == "square":
        outline = rounded(
            rectangle(middle[0] - across, middle[1] - up, middle[0] + across, middle[1] + up), across * 0.55, steps=16
        )
    else:
        outline = ellipse(middle, across, up, steps=120)
    return turned(outline, tilt, about=middle)


def _cushion(
    canvas: Canvas,
    design: Design,
    middle: Points,
    side: int,
    size: tuple[float, float],
    pad: Array,
    rng: np.random.Generator,
) -> None:
    """The ear pad, seen at the inner edge."""
    place = middle - np.array([side * size[0] * 0.40, 0])
    outline = _cup(design, place, size[0] * 0.82, size[1] * 0.98, side * 4)
    shape = canvas.polygon(outline)
    surface = padded(canvas, shape, depth=46, edge=44)
    creases = rng.standard_normal(shape.window.shape, dtype=np.float32) * 0.05
    canvas.paint(shape, lit(pad, bumped(surface, creases, 1.0), LEATHER))
    seam = _cup(design, place, size[0] * 0.62, size[1] * 0.80, side * 4)
    canvas.darken(canvas.line(np.concatenate([seam, seam[:1]]), 3.0).within(shape), 0.25)


def _shell(
    canvas: Canvas,
    design: Design,
    middle: Points,
    side: int,
    size: tuple[float, float],
    way: Colourway,
    trim: Array,
    rng: np.random.Generator,
) -> None:
    """The outer shell with its ring, grille or dot."""
    across, up = size[0] * 0.86, size[1]
    outline = _cup(design, middle, across, up, side * 4)
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=-side * 5, down=4, blur=10, strength=0.35)
    x, y = canvas.grid(shape.window)
    albedo: Array = way.base
    if design.material == "wood":
        albedo = wood_texture(rng, WALNUT if way.name in {"ink", "plum", "clay"} else OAK).at(x, y)
    surface = padded(canvas, shape, depth=44, edge=46, lean=(side * 0.10, 0))
    canvas.paint(shape, lit(albedo, surface, MATERIALS[design.material]))
    inner = canvas.polygon((outline - middle) * 0.66 + middle)
    if design.pattern == "ring":
        ring = inner.without(canvas.polygon((outline - middle) * 0.58 + middle))
        canvas.paint(ring, lit(trim, padded(canvas, ring, depth=7, edge=7), SOFT_METAL))
    elif design.pattern == "grille":
        canvas.paint(inner, lit(GRAPHITE, padded(canvas, inner, depth=8, edge=10), SOFT_METAL))
        holes = [
            ellipse((hx, hy), 4.2, 4.2, steps=12)
            for hx in np.arange(middle[0] - across, middle[0] + across, 15.0)
            for hy in np.arange(middle[1] - up, middle[1] + up, 15.0)
        ]
        canvas.darken(canvas.polygon(*holes).within(inner), 0.65)
    elif design.pattern == "dot":
        spot = canvas.polygon(ellipse(middle, 22, 24, steps=40))
        canvas.paint(spot, lit(trim, padded(canvas, spot, depth=8, edge=12), METAL))
    else:
        line = (outline - middle) * 0.66 + middle
        canvas.darken(canvas.line(as_points(np.concatenate([line, line[:1]])), 3.0), 0.22)
