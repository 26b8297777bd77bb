"""Sneakers from the side, toe to the left: low, high, running, slip-on and court shoes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import CHALK, CREAM, Array, Colourway, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, as_points, smooth
from shop.demo.painting.light import CLOTH, LEATHER, MATTE, RUBBER, Material, bumped, lit, padded
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture

SILHOUETTES = ("low", "high", "runner", "slip-on", "court")
MATERIALS: dict[str, Material] = {
    "canvas": CLOTH,
    "leather": LEATHER,
    "suede": Material(gloss=0.0, fuzz=0.2, wrap=0.3),
    "knit": CLOTH,
}
PATTERNS = ("plain", "contrast", "check", "plain", "herringbone", "plain", "dots", "stripe")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

GUM = linear("#c08a4f")
SOLE_TOP, SOLE_LOW = 672.0, 735.0


UPPERS: dict[str, list[tuple[float, float]]] = {
    "low": [
        (112, 676),
        (106, 628),
        (136, 588),
        (214, 566),
        (312, 536),
        (408, 470),
        (470, 424),
        (512, 398),
        (540, 420),
        (600, 462),
        (690, 470),
        (760, 452),
        (818, 430),
        (848, 446),
        (862, 520),
        (868, 600),
        (876, 676),
    ],
    "high": [
        (112, 676),
        (106, 628),
        (136, 590),
        (214, 568),
        (312, 536),
        (410, 462),
        (474, 372),
        (506, 262),
        (524, 240),
        (600, 262),
        (700, 272),
        (800, 252),
        (826, 262),
        (838, 360),
        (846, 450),
        (862, 560),
        (876, 676),
    ],
    "runner": [
        (104, 676),
        (96, 634),
        (128, 594),
        (212, 570),
        (318, 536),
        (420, 462),
        (486, 408),
        (520, 388),
        (552, 418),
        (612, 462),
        (700, 464),
        (768, 436),
        (830, 396),
        (866, 410),
        (874, 500),
        (880, 600),
        (890, 676),
    ],
    "slip-on": [
        (112, 676),
        (106, 630),
        (138, 590),
        (220, 562),
        (330, 522),
        (430, 466),
        (486, 442),
        (520, 446),
        (600, 476),
        (700, 478),
        (776, 458),
        (826, 440),
        (852, 456),
        (864, 540),
        (868, 610),
        (876, 676),
    ],
    "court": [
        (110, 676),
        (102, 630),
        (130, 590),
        (206, 568),
        (306, 540),
        (404, 476),
        (468, 426),
        (508, 396),
        (540, 414),
        (604, 456),
        (694, 462),
        (762, 440),
        (822, 412),
        (854, 426),
        (866, 510),
        (870, 600),
        (878, 676),
    ],
}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one shoe."""
    rng = design.chance()
    way = design.colours(rng)
    upper = _upper(design.silhouette)
    material = MATERIALS[design.material]
    pale = design.pattern == "contrast"
    body_colour = mix(CHALK, way.light, 0.12) if pale else way.base
    trim = way.base if pale else (way.deep, way.light, mix(CHALK, way.light, 0.2))[int(rng.integers(0, 3))]
    sole = (CHALK, CREAM, GUM)[int(rng.integers(0, 3))] if design.silhouette != "runner" else CHALK
    canvas.stand((500, SOLE_LOW + 4), 400, 34)
    _inside(canvas, design.silhouette, mix(trim, CREAM, 0.5))
    if design.silhouette != "slip-on":
        _tongue(canvas, design.silhouette, trim, material)
    skin: Texture | Array = (
        body_colour if design.pattern == "plain" or pale else paint_tile(design.pattern, rng, way, size=0.95)
    )
    body = _body(canvas, upper, skin, design, material, rng)
    _panels(canvas, design, body, trim, body_colour, way, material)
    _sole(canvas, design, sole, way)
    _laces(canvas, design, mix(CHALK, way.light, 0.1))


def _upper(silhouette: str) -> Points:
    """The closed outline of the upper."""
    return np.concatenate([smooth(UPPERS[silhouette], steps=10), as_points([(880, 690), (112, 690)])])


def _body(
    canvas: Canvas, upper: Points, skin: Texture | Array, design: Design, material: Material, rng: np.random.Generator
) -> Shape:
    """The upper, rounded over the foot."""
    shape = canvas.polygon(upper)
    x, y = canvas.grid(shape.window)
    albedo = skin.at(x + (y - 560) * 0.15, y) if isinstance(skin, Texture) else skin
    surface = padded(canvas, shape, depth=92, edge=92, lean=(0, 0.12))
    rough = {"canvas": 0.07, "leather": 0.025, "suede": 0.10, "knit": 0.05}[design.material]
    relief = rng.standard_normal(shape.window.shape, dtype=np.float32) * rough
    if design.material == "knit":
        relief = relief + (np.sin(x * 0.85) * np.sin(y * 0.85 + np.sin(x * 0.42)) * 0.5 * canvas.scale).astype(
            np.float32
        )
    shade = 1 - 0.34 * np.exp(-np.clip(SOLE_TOP - y, 0, None) / 26) * np.ones(shape.window.shape)
    canvas.paint(shape, lit(albedo, bumped(surface, relief, 1.0), material, occlusion=shade.astype(np.float32)))
    return shape


def _inside(canvas: Canvas, silhouette: str, colour: Array) -> None:
    """The far side of the opening."""
    far = {
        "high": [(516, 250), (560, 226), (680, 222), (800, 240), (818, 262), (700, 290), (600, 286)],
        "runner": [(530, 400), (580, 386), (690, 396), (800, 372), (850, 398), (768, 448), (700, 478), (612, 476)],
    }.get(silhouette, [(520, 420), (570, 404), (690, 420), (790, 408), (836, 436), (766, 462), (690, 486), (600, 478)])
    shape = canvas.polygon(smooth(far, closed=True))
    x, _y = canvas.grid(shape.window)
    canvas.paint(
        shape,
        (colour * (0.34 + 0.30 * np.clip((x - 520) / 300, 0, 1)[..., None]) * np.ones((*shape.window.shape, 1))).astype(
            np.float32
        ),
    )


def _tongue(canvas: Canvas, silhouette: str, colour: Array, material: Material) -> None:
    """The tongue standing out of the throat."""
    tip = {"high": (496, 196), "runner": (506, 330)}.get(silhouette, (500, 344))
    base_y = 330 if silhouette == "high" else 460
    outline = smooth(
        [
            (430, base_y + 40),
            (tip[0] - 40, tip[1] + 46),
            (tip[0] - 14, tip[1]),
            (tip[0] + 30, tip[1] + 4),
            (tip[0] + 44, tip[1] + 50),
            (560, base_y + 30),
            (500, base_y + 90),
        ],
        closed=True,
    )
    shape = canvas.polygon(outline)
    canvas.paint(shape, lit(colour, padded(canvas, shape, depth=22, edge=26, lean=(-0.15, 0.2)), material))


def _overlay(canvas: Canvas, body: Shape, outline: Points, colour: Array, material: Material) -> None:
    """A piece sewn onto the upper, with a row of stitches inside its edge."""
    piece = canvas.polygon(outline).within(body)
    canvas.cast(piece, across=2, down=3, blur=3, strength=0.30)
    base = padded(canvas, body, depth=92, edge=92, lean=(0, 0.12))
    at = canvas_offset(piece, body)
    canvas.paint(piece, lit(colour, type(base)(base.right[at], base.up[at], base.front[at]), material))
    closed = np.concatenate([outline, outline[:1]])
    inner = (closed - closed.mean(axis=0)) * 0.955 + closed.mean(axis=0)
    canvas.darken(canvas.line(inner, 2.0).within(piece), 0.30)


def canvas_offset(piece: Shape, body: Shape) -> tuple[slice, slice]:
    """Where a piece lies within the body's window."""
    top, left = piece.window.top - body.window.top, piece.window.left - body.window.left
    return slice(top, top + piece.window.shape[0]), slice(left, left + piece.window.shape[1])


def _clipped(canvas: Canvas, outline: Points, body: Shape) -> Points:
    """The outline kept inside the body's window."""
    low = (np.array([body.window.left, body.window.top]) + 2.5 - canvas.extent / 2) / canvas.scale + 500
    high = (np.array([body.window.right, body.window.bottom]) - 2.5 - canvas.extent / 2) / canvas.scale + 500
    return np.clip(outline, low, high)


def _panels(
    canvas: Canvas, design: Design, body: Shape, trim: Array, ground: Array, way: Colourway, material: Material
) -> None:
    """Toe cap, heel counter, eyestay and what runs along the side."""
    pieces: list[tuple[Sequence[tuple[float, float]], Array]] = []
    high = design.silhouette == "high"
    if design.silhouette in {"low", "high"}:
        pieces.append(([(90, 700), (90, 600), (140, 576), (232, 556), (262, 590), (268, 640), (256, 700)], CHALK))
    else:
        pieces.append(([(90, 700), (90, 610), (170, 586), (300, 600), (380, 650), (420, 700)], trim))
    pieces.append(([(900, 700), (900, 500), (850, 470), (800, 490), (776, 560), (740, 640), (728, 700)], trim))
    if design.silhouette != "slip-on":
        lower = [(300, 566), (352, 580), (470, 520), (560, 470), (548, 396), (500, 380), (412, 462)]
        if high:
            lower = [(300, 566), (352, 584), (470, 520), (560, 420), (590, 260), (520, 230), (488, 330), (412, 458)]
        pieces.append((lower, trim if design.silhouette != "low" else ground * 0.92))
    for outline, colour in pieces:
        _overlay(canvas, body, _clipped(canvas, smooth(outline, closed=True, steps=8), body), colour, material)
    _side_mark(canvas, design, body, trim, way, material)


def _side_mark(canvas: Canvas, design: Design, body: Shape, trim: Array, way: Colourway, material: Material) -> None:
    """The mark on the side: a wave, two bars, a patch; elastic on slip-ons."""
    if design.silhouette == "runner":
        wave = smooth(
            [
                (330, 668),
                (430, 602),
                (560, 604),
                (690, 540),
                (790, 500),
                (780, 540),
                (690, 588),
                (570, 650),
                (450, 640),
                (360, 676),
            ],
            closed=True,
        )
        _overlay(canvas, body, _clipped(canvas, wave, body), way.accent, material)
    elif design.silhouette == "court":
        for at in range(2):
            bar = as_points([(520 + at * 72, 660), (556 + at * 72, 660), (616 + at * 62, 500), (584 + at * 62, 492)])
            _overlay(canvas, body, _clipped(canvas, bar, body), trim, material)
    elif design.silhouette == "high":
        angle = np.linspace(0, 2 * np.pi, 50, endpoint=False)
        patch = np.stack([690 + 44 * np.cos(angle), 400 + 44 * np.sin(angle)], axis=1)
        _overlay(canvas, body, patch, CHALK, material)
        star = canvas.polygon(
            np.stack(
                [
                    690 + np.where(np.arange(10) % 2, 11, 25) * np.sin(np.arange(10) * np.pi / 5),
                    400 - np.where(np.arange(10) % 2, 11, 25) * np.cos(np.arange(10) * np.pi / 5),
                ],
                axis=1,
            )
        )
        canvas.paint(star, way.deep)
    elif design.silhouette == "slip-on":
        gore = canvas.polygon(smooth([(520, 450), (600, 476), (590, 560), (520, 566), (486, 520)], closed=True)).within(
            body
        )
        canvas.darken(gore, 0.45)
        lines = [np.array([(505 + at * 14, 460), (500 + at * 14, 560)]) for at in range(7)]
        canvas.darken(canvas.lines(lines, 3).within(gore), 0.3)


def _sole(canvas: Canvas, design: Design, colour: Array, way: Colourway) -> None:
    """The sole: a rubber wall with a line around it, or the thick foam of a running shoe."""
    if design.silhouette == "runner":
        outline = smooth(
            [
                (88, 660),
                (130, 668),
                (300, 656),
                (500, 662),
                (700, 640),
                (880, 622),
                (928, 640),
                (922, 690),
                (890, 736),
                (700, 744),
                (400, 744),
                (170, 738),
                (100, 712),
            ],
            closed=True,
        )
    else:
        outline = smooth(
            [
                (98, 656),
                (108, 650),
                (300, 664),
                (600, 664),
                (880, 656),
                (890, 668),
                (886, 722),
                (860, 738),
                (500, 740),
                (150, 738),
                (104, 722),
            ],
            closed=True,
        )
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=0, down=-7, blur=6, strength=0.25)
    canvas.paint(shape, lit(colour, padded(canvas, shape, depth=20, edge=24), RUBBER))
    if design.silhouette == "runner":
        groove = smooth([(110, 704), (300, 696), (520, 704), (720, 680), (912, 664)])
        canvas.paint(canvas.line(groove, 9).within(shape), lit_flat(way.base))
    else:
        line = smooth([(104, 690), (300, 694), (600, 694), (886, 688)])
        canvas.paint(canvas.line(line, 6).within(shape), lit_flat(way.base))
    _tread(canvas, shape)


def _tread(canvas: Canvas, sole: Shape) -> None:
    """The profile at the lower edge."""
    tread = canvas.polygon(as_points([(90, 727), (900, 727), (900, 745), (90, 745)])).within(sole)
    canvas.darken(tread, 0.42)
    teeth = [np.array([(x, 730.0), (x, 742.0)]) for x in np.arange(120.0, 880.0, 16.0)]
    canvas.darken(canvas.lines(teeth, 4).within(sole), 0.4)


def lit_flat(colour: Array) -> Array:
    """A colour as an upright wall shows it."""
    return (colour * 0.86).astype(np.float32)


def _laces(canvas: Canvas, design: Design, colour: Array) -> None:
    """Laces across the throat, eyelets, and a bow."""
    if design.silhouette == "slip-on":
        return
    start, end = np.array([368.0, 520.0]), np.array([512.0, 408.0])
    count = 5
    if design.silhouette == "high":
        start, end, count = np.array([368.0, 520.0]), np.array([520.0, 268.0]), 7
    for share in np.linspace(0, 1, count):
        middle = start + (end - start) * share
        near = middle + np.array([46.0, 22.0])
        far = middle + np.array([-10.0, -26.0])
        eyelet = canvas.polygon(
            as_points(
                [near + 8 * np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)]
            )
        )
        canvas.darken(eyelet, 0.6)
        lace = smooth([tuple(far), tuple(middle + np.array([16.0, -10.0])), tuple(near)], steps=8)
        shadow = canvas.line(lace + np.array([1.0, 6.0]), 13)
        canvas.darken(shadow, 0.28)
        paint_rod(canvas, lace, 14.0, colour, CLOTH)
    knot = end + np.array([6.0, -18.0])
    for loop in (
        [(0, 0), (-52, -44), (-92, -22), (-60, 8), (0, 2)],
        [(0, 0), (34, -52), (72, -44), (56, -8), (0, 2)],
        [(0, 0), (-30, 36), (-52, 70)],
        [(0, 0), (22, 40), (18, 84)],
    ):
        paint_rod(canvas, smooth([(knot[0] + x, knot[1] + y) for x, y in loop], steps=8), 10.0, colour, CLOTH)
    paint_rod(canvas, [tuple(knot + np.array([-6, -2])), tuple(knot + np.array([7, 2]))], 19.0, colour, MATTE)
