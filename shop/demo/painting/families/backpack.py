"""Backpacks from the front: day packs, roll tops, rucksacks with a flap, small round ones."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import BRASS, CHARCOAL, GRAPHITE, TAN, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, arc, as_points, rectangle, rounded, smooth
from shop.demo.painting.light import CLOTH, LEATHER, METAL, RUBBER, SOFT_METAL, Material, bumped, lit, padded
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture, noise

SILHOUETTES = ("day", "roll top", "rucksack", "round", "tote")
MATERIALS: dict[str, Material] = {
    "canvas": CLOTH,
    "waxed cotton": Material(gloss=0.10, fuzz=0.03),
    "recycled nylon": Material(gloss=0.14, fuzz=0.02),
    "felt": CLOTH,
}
PATTERNS = ("plain", "plain", "botanical", "stripe", "plain", "check", "terrazzo", "plain", "dots")
COLOURWAYS = ("clay", "moss", "ink", "sky", "plum", "yellow", "oat")

BODIES: dict[str, Points] = {
    "day": rounded(
        [(262, 872), (244, 420), (300, 196), (500, 150), (700, 196), (756, 420), (738, 872)],
        (70, 160, 120, 120, 120, 160, 70),
        steps=14,
    ),
    "roll top": rounded(
        [(262, 872), (250, 560), (268, 236), (732, 236), (750, 560), (738, 872)], (58, 90, 18, 18, 90, 58), steps=12
    ),
    "rucksack": rounded(
        [(256, 872), (240, 560), (270, 250), (730, 250), (760, 560), (744, 872)], (76, 110, 60, 60, 110, 76), steps=12
    ),
    "round": rounded(
        [(280, 850), (262, 440), (318, 230), (682, 230), (738, 440), (720, 850)],
        (120, 160, 150, 150, 160, 120),
        steps=16,
    ),
    "tote": rounded([(268, 872), (256, 220), (744, 220), (732, 872)], (46, 22, 22, 46), steps=12),
}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one backpack."""
    rng = design.chance()
    way = design.colours(rng)
    skin = paint_tile(design.pattern, rng, way, size=1.35)
    trim = (TAN, way.deep, CHARCOAL)[int(rng.integers(0, 3))]
    leather = bool(np.array_equal(trim, TAN))
    canvas.stand((500, 866), 262, 40)
    _straps(canvas, design, way, trim)
    body = _cloth(canvas, BODIES[design.silhouette], skin, design, rng, depth=96, edge=100)
    if design.silhouette == "day":
        _zip(canvas, body, arc((500, 440), 212, 236, start=188, end=352), trim)
        _base(canvas, body, trim, leather)
        _pocket(canvas, design, rounded(rectangle(318, 560, 682, 826), 48), skin, rng, trim)
    elif design.silhouette == "round":
        _zip(canvas, body, arc((500, 452), 190, 184, start=190, end=350), trim)
        _pocket(canvas, design, rounded(rectangle(338, 540, 662, 800), 90), skin, rng, trim)
        _ears(canvas, trim)
    elif design.silhouette == "roll top":
        _roll(canvas, design, skin, rng, trim)
        _pocket(canvas, design, rounded(rectangle(320, 590, 680, 830), 26), skin, rng, trim)
    elif design.silhouette == "rucksack":
        _pocket(canvas, design, rounded(rectangle(330, 610, 670, 836), 40), skin, rng, trim)
        _flap(canvas, design, way, rng, trim, leather)
    else:
        _base(canvas, body, trim, leather)
        _pocket(canvas, design, rounded(rectangle(340, 480, 660, 700), 14), skin, rng, trim)
        _zip(canvas, body, as_points([(278, 262), (722, 262)]), trim)
    _patch(canvas, design, way, leather)


def _cloth(
    canvas: Canvas,
    outline: Points,
    skin: Texture | Array,
    design: Design,
    rng: np.random.Generator,
    *,
    depth: float,
    edge: float,
) -> Shape:
    """A stuffed piece of cloth with its weave and a few soft dents."""
    shape = canvas.polygon(outline)
    x, y = canvas.grid(shape.window)
    rows, columns = shape.window.shape
    dents = noise(rng, rows, columns, cells=(4, 4)) * 7 * canvas.scale
    rough = {"canvas": 0.09, "waxed cotton": 0.05, "recycled nylon": 0.03, "felt": 0.14}[design.material]
    relief = dents + rng.standard_normal((rows, columns), dtype=np.float32) * rough
    surface = bumped(padded(canvas, shape, depth=depth, edge=edge), relief.astype(np.float32), 1.0)
    albedo = skin.at(x, y) if isinstance(skin, Texture) else skin
    canvas.paint(shape, lit(albedo, surface, MATERIALS[design.material]))
    return shape


def _straps(canvas: Canvas, design: Design, way: Colourway, trim: Array) -> None:
    """Shoulder straps that show at both sides, and the handle on top."""
    top = {"day": 190.0, "round": 240.0}.get(design.silhouette, 236.0)
    for side in (-1, 1):
        path = smooth(
            [
                (500 + side * 120, top + 20),
                (500 + side * 262, top + 110),
                (500 + side * 296, top + 330),
                (500 + side * 268, 800),
            ]
        )
        paint_rod(canvas, path, (50, 34), mix(way.deep, way.base, 0.35), CLOTH, flatness=0.5)
    if design.silhouette == "tote":
        for offset, bright in ((-14, 0.7), (0, 1.0)):
            path = smooth(
                [
                    (400, 250),
                    (404, 120 + offset),
                    (450, 66 + offset),
                    (550, 66 + offset),
                    (596, 120 + offset),
                    (600, 250),
                ]
            )
            paint_rod(canvas, path, 24.0, trim * bright, LEATHER, flatness=0.4)
        return
    crown = {"day": 160.0, "roll top": 200.0, "rucksack": 236.0, "round": 228.0}[design.silhouette]
    loop = smooth(
        [
            (434, crown + 30),
            (440, crown - 34),
            (470, crown - 60),
            (530, crown - 60),
            (560, crown - 34),
            (566, crown + 30),
        ]
    )
    paint_rod(canvas, loop, 25.0, trim, LEATHER, flatness=0.4)


def _zip(canvas: Canvas, within: Shape, line: Points, trim: Array) -> None:
    """A zip: its tape, its teeth, its slider with a pull."""
    tape = canvas.line(line, 19).within(within)
    canvas.darken(tape, 0.42)
    points = as_points(line)
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    wanted = np.arange(0, run[-1], 8.0)
    teeth = []
    for at in wanted:
        x, y = np.interp(at, run, points[:, 0]), np.interp(at, run, points[:, 1])
        teeth.append(np.array([(x - 2.2, y), (x + 2.2, y)]))
    canvas.paint(canvas.lines(teeth, 4.2).within(within), BRASS * 0.8, 0.9)
    end = points[int(len(points) * 0.82)]
    pull = canvas.line([tuple(end), (end[0] + 4, end[1] + 40)], 13)
    canvas.cast(pull, across=3, down=4, blur=4, strength=0.4)
    canvas.paint(pull, lit(trim, padded(canvas, pull, depth=6, edge=7), LEATHER))


def _stitched(canvas: Canvas, outline: Points, inset: float, colour: Array) -> None:
    """Stitches a little inside the outline."""
    middle = outline.mean(axis=0)
    reach = np.abs(outline - middle).max(axis=0)
    inner = (outline - middle) * (1 - inset / reach) + middle
    closed = np.concatenate([inner, inner[:1]])
    run = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    starts = np.arange(0, run[-1] - 9, 15.0)
    dashes = []
    for start in starts:
        both = np.array([start, start + 8.5])
        dashes.append(np.stack([np.interp(both, run, closed[:, 0]), np.interp(both, run, closed[:, 1])], axis=1))
    canvas.paint(canvas.lines(dashes, 2.4), colour, 0.55)


def _pocket(
    canvas: Canvas, design: Design, outline: Points, skin: Texture, rng: np.random.Generator, trim: Array
) -> None:
    """The front pocket with its zip and stitches."""
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=6, down=10, blur=13, strength=0.42)
    ground: Texture | Array = skin if rng.random() < 0.6 else skin.ground * 0.86
    pocket = _cloth(canvas, outline, ground, design, rng, depth=44, edge=44)
    left, top = outline.min(axis=0)
    right = outline[:, 0].max()
    _zip(canvas, pocket, smooth([(left + 34, top + 58), ((left + right) / 2, top + 44), (right - 34, top + 58)]), trim)
    _stitched(canvas, outline, 13, mix(skin.ground, np.ones(3, dtype=np.float32), 0.5))


def _base(canvas: Canvas, body: Shape, trim: Array, leather: bool) -> None:  # noqa: FBT001  # one plain yes or no
    """A bottom of another cloth."""
    band = canvas.polygon(
        smooth([(200, 790), (360, 804), (640, 804), (800, 790)]),
        as_points([(200, 790), (360, 804), (640, 804), (800, 790), (800, 900), (200, 900)]),
    ).within(body)
    base = padded(canvas, body, depth=96, edge=100)
    top, left = band.window.top - body.window.top, band.window.left - body.window.left
    bottom, right = top + band.window.shape[0], left + band.window.shape[1]
    part = tuple(_cut(values, top, bottom, left, right) for values in (base.right, base.up, base.front))
    canvas.paint(band, lit(trim, type(base)(*part), LEATHER if leather else RUBBER))


def _cut(values: Array, top: int, bottom: int, left: int, right: int) -> Array:
    """A window out of an array, its edge continued where the window reaches further."""
    rows = np.clip(np.arange(top, bottom), 0, values.shape[0] - 1)
    columns = np.clip(np.arange(left, right), 0, values.shape[1] - 1)
    return values[np.ix_(rows, columns)]


def _ears(canvas: Canvas, trim: Array) -> None:
    """Two loops on the small round pack."""
    for side in (-1, 1):
        tab = canvas.polygon(rounded(rectangle(500 + side * 176 - 22, 470, 500 + side * 176 + 22, 520), 10))
        canvas.cast(tab, across=3, down=4, blur=5, strength=0.35)
        canvas.paint(tab, lit(trim, padded(canvas, tab, depth=8, edge=10), LEATHER))


def _roll(canvas: Canvas, design: Design, skin: Texture, rng: np.random.Generator, trim: Array) -> None:
    """The rolled top and the strap that holds it."""
    roll = rounded(rectangle(246, 176, 754, 266), 42)
    shape = canvas.polygon(roll)
    canvas.cast(shape, across=4, down=16, blur=14, strength=0.45)
    _cloth(canvas, roll, skin, design, rng, depth=52, edge=46)
    canvas.darken(canvas.line([(276, 236), (724, 236)], 3.0), 0.3)
    strap = canvas.polygon(rounded(rectangle(478, 170, 522, 540), 8))
    canvas.cast(strap, across=5, down=6, blur=7, strength=0.38)
    canvas.paint(strap, lit(trim, padded(canvas, strap, depth=8, edge=10), LEATHER))
    _buckle(canvas, (500.0, 430.0), 58.0)


def _buckle(canvas: Canvas, place: tuple[float, float], wide: float) -> None:
    """A metal frame with its pin."""
    x, y = place
    ring = canvas.polygon(rounded(rectangle(x - wide / 2, y - 24, x + wide / 2, y + 24), 9)).without(
        canvas.polygon(rounded(rectangle(x - wide / 2 + 9, y - 15, x + wide / 2 - 9, y + 15), 5))
    )
    canvas.cast(ring, across=2, down=4, blur=3, strength=0.4)
    canvas.paint(ring, lit(BRASS, padded(canvas, ring, depth=7, edge=7), SOFT_METAL))
    paint_rod(canvas, [(x, y - 20), (x, y + 20)], 7.0, BRASS, METAL)


def _flap(canvas: Canvas, design: Design, way: Colourway, rng: np.random.Generator, trim: Array, leather: bool) -> None:  # noqa: FBT001  # the parts of one flap
    """The flap over the top, held by two straps."""
    outline = rounded(
        [(254, 232), (746, 232), (752, 470), (640, 556), (360, 556), (248, 470)], (70, 70, 60, 60, 60, 60), steps=12
    )
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=6, down=14, blur=16, strength=0.45)
    _cloth(
        canvas,
        outline,
        way.base if design.pattern != "plain" else mix(way.base, way.deep, 0.18),
        design,
        rng,
        depth=66,
        edge=64,
    )
    _stitched(canvas, outline, 15, mix(way.base, np.ones(3, dtype=np.float32), 0.5))
    for x in (392.0, 608.0):
        strap = canvas.polygon(rounded(rectangle(x - 19, 470, x + 19, 690), 12))
        canvas.cast(strap, across=4, down=6, blur=6, strength=0.38)
        canvas.paint(strap, lit(trim, padded(canvas, strap, depth=8, edge=10), LEATHER if leather else CLOTH))
        _buckle(canvas, (x, 600.0), 54.0)


def _patch(canvas: Canvas, design: Design, way: Colourway, leather: bool) -> None:  # noqa: FBT001  # one plain yes or no
    """A small label."""
    place = {
        "day": (500, 420),
        "round": (500, 440),
        "roll top": (628, 420),
        "rucksack": (500, 380),
        "tote": (500, 400),
    }[design.silhouette]
    label = canvas.polygon(rounded(rectangle(place[0] - 40, place[1] - 22, place[0] + 40, place[1] + 22), 7))
    canvas.cast(label, across=2, down=3, blur=3, strength=0.3)
    canvas.paint(
        label, lit(TAN if leather else mix(way.light, way.accent, 0.4), padded(canvas, label, depth=5, edge=7), LEATHER)
    )
    mark = smooth(
        [
            (place[0] - 20, place[1] + 7),
            (place[0] - 8, place[1] - 8),
            (place[0] + 4, place[1] + 6),
            (place[0] + 20, place[1] - 8),
        ]
    )
    canvas.paint(canvas.line(mark, 3.4), GRAPHITE, 0.75)
