"""Chairs, turned a little to the left: wooden ones, shells, padded ones and stools.

They are built from rods, slabs and cushions placed in a small room of their
own (x to the right, y away from us, z up) and projected by the studio's camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import ASH, BRASS, GRAPHITE, OAK, WALNUT, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, as_points, rounded, smooth
from shop.demo.painting.light import (
    CLOTH,
    DEPTH,
    LEATHER,
    SATIN,
    SOFT_METAL,
    UP,
    WOOD,
    Material,
    bumped,
    flat,
    lit,
    padded,
)
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture, noise, wood_texture

SILHOUETTES = ("ladder", "spindle", "moulded", "lounge", "stool", "bistro")
MATERIALS: dict[str, Material] = {"oak": WOOD, "walnut": WOOD, "ash": WOOD, "lacquered beech": SATIN}
PATTERNS = ("plain", "plain", "herringbone", "stripe", "plain", "check", "weave")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

TURN = np.radians(28.0)
SCALE = 1.0
FLOOR = 850.0


@dataclass(frozen=True)
class _Order:
    """What one chair is made of: its design, its wood and the wood's grain, its cloth, and its chance."""

    design: Design
    wood: Array
    skin: Texture
    cloth: Texture
    rng: np.random.Generator


def project(x: float, y: float, z: float) -> tuple[float, float]:
    """A place in the chair's room on the picture: turned about the upright axis, seen from above."""
    right = x * np.cos(TURN) + y * np.sin(TURN)
    away = -x * np.sin(TURN) + y * np.cos(TURN)
    return 500 + SCALE * float(right), FLOOR - SCALE * float(z * UP + away * DEPTH * 1.25)


def path(*places: tuple[float, float, float]) -> Points:
    """Several places at once."""
    return as_points([project(*place) for place in places])


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one chair."""
    rng = design.chance()
    way = design.colours(rng)
    wood, skin = _wood(design, way, rng)
    canvas.stand((506, FLOOR - 18), 250, 66, strength=0.55)
    cloth = paint_tile(design.pattern, rng, way, size=1.0)
    painters = {
        "ladder": _ladder,
        "spindle": _spindle,
        "moulded": _shell,
        "lounge": _lounge,
        "stool": _stool,
        "bistro": _bistro,
    }
    painters[design.silhouette](canvas, _Order(design, wood, skin, cloth, rng))


def _wood(design: Design, way: Colourway, rng: np.random.Generator) -> tuple[Array, Texture]:
    """The frame's colour and its grain."""
    colour = {"oak": OAK, "walnut": WALNUT, "ash": ASH}.get(design.material, way.base)
    return colour, wood_texture(rng, colour) if design.material != "lacquered beech" else paint_tile("plain", rng, way)


def _leg(
    canvas: Canvas,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    width: tuple[float, float],
    colour: Array,
) -> None:
    """A straight leg from top to floor."""
    paint_rod(canvas, path(start, end), width, colour, WOOD)


def _slab(
    canvas: Canvas, corners: Points, thick: float, skin: Texture | Array, material: Material, radius: float
) -> Shape:
    """A level board: its edge below, its top above."""
    outline = rounded(corners, radius)
    edge = canvas.polygon(outline + np.array([0, thick]), outline, _swept(outline, thick))
    shade = skin.ground if isinstance(skin, Texture) else skin
    canvas.paint(edge, lit(shade * 0.82, flat(edge, right=-0.25, up=-0.1), material))
    top = canvas.polygon(outline)
    x, y = canvas.grid(top.window)
    albedo = skin.at(y * 2.2, x) if isinstance(skin, Texture) else skin
    surface = padded(canvas, top, depth=7, edge=10, lean=(0, 0.9))
    canvas.paint(top, lit(albedo, surface, material))
    return top


def _swept(outline: Points, thick: float) -> Points:
    """The side of a board between its upper and lower outline."""
    left, right = outline[int(np.argmin(outline[:, 0]))], outline[int(np.argmax(outline[:, 0]))]
    down = np.array([0, thick])
    return np.stack([left, right, right + down, left + down])


def _upholstery(
    canvas: Canvas,
    outline: Points,
    skin: Texture | Array,
    rng: np.random.Generator,
    *,
    depth: float,
    edge: float,
    lean: tuple[float, float],
    material: Material = CLOTH,
) -> Shape:
    """A padded piece of cloth."""
    shape = canvas.polygon(outline)
    x, y = canvas.grid(shape.window)
    rows, columns = shape.window.shape
    relief = (
        noise(rng, rows, columns, cells=(3, 3)) * 3 * canvas.scale
        + rng.standard_normal((rows, columns), dtype=np.float32) * 0.08
    )
    surface = bumped(padded(canvas, shape, depth=depth, edge=edge, lean=lean), relief.astype(np.float32), 1.0)
    albedo = skin.at(x, y * (1.6 if lean[1] > 0.5 else 1.0)) if isinstance(skin, Texture) else skin
    canvas.paint(shape, lit(albedo, surface, material))
    return shape


SEAT = ((-165, -150), (165, -150), (150, 150), (-150, 150))


def _seat_corners(height: float, *, grow: float = 1.0) -> Points:
    """The seat's four corners, front left first."""
    return path(*((x * grow, y * grow, height) for x, y in SEAT))


def _seat_cushion(canvas: Canvas, height: float, cloth: Texture | Array, rng: np.random.Generator) -> None:
    """A flat cushion on the seat."""
    corners = _seat_corners(height + 18, grow=0.96)
    low = rounded(corners + np.array([0, 16]), 34)
    base = canvas.polygon(low, rounded(corners, 34))
    canvas.cast(base, across=0, down=8, blur=6, strength=0.3)
    shade = cloth.ground if isinstance(cloth, Texture) else cloth
    canvas.paint(base, lit(shade * 0.72, flat(base, up=-0.1), CLOTH))
    _upholstery(canvas, rounded(corners, 34), cloth, rng, depth=22, edge=34, lean=(0, 0.75))


def _front_legs(canvas: Canvas, height: float, wood: Array, *, splay: float = 14) -> None:
    """The two legs nearer to us."""
    for side in (-1, 1):
        _leg(canvas, (side * 140, -128, height), (side * (140 + splay), -134 - splay, 0), (30, 21), wood)


def _back_posts(canvas: Canvas, seat: float, top: float, wood: Array, *, lean: float = 42) -> None:
    """The back legs that rise into the posts of the back."""
    for side in (1, -1):
        paint_rod(
            canvas,
            path(
                (side * 140, 140 + 22, 0),
                (side * 138, 136, seat * 0.6),
                (side * 136, 140, seat + 20),
                (side * 134, 140 + lean, top),
            ),
            (22, 25),
            wood * 0.94,
            WOOD,
        )


def _ladder(canvas: Canvas, order: _Order) -> None:
    """A dining chair with slats across its back."""
    seat, top = 330.0, 690.0
    _back_posts(canvas, seat, top, order.wood)
    for share in (0.40, 0.63, 0.88):
        z = seat + (top - seat) * share
        away = 140 + 42 * share
        board = smooth(path((-134, away, z + 30), (0, away + 16, z + 38), (134, away, z + 30)), steps=10)
        lower = smooth(path((-134, away, z - 26), (0, away + 16, z - 20), (134, away, z - 26)), steps=10)
        slat = canvas.polygon(np.concatenate([board, lower[::-1]]))
        x, y = canvas.grid(slat.window)
        canvas.paint(slat, lit(order.skin.at(y, x), padded(canvas, slat, depth=8, edge=11), WOOD))
    _stretchers(canvas, order.wood)
    _slab(canvas, _seat_corners(seat), 26, order.skin, WOOD, 22)
    if order.design.material != "lacquered beech" or order.design.pattern != "plain":
        _seat_cushion(canvas, seat, order.cloth, order.rng)
    _front_legs(canvas, seat - 24, order.wood)


def _stretchers(canvas: Canvas, wood: Array) -> None:
    """Rails between the legs."""
    for start, end in (
        ((-142, 150, 150), (-148, -138, 130)),
        ((142, 150, 150), (148, -138, 130)),
        ((-145, 10, 140), (145, 10, 140)),
    ):
        paint_rod(canvas, path(start, end), 15.0, wood * 0.85, WOOD)


def _spindle(canvas: Canvas, order: _Order) -> None:
    """A hoop back with thin rods."""
    seat, top = 330.0, 720.0
    for side in (1, -1):
        _leg(canvas, (side * 110, 110, seat), (side * 152, 164, 0), (27, 18), order.wood * 0.9)
    hoop = [
        (-146, 128, seat + 10),
        (-150, 150, seat + 170),
        (-112, 176, top - 60),
        (0, 186, top),
        (112, 176, top - 60),
        (150, 150, seat + 170),
        (146, 128, seat + 10),
    ]
    for share in np.linspace(-0.78, 0.78, 7):
        rise = top - 62 * share * share * 1.9
        paint_rod(
            canvas, path((share * 150, 126, seat + 10), (share * 132, 182, rise - 8)), 11.0, order.wood * 0.92, WOOD
        )
    paint_rod(canvas, smooth(path(*hoop), steps=10), 24.0, order.wood, WOOD)
    _stretchers(canvas, order.wood)
    _slab(canvas, _seat_corners(seat), 30, order.skin, WOOD, 58)
    if order.design.material != "lacquered beech" or order.design.pattern != "plain":
        _seat_cushion(canvas, seat, order.cloth, order.rng)
    _front_legs(canvas, seat - 24, order.wood, splay=28)


def _shell(canvas: Canvas, order: _Order) -> None:
    """A moulded shell on splayed legs."""
    seat = 340.0
    for side in (1, -1):
        _leg(canvas, (side * 90, 80, seat), (side * 150, 160, 0), (24, 15), order.wood * 0.88)
    shell = order.cloth if order.design.pattern != "plain" else order.cloth.ground
    material = CLOTH if order.design.pattern != "plain" else SATIN
    back = smooth(
        path(
            (-186, 70, seat + 110),
            (-178, 148, seat + 250),
            (-150, 190, seat + 380),
            (0, 208, seat + 412),
            (150, 190, seat + 380),
            (178, 148, seat + 250),
            (186, 70, seat + 110),
            (150, 60, seat + 10),
            (0, 80, seat),
            (-150, 60, seat + 10),
        ),
        closed=True,
    )
    _upholstery(canvas, back, shell, order.rng, depth=46, edge=80, lean=(0.1, 0.12), material=material)
    seat_part = smooth(
        path(
            (-186, 70, seat + 110),
            (-176, -60, seat + 62),
            (-150, -150, seat + 26),
            (0, -168, seat + 12),
            (150, -150, seat + 26),
            (176, -60, seat + 62),
            (186, 70, seat + 110),
            (120, 96, seat + 46),
            (0, 104, seat + 36),
            (-120, 96, seat + 46),
        ),
        closed=True,
    )
    canvas.cast(canvas.polygon(seat_part), across=0, down=-14, blur=18, strength=0.34)
    _upholstery(canvas, seat_part, shell, order.rng, depth=30, edge=46, lean=(0, 0.55), material=material)
    for side in (-1, 1):
        _leg(canvas, (side * 96, -90, seat), (side * 158, -160, 0), (27, 16), order.wood)


def _lounge(canvas: Canvas, order: _Order) -> None:
    """A low armchair: two thick cushions in an open frame."""
    seat = 240.0
    for x in (185, -185):
        paint_rod(canvas, path((x, 150, 0), (x, 158, seat + 150)), (24, 26), order.wood * 0.88, WOOD)
    back = rounded(
        path((-166, 128, seat + 10), (166, 128, seat + 10), (160, 216, seat + 370), (-160, 216, seat + 370)),
        60,
        steps=12,
    )
    _upholstery(canvas, back, order.cloth, order.rng, depth=60, edge=64, lean=(0, 0.1))
    paint_rod(canvas, path((185, 168, seat + 150), (190, -150, seat + 136)), 26.0, order.wood, WOOD)
    front = rounded(
        path((-168, -156, seat + 62), (168, -156, seat + 62), (168, -156, seat - 50), (-168, -156, seat - 50)), 30
    )
    top = rounded(
        path((-168, -156, seat + 62), (168, -156, seat + 62), (158, 140, seat + 62), (-158, 140, seat + 62)), 44
    )
    canvas.cast(canvas.polygon(top), across=0, down=-10, blur=16, strength=0.35)
    _upholstery(canvas, front, order.cloth, order.rng, depth=36, edge=38, lean=(-0.1, -0.05))
    _upholstery(canvas, top, order.cloth, order.rng, depth=30, edge=40, lean=(0, 0.7))
    paint_rod(canvas, path((185, -150, 0), (190, -150, seat + 140)), (22, 26), order.wood, WOOD)
    paint_rod(canvas, path((-185, 168, seat + 150), (-190, -150, seat + 136)), 28.0, order.wood, WOOD)
    paint_rod(canvas, path((-185, -150, 0), (-190, -150, seat + 140)), (22, 27), order.wood, WOOD)


def _stool(canvas: Canvas, order: _Order) -> None:
    """A bar stool with a round seat."""
    seat = 560.0
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    for x, y in ((100, 100), (-100, 100)):
        _leg(canvas, (x * 0.8, y * 0.8, seat), (x * 1.5, y * 1.5, 0), (26, 20), order.wood * 0.86)
    ring = path(*((132 * np.cos(a), 132 * np.sin(a), 190) for a in np.linspace(0, 2 * np.pi, 40)))
    paint_rod(canvas, ring, 13.0, BRASS if order.design.material != "lacquered beech" else GRAPHITE, SOFT_METAL)
    for x, y in ((100, -100), (-100, -100)):
        _leg(canvas, (x * 0.8, y * 0.8, seat), (x * 1.5, y * 1.5, 0), (27, 20), order.wood)
    disc = path(*((168 * np.cos(a), 168 * np.sin(a), seat) for a in angle))
    _slab(canvas, disc, 28, order.skin, WOOD, 4)
    if order.design.material != "lacquered beech" or order.design.pattern != "plain":
        pad = path(*((156 * np.cos(a), 156 * np.sin(a), seat + 34) for a in angle))
        side = canvas.polygon(pad, pad + np.array([0, 30]), _swept(pad, 30))
        canvas.paint(side, lit(order.cloth.ground * 0.78, flat(side, up=-0.1), CLOTH))
        _upholstery(canvas, pad, order.cloth, order.rng, depth=20, edge=30, lean=(0, 0.75), material=CLOTH)


def _bistro(canvas: Canvas, order: _Order) -> None:
    """A café chair of bent rods with a woven seat and back."""
    seat, top = 330.0, 700.0
    frame = [
        (-140, 150, 0),
        (-138, 140, seat),
        (-132, 172, top - 70),
        (-76, 190, top),
        (76, 190, top),
        (132, 172, top - 70),
        (138, 140, seat),
        (140, 150, 0),
    ]
    panel = rounded(
        path((-126, 146, seat + 70), (126, 146, seat + 70), (112, 184, top - 40), (-112, 184, top - 40)), 46
    )
    weave = paint_tile(
        "weave",
        order.rng,
        Colourway(
            "",
            mix(order.wood, order.cloth.ground, 0.75),
            order.cloth.ground * 0.5,
            mix(order.wood, np.ones(3, dtype=np.float32), 0.4),
            order.wood,
        ),
        size=0.8,
    )
    _upholstery(canvas, panel, weave, order.rng, depth=6, edge=10, lean=(0, 0.05), material=LEATHER)
    paint_rod(canvas, smooth(path(*frame), steps=10), 22.0, order.wood, WOOD)
    _stretchers(canvas, order.wood)
    _slab(canvas, _seat_corners(seat), 22, order.wood, WOOD, 52)
    _upholstery(
        canvas,
        rounded(_seat_corners(seat + 4, grow=0.86), 44),
        weave,
        order.rng,
        depth=6,
        edge=10,
        lean=(0, 0.85),
        material=LEATHER,
    )
    _front_legs(canvas, seat - 18, order.wood, splay=6)
