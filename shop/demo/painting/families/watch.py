"""Wrist watches seen from above: round, square and cushion cases on leather, mesh and woven straps."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import BRASS, CHALK, CHARCOAL, GRAPHITE, STEEL, TAN, WALNUT, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, ellipse, moved, rectangle, rounded
from shop.demo.painting.light import (
    CLOTH,
    LEATHER,
    MATTE,
    METAL,
    SOFT_METAL,
    Material,
    Surface,
    bumped,
    flat,
    lit,
    padded,
)

SILHOUETTES = ("round", "square", "cushion", "diver", "slim")
MATERIALS: dict[str, Material] = {
    "leather strap": LEATHER,
    "steel mesh": METAL,
    "woven strap": CLOTH,
    "rubber strap": MATTE,
}
PATTERNS = ("plain", "sunray", "small seconds", "plain", "two tone", "chronograph")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

CENTRE = np.array([500.0, 500.0])
CASES = {"gold": BRASS, "steel": STEEL, "black": GRAPHITE}


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one watch."""
    rng = design.chance()
    way = design.colours(rng)
    radius = {"slim": 168.0, "square": 160.0}.get(design.silhouette, 188.0)
    metal = CASES[str(rng.choice(["gold", "steel", "steel", "black"]))]
    strap_shows_colour = design.material in {"woven strap", "rubber strap"}
    pale = mix(CHALK, way.light, 0.15) if strap_shows_colour else way.base
    dial = (way.base, pale, way.deep, way.base)[int(rng.integers(0, 4))]
    _strap(canvas, design, way, radius, rng)
    _crown(canvas, radius, metal, design)
    _case(canvas, design, radius, metal)
    _dial(canvas, design, radius, dial, way)
    _markers(canvas, design, radius, dial, metal, int(rng.integers(0, 3)))
    _hands(canvas, radius, dial, way, metal, rng)
    _crystal(canvas, design, radius)
    canvas.hang(across=12, down=18, blur=14, strength=0.46)


def _strap(canvas: Canvas, design: Design, way: Colourway, radius: float, rng: np.random.Generator) -> None:
    """Both halves of the strap, tapering away from the case, with keeper and buckle on the upper one."""
    half = radius * 0.62
    leather = (TAN, WALNUT, way.deep, CHARCOAL)[int(rng.integers(0, 4))]
    colour = {"leather strap": leather, "steel mesh": STEEL, "rubber strap": way.deep}.get(design.material, way.base)
    for side in (-1, 1):
        near, far = CENTRE[1] + side * radius * 0.72, CENTRE[1] + side * (424 if side < 0 else 440)
        outline = rounded(
            [(500 - half, near), (500 + half, near), (500 + half * 0.78, far), (500 - half * 0.78, far)],
            (2, 2, 40 if side > 0 else 12, 40 if side > 0 else 12),
        )
        shape = canvas.polygon(outline)
        albedo, surface = _strap_skin(canvas, shape, design, colour, way, half, rng)
        canvas.paint(shape, lit(albedo, surface, MATERIALS[design.material]))
        shade = np.clip(1 - np.abs(canvas.grid(shape.window)[1] - near) / 60, 0, 1) * np.ones(shape.window.shape)
        canvas.darken(shape, (0.45 * shade**2).astype(np.float32))
        if design.material == "leather strap":
            _stitches(canvas, half, near, far, mix(colour, CHALK, 0.5))
    if design.material != "steel mesh":
        holes = [ellipse((500, CENTRE[1] + 270 + 34 * at), 7, 5.5, steps=20) for at in range(4)]
        canvas.darken(canvas.polygon(*holes), 0.75)
    _buckle(canvas, half * 0.78)


def _strap_skin(
    canvas: Canvas, shape: Shape, design: Design, colour: Array, way: Colourway, half: float, rng: np.random.Generator
) -> tuple[Array, Surface]:
    """Colour and surface of the strap's material."""
    x, y = canvas.grid(shape.window)
    rows, columns = shape.window.shape
    surface = padded(canvas, shape, depth=16, edge=24)
    albedo: Array = np.broadcast_to(colour, (rows, columns, 3)).astype(np.float32)
    if design.material == "woven strap":
        stripe = np.clip((half * 0.34 - np.abs(x - 500)) / 1.5, 0, 1) * np.ones((rows, 1))
        albedo = albedo + (way.accent - albedo) * stripe[..., None]
        relief = np.sin(y * 1.1) * 0.35 + np.sin(x * 0.9) * 0.2
    elif design.material == "steel mesh":
        relief = np.sin(x * 0.75 + np.sin(y * 0.7) * 1.4) * 0.8 + np.sin(y * 0.7) * 0.5
    else:
        relief = rng.standard_normal((rows, columns), dtype=np.float32) * (
            0.06 if design.material == "leather strap" else 0.02
        )
    return albedo.astype(np.float32), bumped(
        surface, (relief * canvas.scale * np.ones((rows, columns))).astype(np.float32), 1.0
    )


def _stitches(canvas: Canvas, half: float, near: float, far: float, colour: Array) -> None:
    """Waxed thread along both edges."""
    dashes = []
    for share in np.arange(0.10, 0.94, 0.062):
        y, next_y = near + (far - near) * share, near + (far - near) * (share + 0.036)
        edge = half * (1 - 0.22 * share) - 13
        dashes += [np.array([(500 + side * edge, y), (500 + side * edge, next_y)]) for side in (-1, 1)]
    canvas.paint(canvas.lines(dashes, 3.4), colour, 0.9)


def _buckle(canvas: Canvas, half: float) -> None:
    """A steel buckle at the upper end."""
    y = CENTRE[1] - 424
    outer, inner = (
        rounded(rectangle(500 - half - 14, y - 34, 500 + half + 14, y + 22), 16),
        rounded(rectangle(500 - half + 4, y - 18, 500 + half - 4, y + 8), 8),
    )
    ring = canvas.polygon(outer).without(canvas.polygon(inner))
    canvas.paint(ring, lit(STEEL, padded(canvas, ring, depth=9, edge=9), SOFT_METAL))
    pin = canvas.line([(500, y - 26), (500, y + 22)], 8)
    canvas.paint(pin, lit(STEEL, padded(canvas, pin, depth=5, edge=5), SOFT_METAL))
    keeper = canvas.polygon(rounded(rectangle(500 - half - 8, y + 92, 500 + half + 8, y + 118), 6))
    canvas.darken(keeper, 0.35)


def _outline(design: Design, radius: float) -> Points:
    """The case's edge."""
    if design.silhouette == "square":
        return rounded(rectangle(*(CENTRE - radius), *(CENTRE + radius)), radius * 0.30, steps=14)
    if design.silhouette == "cushion":
        angle = np.linspace(0, 2 * np.pi, 160, endpoint=False)
        reach = radius / (np.abs(np.cos(angle)) ** 3.2 + np.abs(np.sin(angle)) ** 3.2) ** (1 / 3.2)
        return moved(np.stack([np.cos(angle) * reach, np.sin(angle) * reach], axis=1), *CENTRE)
    return ellipse(CENTRE, radius, radius, steps=160)


def _shrunk(outline: Points, share: float) -> Points:
    """The outline drawn in towards the middle."""
    return moved(moved(outline, *-CENTRE) * share, *CENTRE)


def _crown(canvas: Canvas, radius: float, metal: Array, design: Design) -> None:
    """The crown at the right, pushers for a chronograph."""
    parts = [rectangle(500 + radius - 4, 482, 500 + radius + 26, 518)]
    if design.pattern == "chronograph":
        parts += [
            rectangle(
                500 + radius * 0.86, 500 + side * radius * 0.42 - 13, 500 + radius + 15, 500 + side * radius * 0.42 + 13
            )
            for side in (-1, 1)
        ]
    for part in parts:
        shape = canvas.polygon(rounded(part, 6))
        canvas.paint(shape, lit(metal, padded(canvas, shape, depth=8, edge=9), SOFT_METAL))
    canvas.darken(
        canvas.lines([np.array([(500 + radius + 4, y), (500 + radius + 24, y)]) for y in (489, 496, 503, 510)], 1.8),
        0.4,
    )


def _case(canvas: Canvas, design: Design, radius: float, metal: Array) -> None:
    """Lugs, the case's body and its polished bezel."""
    for side_x in (-1, 1):
        for side_y in (-1, 1):
            lug = canvas.polygon(
                rounded(
                    [
                        (500 + side_x * radius * 0.86, 500 + side_y * radius * 0.35),
                        (500 + side_x * radius * 0.74, 500 + side_y * radius * 1.18),
                        (500 + side_x * radius * 0.58, 500 + side_y * radius * 1.2),
                        (500 + side_x * radius * 0.5, 500 + side_y * radius * 0.6),
                    ],
                    10,
                )
            )
            canvas.paint(lug, lit(metal * 0.92, padded(canvas, lug, depth=10, edge=13), SOFT_METAL))
    body = canvas.polygon(_outline(design, radius))
    canvas.paint(body, lit(metal, padded(canvas, body, depth=26, edge=22), SOFT_METAL))
    if design.silhouette == "diver":
        ring = canvas.polygon(_shrunk(_outline(design, radius), 0.97))
        canvas.paint(ring, lit(CHARCOAL, padded(canvas, ring, depth=12, edge=12), SOFT_METAL))
        ticks = []
        for at in range(60):
            direction = np.array([np.sin(at * np.pi / 30), -np.cos(at * np.pi / 30)])
            ticks.append(
                np.stack([CENTRE + direction * radius * (0.86 if at % 5 else 0.84), CENTRE + direction * radius * 0.92])
            )
        canvas.paint(canvas.lines(ticks[::5], 5), CHALK, 0.9)
        canvas.paint(canvas.lines(ticks, 2), CHALK, 0.7)


def _dial(canvas: Canvas, design: Design, radius: float, dial: Array, way: Colourway) -> None:
    """The dial, sunk a little below the bezel."""
    share = 0.80 if design.silhouette == "diver" else 0.87
    plate = canvas.polygon(_shrunk(_outline(design, radius), share))
    x, y = canvas.grid(plate.window)
    albedo: Array = np.broadcast_to(dial, (*plate.window.shape, 3)).astype(np.float32)
    if design.pattern == "sunray":
        angle = np.arctan2(y - 500, x - 500)
        sheen = 0.5 + 0.5 * np.cos(2 * angle - 2.2)
        albedo = albedo * (0.78 + 0.5 * sheen**3)[..., None].astype(np.float32)
    elif design.pattern == "two tone":
        inner = canvas.polygon(_shrunk(_outline(design, radius), share * 0.66)).on(plate.window)[..., None]
        albedo = albedo * (1 - inner) + mix(dial, way.light if float(dial.mean()) < 0.4 else way.base, 0.45) * inner
    canvas.paint(plate, lit(albedo, flat(plate), MATTE))
    rim = plate.without(canvas.polygon(_shrunk(_outline(design, radius), share * 0.985) + np.array([3.0, 4.0])))
    canvas.darken(rim, 0.42)
    if design.pattern in {"small seconds", "chronograph"}:
        places = (
            [(500, 500 + radius * 0.40)]
            if design.pattern == "small seconds"
            else [(500 - radius * 0.38, 500), (500 + radius * 0.38, 500), (500, 500 + radius * 0.40)]
        )
        for place in places:
            _subdial(canvas, place, radius * 0.21, dial)


def _subdial(canvas: Canvas, place: tuple[float, float], radius: float, dial: Array) -> None:
    """A small dial of its own."""
    disc = canvas.polygon(ellipse(place, radius, radius, steps=60))
    canvas.darken(disc, 0.16)
    ink = _ink(dial)
    ticks = [
        np.array(
            [
                (place[0] + np.sin(a) * radius * 0.8, place[1] - np.cos(a) * radius * 0.8),
                (place[0] + np.sin(a) * radius * 0.95, place[1] - np.cos(a) * radius * 0.95),
            ]
        )
        for a in np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ]
    canvas.paint(canvas.lines(ticks, 1.8), ink, 0.8)
    canvas.paint(canvas.line([place, (place[0] + radius * 0.5, place[1] - radius * 0.45)], 3), ink)


def _ink(dial: Array) -> Array:
    """What can be read on this dial."""
    return CHARCOAL if float(dial.mean()) > 0.24 else CHALK


def _markers(canvas: Canvas, design: Design, radius: float, dial: Array, metal: Array, style: int) -> None:
    """Hour markers: bars, dots, or bars with minutes."""
    reach = radius * (0.70 if design.silhouette == "diver" else 0.76)
    colour = _ink(dial) if style else mix(metal, CHALK if float(dial.mean()) < 0.24 else CHARCOAL, 0.35)

    def at(angle: float, share: float) -> Points:
        return CENTRE + np.array([np.sin(angle), -np.cos(angle)]) * reach * share

    hours = [hour * np.pi / 6 for hour in range(12)]
    if style == 1 or design.silhouette == "diver":
        spots = canvas.polygon(*(ellipse(at(angle, 0.93), radius * 0.042, radius * 0.042, steps=24) for angle in hours))
        canvas.paint(spots, colour)
    else:
        canvas.paint(
            canvas.lines([np.stack([at(angle, 0.80), at(angle, 0.98)]) for angle in hours], radius * 0.036), colour
        )
    if style == 2:
        canvas.paint(
            canvas.lines(
                [np.stack([at(minute * np.pi / 30, 0.99), at(minute * np.pi / 30, 1.03)]) for minute in range(60)], 1.8
            ),
            colour,
            0.8,
        )


def _hands(canvas: Canvas, radius: float, dial: Array, way: Colourway, metal: Array, rng: np.random.Generator) -> None:
    """Hour, minute and second hand, with shadows."""
    ink = _ink(dial)
    minutes = float(rng.choice([8, 9, 10]))
    accent = way.accent if float(np.abs(way.accent - dial).mean()) > 0.15 else way.base
    for angle, length, width, colour in (
        ((10 + minutes / 60) * np.pi / 6, 0.42, 0.06, ink),
        (minutes * np.pi / 30, 0.64, 0.045, ink),
        (float(rng.uniform(3.6, 4.6)), 0.68, 0.014, accent),
    ):
        direction = np.array([np.sin(angle), -np.cos(angle)])
        hand = canvas.line(
            np.stack([CENTRE - direction * radius * 0.10, CENTRE + direction * radius * length]), radius * width
        )
        canvas.cast(hand, across=3, down=5, blur=2.5, strength=0.36)
        canvas.paint(hand, colour)
    boss = canvas.polygon(ellipse(CENTRE, radius * 0.05, radius * 0.05, steps=30))
    canvas.paint(boss, lit(metal, padded(canvas, boss, depth=5, edge=6), METAL))


def _crystal(canvas: Canvas, design: Design, radius: float) -> None:
    """The window's reflection in the glass."""
    glass = canvas.polygon(_shrunk(_outline(design, radius), 0.80))
    x, y = canvas.grid(glass.window)
    slant = (x - 500) * 0.7 + (y - 500)
    pane = np.clip((-0.22 * radius - slant) / 12, 0, 1) * np.clip((slant + 1.0 * radius) / 12, 0, 1)
    canvas.add_light(glass, CHALK, (0.07 * pane).astype(np.float32))
