"""T-shirts laid flat: short and long sleeves, stripes, a chest pocket or a printed picture."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import CHALK, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, arc, as_points, ellipse, mirrored, rectangle, rounded, smooth
from shop.demo.painting.light import CLOTH, Material, bumped, flat, lit, padded
from shop.demo.painting.patterns import leaf, paint_tile
from shop.demo.painting.textures import Texture, Tile, band, noise

SILHOUETTES = ("classic", "boxy", "long sleeve", "raglan", "sleeveless")
MATERIALS: dict[str, Material] = {"cotton": CLOTH, "heavy cotton": CLOTH, "linen jersey": CLOTH}
PATTERNS = ("plain", "stripe", "sun", "pocket", "hills", "sprig", "plain", "waves", "bands", "dots")
PRINTS = frozenset({"sun", "pocket", "hills", "sprig", "bands"})
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

NECK = np.array([500.0, 150.0])


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one T-shirt."""
    rng = design.chance()
    way = design.colours(rng)
    pale = design.pattern in PRINTS or (design.pattern == "stripe" and rng.random() < 0.5)
    cloth = mix(CHALK, way.light, 0.25) if pale else way.base
    printed = (
        (way.base if way.name != "oat" else way.deep) if pale else (way.light if way.name != "yellow" else way.accent)
    )
    _back_of_neck(canvas, cloth)
    for sleeve in _sleeves(design.silhouette):
        colour = printed if design.silhouette == "raglan" else cloth
        _piece(canvas, sleeve, _pattern(design, way, cloth, printed) or colour, rng, folds=4.0)
        _cuff(canvas, sleeve)
    body = _piece(
        canvas,
        _body(design.silhouette),
        _pattern(design, way, cloth, printed) or cloth,
        rng,
        folds=8.5,
    )
    _print(canvas, design, body, printed, way)
    _collar(canvas, printed if design.silhouette == "raglan" else cloth)
    _hem(canvas, body, design.silhouette)
    canvas.hang(across=9, down=13, blur=13, strength=0.40)


ARMHOLE = [(346, 160), (358, 250), (334, 320), (282, 366), (284, 560), (278, 838)]


def _body(silhouette: str) -> Points:
    """The trunk, both halves."""
    wide = 258 if silhouette == "boxy" else 236
    low = _hem_height(silhouette)
    neck = smooth([(500, 208), (440, 190), (402, 142)], steps=8)
    if silhouette == "sleeveless":
        wide, side = 222, smooth(ARMHOLE, steps=8)
    else:
        side = smooth([(295, 190), (508 - wide, 350), (510 - wide, 560), (500 - wide, low)], steps=8)
    hem = smooth([(502 - wide, low + 4), (420, low + 12), (500, low + 14)], steps=8)
    return mirrored(np.concatenate([neck, side, hem]), about=500)


def _hem_height(silhouette: str) -> float:
    """How far down the shirt reaches."""
    return {"boxy": 800.0, "long sleeve": 850.0}.get(silhouette, 840.0)


def _sleeves(silhouette: str) -> list[Points]:
    """Both sleeves; long ones lie beside the trunk."""
    if silhouette == "sleeveless":
        return []
    if silhouette == "long sleeve":
        left = [(330, 168), (262, 200), (196, 430), (136, 700), (206, 728), (268, 560), (300, 380), (330, 300)]
    elif silhouette == "boxy":
        left = [(330, 168), (262, 196), (112, 398), (205, 470), (262, 404), (330, 330)]
    elif silhouette == "raglan":
        left = [(410, 140), (330, 166), (262, 200), (128, 410), (208, 462), (272, 374), (330, 300), (420, 190)]
    else:
        left = [(330, 168), (262, 200), (128, 400), (210, 456), (272, 374), (330, 300)]
    outline = rounded(left, 26)
    other = outline.copy()
    other[:, 0] = 1000 - other[:, 0]
    return [outline, other]


def _pattern(design: Design, way: Colourway, cloth: Array, printed: Array) -> Texture | None:
    """A woven pattern for the whole shirt, or nothing."""
    if design.pattern in {"waves", "dots"}:
        own = Colourway(way.name, cloth, way.deep, way.light, printed)
        return paint_tile(design.pattern, np.random.default_rng(list(design.seed)), own, size=1.15)
    if design.pattern == "stripe":
        tile = Tile(40, 46).fill(cloth)
        _u, v = tile.grid()
        rows = np.broadcast_to(v, (tile.rows, tile.columns))
        return tile.blend(band(rows, period=46, width=15, softness=1.3), printed).texture()
    return None


def _piece(canvas: Canvas, outline: Points, skin: Texture | Array, rng: np.random.Generator, *, folds: float) -> Shape:
    """One piece of jersey: soft edges, slow folds, the grain of the knit."""
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=4, down=7, blur=9, strength=0.30)
    x, y = canvas.grid(shape.window)
    rows, columns = shape.window.shape
    slow = noise(rng, rows, columns, cells=(3, 4)) + 0.45 * noise(rng, rows, columns, cells=(5, 8))
    hang = np.sin((x - 500) / 46 + slow * 1.6) * np.clip((y - 330) / 520, 0, 1) * 0.5
    relief = (slow + hang) * folds * canvas.scale
    knit = rng.standard_normal((rows, columns), dtype=np.float32) * 0.045
    surface = bumped(padded(canvas, shape, depth=12, edge=20), (relief + knit).astype(np.float32), 1.0)
    if isinstance(skin, Texture):
        shift = slow * 5
        albedo = skin.at(x + shift, y + shift)
    else:
        albedo = skin
    canvas.paint(shape, lit(albedo, surface, CLOTH))
    return shape


def _seam(canvas: Canvas, line: Points, *, offset: float = 0.0) -> None:
    """A row of stitches: a fine dark line with a lighter one below."""
    moved = as_points(line) + np.array([0, offset])
    canvas.darken(canvas.line(moved, 2.4), 0.26)


def _cuff(canvas: Canvas, sleeve: Points) -> None:
    """Two rows of stitches at the end of the sleeve."""
    left = sleeve[:, 0].mean() < 500
    outer = sleeve[int(np.argmin(sleeve[:, 0] if left else -sleeve[:, 0]))]
    lowest = sleeve[int(np.argmax(sleeve[:, 1]))]
    middle = sleeve.mean(axis=0)
    for inset in (0.10, 0.13):
        line = np.stack([outer + (middle - outer) * inset, lowest + (middle - lowest) * inset])
        shape = canvas.line(line, 2.2).within(canvas.polygon(sleeve))
        canvas.darken(shape, 0.24)


def _hem(canvas: Canvas, body: Shape, silhouette: str) -> None:
    """Two rows of stitches above the lower edge."""
    low = _hem_height(silhouette)
    for up in (22, 28):
        line = smooth([(250, low - up), (420, low - up + 10), (580, low - up + 10), (750, low - up)])
        canvas.darken(canvas.line(line, 2.2).within(body), 0.22)


def _back_of_neck(canvas: Canvas, cloth: Array) -> None:
    """The inside of the back, with its label."""
    inside = canvas.polygon(
        smooth([(398, 146), (500, 118), (602, 146), (570, 200), (500, 222), (430, 200)], closed=True)
    )
    canvas.paint(inside, cloth * 0.52)
    canvas.paint(canvas.polygon(rounded(rectangle(474, 140, 526, 168), 4)), CHALK * 0.85)


def _collar(canvas: Canvas, colour: Array) -> None:
    """The ribbed band around the neck, front and back."""
    front = smooth([(398, 140), (436, 190), (500, 212), (564, 190), (602, 140)], steps=16)
    back = smooth([(398, 142), (450, 124), (500, 119), (550, 124), (602, 142)], steps=16)
    for line, bright in ((back, 0.85), (front, 1.0)):
        shape = canvas.line(line, 25)
        canvas.cast(shape, across=1, down=4, blur=4, strength=0.22)
        canvas.paint(shape, lit(colour * bright, padded(canvas, shape, depth=9, edge=10), CLOTH))
        ribs = [np.stack([point, point + np.array([0.0, 0.1])]) for point in line]
        for point, direction in zip(line, np.gradient(line, axis=0), strict=True):
            across = np.array([-direction[1], direction[0]]) / max(float(np.hypot(*direction)), 1e-6) * 10
            ribs.append(np.stack([point - across, point + across]))
        canvas.darken(canvas.lines(ribs[len(line) :], 1.6).within(shape), 0.14)
    _seam(canvas, front, offset=15)


def _print(canvas: Canvas, design: Design, body: Shape, colour: Array, way: Colourway) -> None:
    """What is sewn or printed on the chest."""
    if design.pattern == "pocket":
        pocket = canvas.polygon(rounded([(548, 318), (652, 318), (652, 420), (600, 446), (548, 420)], 9))
        canvas.cast(pocket, across=3, down=5, blur=5, strength=0.25)
        canvas.paint(pocket, lit(colour, padded(canvas, pocket, depth=5, edge=7), CLOTH))
        canvas.darken(canvas.line([(550, 342), (650, 342)], 2.2), 0.22)
    elif design.pattern == "sun":
        parts = [ellipse((500, 400), 62, 62, steps=60)]
        canvas.paint(canvas.polygon(*parts).within(body), colour, 0.92)
        rays = [
            np.stack(
                [
                    np.array([500 + 80 * np.cos(a), 400 + 80 * np.sin(a)]),
                    np.array([500 + 112 * np.cos(a), 400 + 112 * np.sin(a)]),
                ]
            )
            for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)
        ]
        canvas.paint(canvas.lines(rays, 9).within(body), colour, 0.92)
    elif design.pattern == "hills":
        for radius, ink in ((118, way.deep), (88, colour), (58, way.light), (30, way.deep)):
            arch = np.concatenate(
                [
                    arc((500, 470), radius, radius, start=180, end=360),
                    as_points([(500 + radius, 500), (500 - radius, 500)]),
                ]
            )
            canvas.paint(canvas.polygon(arch).within(body), ink, 0.92)
    elif design.pattern == "sprig":
        canvas.paint(canvas.line(smooth([(500, 500), (494, 420), (508, 330)]), 5), colour)
        leaves = [
            leaf(np.array([498.0 + at * 1.2, 480.0 - at * 32]), 72 - at * 8, 26 - at * 2, side * (56 - at * 5))
            for at in range(5)
            for side in (-1, 1)
        ]
        canvas.paint(canvas.polygon(*leaves, leaf(np.array([507.0, 336.0]), 46, 18, 4)).within(body), colour, 0.92)
    elif design.pattern == "bands":
        for at, ink in enumerate((colour, way.deep, way.light)):
            band = canvas.polygon(rectangle(200, 380 + at * 44, 800, 414 + at * 44)).within(body)
            canvas.paint(band, lit(ink, flat(band), CLOTH), 0.9)
