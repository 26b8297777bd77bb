"""Cushions: square, long and round, with piping, tassels or a button."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import Array
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, ellipse, moved, smooth, turned
from shop.demo.painting.light import CLOTH, Material, Surface, bumped, lit, padded
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import noise

SILHOUETTES = ("square", "long", "round", "bolster", "tasselled")
MATERIALS: dict[str, Material] = {
    "linen": CLOTH,
    "wool": CLOTH,
    "velvet": Material(gloss=0.0, fuzz=0.30, wrap=0.25),
    "cotton": CLOTH,
}
PATTERNS = ("plain", "stripe", "botanical", "check", "herringbone", "dots", "waves", "rings", "plaid", "brush", "weave")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

HALF_SIZES = {
    "square": (330.0, 310.0),
    "tasselled": (310.0, 290.0),
    "long": (380.0, 230.0),
    "round": (320.0, 300.0),
    "bolster": (385.0, 165.0),
}
MIDDLE = np.array([500.0, 520.0])


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one cushion."""
    rng = design.chance()
    way = design.colours(rng)
    half = HALF_SIZES[design.silhouette]
    tilt = float(rng.uniform(-5, 5)) if design.silhouette != "bolster" else 0.0
    outline = turned(_outline(design.silhouette, half), tilt, about=MIDDLE)
    base = float(outline[:, 1].max())
    canvas.stand((500, base - 6), half[0] * 0.86, 30)
    skin = paint_tile(design.pattern, rng, way, size=float(rng.choice([1.5, 2.0])))
    trim = way.deep if design.pattern != "plain" or rng.random() < 0.5 else way.light
    if design.silhouette == "tasselled":
        _tassels(canvas, outline, trim, rng)
    shape = canvas.polygon(outline)
    surface = _swell(canvas, shape, design, half, rng)
    x, y = canvas.grid(shape.window)
    offset_x, offset_y = (x - MIDDLE[0]) / half[0], (y - MIDDLE[1]) / half[1]
    bulge = 1 + 0.10 * (offset_x**2 + offset_y**2)
    angle = np.radians(-tilt)
    turned_x = (x - MIDDLE[0]) * np.cos(angle) - (y - MIDDLE[1]) * np.sin(angle)
    turned_y = (x - MIDDLE[0]) * np.sin(angle) + (y - MIDDLE[1]) * np.cos(angle)
    albedo = skin.at(turned_x * bulge, turned_y * bulge)
    canvas.paint(shape, lit(albedo, surface, MATERIALS[design.material]))
    _trim(canvas, design, outline, trim)
    if design.silhouette == "round":
        _button(canvas, trim)


def _outline(silhouette: str, half: tuple[float, float]) -> Points:
    """The outline: corners pulled out a little, sides drawn in."""
    if silhouette == "round":
        return ellipse(MIDDLE, *half, steps=120)
    wide, high = half
    if silhouette == "bolster":
        end = 46.0
        left = [(-wide, -high + end), (-wide + end * 0.5, -high), (-wide + end, -high + 2)]
        points = [*left, (0, -high + 8), *((-x, y) for x, y in left[::-1])]
        return moved(smooth([*points, *((x, -y) for x, y in points[::-1])], closed=True), *MIDDLE)
    sag_x, sag_y = wide * 0.055, high * 0.065
    corners = []
    for across, down in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        tip = np.array([across * wide, down * high])
        first = np.array([across * wide * 0.5, down * (high - sag_y)])
        second = np.array([across * (wide - sag_x), down * high * 0.5])
        near_first = tip * [0.93, 1.0] + [0, -down * 5]
        near_second = tip * [1.0, 0.93] + [-across * 5, 0]
        ordered = (
            [second, near_second, near_first, first] if across * down > 0 else [first, near_first, near_second, second]
        )
        corners.extend(ordered)
    return moved(smooth(corners, closed=True, steps=10), *MIDDLE)


def _swell(
    canvas: Canvas, shape: Shape, design: Design, half: tuple[float, float], rng: np.random.Generator
) -> Surface:
    """The filled cushion with soft creases that run in from the corners, and the grain of its cloth."""
    surface = padded(canvas, shape, depth=half[1] * 0.62, edge=half[1] * 0.62)
    x, y = canvas.grid(shape.window)
    offset_x, offset_y = (x - MIDDLE[0]) / half[0], (y - MIDDLE[1]) / half[1]
    rows, columns = shape.window.shape
    soft = noise(rng, rows, columns, cells=(4, 5)) * 5.0 * canvas.scale
    if design.silhouette == "round":
        angle = np.arctan2(offset_y, offset_x)
        reach = np.sqrt(offset_x**2 + offset_y**2)
        pleats = np.cos(angle * 16) * np.clip(reach * 1.6, 0, 1) * np.clip(1.15 - reach, 0, 1) * 6 * canvas.scale
        pinch = -np.exp(-((reach / 0.16) ** 2)) * 40 * canvas.scale
        relief = soft + pleats + pinch
    elif design.silhouette == "bolster":
        relief = soft + np.cos(offset_y * 22) * np.clip((np.abs(offset_x) - 0.86) * 9, 0, 1) * 3 * canvas.scale
    else:
        corner = np.clip(np.abs(offset_x * offset_y) * 1.5 - 0.35, 0, 1)
        angle = np.arctan2(np.abs(offset_y) - 1.04, np.abs(offset_x) - 1.04)
        relief = soft + np.cos(angle * 17) * corner * 5.5 * canvas.scale
    yarn = rng.standard_normal((rows, columns), dtype=np.float32) * (0.10 if design.material != "velvet" else 0.04)
    return bumped(surface, (relief + yarn).astype(np.float32), 1.0)


def _trim(canvas: Canvas, design: Design, outline: Points, colour: Array) -> None:
    """Piping along the seam, where the cushion has it."""
    if design.silhouette in {"square", "round", "long"} and design.material != "wool":
        closed = np.concatenate([outline, outline[:1]])
        for part in np.array_split(np.arange(len(closed)), 4):
            piece = closed[part[0] : part[-1] + 2]
            paint_rod(canvas, piece, 11.0, colour, CLOTH)
    elif design.silhouette == "bolster":
        for side in (-1, 1):
            x = MIDDLE[0] + side * (HALF_SIZES["bolster"][0] - 52)
            seam = smooth([(x, MIDDLE[1] - 160), (x + side * 12, MIDDLE[1]), (x, MIDDLE[1] + 160)])
            paint_rod(canvas, seam, 9.0, colour, CLOTH)


def _tassels(canvas: Canvas, outline: Points, colour: Array, rng: np.random.Generator) -> None:
    """Tassels at the four corners."""
    for across, down in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        corner = outline[int(np.argmax(outline @ np.array([across, down])))]
        way_out = np.array([across * 0.75, 0.8 if down > 0 else 0.62])
        for _thread in range(13):
            tip = corner + way_out * float(rng.uniform(58, 78)) + rng.uniform(-15, 15, 2)
            middle = corner + way_out * 34 + rng.uniform(-9, 9, 2)
            paint_rod(
                canvas,
                smooth([tuple(corner), tuple(middle), tuple(tip)], steps=5),
                5.0,
                colour * float(rng.uniform(0.75, 1.15)),
                CLOTH,
            )
        paint_rod(canvas, [tuple(corner), tuple(corner + way_out * 20)], 19.0, colour, CLOTH)


def _button(canvas: Canvas, colour: Array) -> None:
    """A covered button in the middle."""
    button = canvas.polygon(ellipse(MIDDLE, 25, 24, steps=40))
    canvas.cast(button, across=5, down=8, blur=7, strength=0.4)
    canvas.paint(button, lit(colour, padded(canvas, button, depth=12, edge=16), CLOTH))
