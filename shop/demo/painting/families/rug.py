"""Rugs, shown upright as in a showroom: long, round, oval, with borders, diamonds, fields and fringes."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import CREAM, OAK, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, as_points, ellipse, moved, rectangle, rounded, smooth
from shop.demo.painting.light import CLOTH, WOOD, Material, Surface, bumped, flat, lit, padded
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture, Tile, noise

SILHOUETTES = ("hall", "runner", "round", "oval", "scalloped")
MATERIALS: dict[str, Material] = {"wool": CLOTH, "cotton": CLOTH, "jute": CLOTH, "tufted wool": CLOTH}
PATTERNS = ("diamonds", "plain", "kilim", "stripe", "fields", "check", "rings", "herringbone", "medallion", "waves")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

HALF_SIZES = {
    "hall": (300.0, 400.0),
    "runner": (185.0, 415.0),
    "round": (385.0, 385.0),
    "oval": (300.0, 410.0),
    "scalloped": (310.0, 390.0),
}
MIDDLE = np.array([500.0, 490.0])


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one rug."""
    rng = design.chance()
    way = design.colours(rng)
    half = HALF_SIZES[design.silhouette]
    hung = design.silhouette in {"hall", "runner"}
    outline = _outline(design.silhouette, half, rng)
    if hung:
        _fringe(canvas, half, rng)
    shape = canvas.polygon(outline)
    skin = _field(design, rng, way, half)
    x, y = canvas.grid(shape.window)
    albedo = skin.at(x - MIDDLE[0] + half[0], y - MIDDLE[1] + half[1])
    if not hung or design.pattern in {"plain", "stripe", "herringbone", "waves", "check"}:
        albedo = _border(canvas, design, shape, albedo, way)
    canvas.paint(shape, lit(albedo, _pile(canvas, shape, design, rng, hung=hung), CLOTH))
    canvas.hang(across=16, down=22, blur=20, strength=0.40)
    if hung:
        _rail(canvas, half)


def _outline(silhouette: str, half: tuple[float, float], rng: np.random.Generator) -> Points:
    """The edge; hung rugs have edges that aren't quite straight."""
    wide, high = half
    if silhouette == "round":
        return ellipse(MIDDLE, wide, high, steps=160)
    if silhouette == "oval":
        return rounded(rectangle(*(MIDDLE - half), *(MIDDLE + half)), 290, steps=30)
    if silhouette == "scalloped":
        return _scallops(half)
    steps = np.linspace(-1, 1, 9)
    left = [(-wide + 5 * np.sin(3 * step + rng.uniform(0, 1)), step * high) for step in steps]
    right = [(wide + 5 * np.sin(3 * step + rng.uniform(0, 1)), step * high) for step in steps]
    return moved(np.concatenate([smooth(left), smooth(right)[::-1]]), *MIDDLE)


def _scallops(half: tuple[float, float]) -> Points:
    """Half circles along all four sides."""
    wide, high = half
    across, down = 7, 9
    step_x, step_y = wide / across, high / down
    points = [
        *(_bump((-wide + (2 * at + 1) * step_x, -high), step_x, 180, 360) for at in range(across)),
        *(_bump((wide, -high + (2 * at + 1) * step_y), step_y, -90, 90) for at in range(down)),
        *(_bump((wide - (2 * at + 1) * step_x, high), step_x, 0, 180) for at in range(across)),
        *(_bump((-wide, high - (2 * at + 1) * step_y), step_y, 90, 270) for at in range(down)),
    ]
    return moved(np.concatenate(points), *MIDDLE)


def _bump(centre: tuple[float, float], radius: float, start: float, end: float) -> Points:
    """One flat half circle."""
    angle = np.radians(np.linspace(start, end, 14))
    return as_points(np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], axis=1))


def _field(design: Design, rng: np.random.Generator, way: Colourway, half: tuple[float, float]) -> Texture:
    """The picture woven into the whole rug."""
    if design.pattern in {"diamonds", "kilim", "fields", "medallion"}:
        tile = Tile(2 * half[0], 2 * half[1])
        {"diamonds": _diamonds, "kilim": _kilim, "fields": _fields, "medallion": _medallion}[design.pattern](
            tile, rng, way
        )
        return tile.texture()
    return paint_tile(design.pattern, rng, way, size=float(rng.choice([1.7, 2.4])))


def _diamond(centre: Points, wide: float, high: float) -> Points:
    """A lozenge."""
    return as_points([(0, -high), (wide, 0), (0, high), (-wide, 0)]) + centre


def _diamonds(tile: Tile, _rng: np.random.Generator, way: Colourway) -> None:
    """A pale ground with a net of lozenges, as Berber rugs have."""
    ground = mix(CREAM, way.light, 0.3)
    tile.fill(ground)
    columns = 2 if tile.across < 450 else 3
    wide = tile.across / columns / 2
    high = wide * 1.25
    rows = int(tile.down / high) + 2
    centres = [
        np.array([(2 * column + row % 2) * wide, row * high]) for row in range(rows) for column in range(columns + 1)
    ]
    tile.outlines(
        [_diamond(centre, wide, high) for centre in centres if round(centre[1] / high) % 2 == 0],
        mix(ground, way.light, 0.5),
    )
    edges = [np.concatenate([_diamond(centre, wide, high), _diamond(centre, wide, high)[:1]]) for centre in centres]
    tile.lines(edges, 11, way.deep)
    tile.outlines([_diamond(centre, wide * 0.42, high * 0.42) for centre in centres], way.base)
    tile.outlines([_diamond(centre, wide * 0.2, high * 0.2) for centre in centres], ground)


def _kilim(tile: Tile, rng: np.random.Generator, way: Colourway) -> None:
    """Bands of triangles, steps and lozenges."""
    tile.fill(mix(CREAM, way.light, 0.35))
    colours = [way.base, way.deep, way.light, way.accent]
    top, at = 0.0, 0
    while top < tile.down:
        height = float(rng.choice([26, 58, 84]))
        colour = colours[at % 4]
        tile.outlines([rectangle(0, top, tile.across, top + height)], colour)
        other = colours[(at + 1 + int(rng.integers(0, 2))) % 4]
        if height > 30:
            count = max(3, round(tile.across / height))
            step = tile.across / count
            middle = top + height / 2
            if rng.random() < 0.5:
                motifs = [
                    _diamond(np.array([(n + 0.5) * step, middle]), step * 0.42, height * 0.36) for n in range(count)
                ]
            else:
                motifs = [
                    as_points([(n * step, top + height), ((n + 0.5) * step, top), ((n + 1) * step, top + height)])
                    for n in range(count)
                ]
            tile.outlines(motifs, other)
            if rng.random() < 0.6:
                tile.outlines(
                    [_diamond(np.array([(n + 0.5) * step, middle]), step * 0.15, height * 0.14) for n in range(count)],
                    colour,
                )
        top += height + float(rng.choice([0, 9]))
        at += 1


def _fields(tile: Tile, rng: np.random.Generator, way: Colourway) -> None:
    """A few large calm shapes."""
    tile.fill(mix(CREAM, way.light, 0.35))
    wide, high = tile.across, tile.down
    sun = ellipse((wide * rng.uniform(0.3, 0.7), high * rng.uniform(0.22, 0.34)), wide * 0.2, wide * 0.2, steps=60)
    hill = smooth(
        [
            (-20, high * 0.62),
            (wide * 0.25, high * rng.uniform(0.44, 0.56)),
            (wide * 0.6, high * 0.64),
            (wide + 20, high * rng.uniform(0.5, 0.62)),
        ]
    )
    near = smooth(
        [
            (-20, high * 0.80),
            (wide * 0.35, high * rng.uniform(0.70, 0.84)),
            (wide * 0.75, high * 0.72),
            (wide + 20, high * 0.84),
        ]
    )
    floor = as_points([(wide + 20, high - 0.5), (-20, high - 0.5)])
    tile.outlines([sun], way.accent if way.name in {"oat", "yellow"} else mix(way.base, way.light, 0.15))
    tile.outlines([np.concatenate([hill, floor])], way.light if way.name != "oat" else way.base)
    tile.outlines([np.concatenate([near, floor])], way.base if way.name != "oat" else way.deep)
    tile.lines([hill + np.array([0, 26]), hill + np.array([0, 46])], 5, way.deep, 0.7)


def _medallion(tile: Tile, _rng: np.random.Generator, way: Colourway) -> None:
    """Rings around the middle, leaves between them, corners that answer."""
    tile.fill(way.base)
    centre = np.array([tile.across / 2, tile.down / 2])
    reach = tile.across * 0.42
    corners = [np.array([x, y]) for x in (0.0, tile.across) for y in (0.0, tile.down)]
    for share, colour in (
        (1.0, way.deep),
        (0.93, way.light),
        (0.70, way.base),
        (0.64, way.accent),
        (0.42, way.deep),
        (0.22, way.light),
        (0.12, way.base),
    ):
        tile.outlines([ellipse(centre, reach * share, reach * share, steps=90)], colour)
        if share > 0.5:
            tile.outlines(
                [ellipse(corner, reach * share * 0.62, reach * share * 0.62, steps=60) for corner in corners], colour
            )
    for count, at, size in ((24, 0.815, 0.07), (16, 0.53, 0.07)):
        angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
        petals = [
            ellipse(centre + reach * at * np.array([np.cos(a), np.sin(a)]), reach * size, reach * size, steps=24)
            for a in angle
        ]
        tile.outlines(petals, way.base)


def _border(canvas: Canvas, design: Design, shape: Shape, albedo: Array, way: Colourway) -> Array:
    """A band along the edge in the deeper colour."""
    half = HALF_SIZES[design.silhouette]
    inner_x, inner_y = 1 - 34 / half[0], 1 - 34 / half[1]
    if design.silhouette in {"round", "oval", "scalloped"}:
        outline = _outline(
            design.silhouette if design.silhouette != "scalloped" else "oval", half, np.random.default_rng(0)
        )
        if design.silhouette == "scalloped":
            outline = rounded(rectangle(*(MIDDLE - half), *(MIDDLE + half)), 20)
    else:
        outline = rectangle(*(MIDDLE - half), *(MIDDLE + half))
    inner = (outline - MIDDLE) * np.array([inner_x, inner_y]) + MIDDLE
    field = canvas.polygon(inner).on(shape.window)[..., None]
    return (albedo * field + way.deep * (1 - field)).astype(np.float32)


def _pile(canvas: Canvas, shape: Shape, design: Design, rng: np.random.Generator, *, hung: bool) -> Surface:
    """The surface: rows of knots, and slow waves where the rug hangs."""
    rows, columns = shape.window.shape
    x, y = canvas.grid(shape.window)
    knots = rng.standard_normal((rows, columns), dtype=np.float32)
    depth = {"wool": 0.16, "cotton": 0.10, "jute": 0.20, "tufted wool": 0.24}[design.material]
    ribs = np.sin(y * (2 * np.pi / (11 if design.material == "jute" else 7))) * (
        0.5 if design.material == "jute" else 0.22
    )
    relief = (knots * depth + ribs * canvas.scale).astype(np.float32)
    if hung:
        waves = np.sin(x / 62 + 0.6 * np.sin(y / 190)) * (6.0 * np.clip((y - 80) / 800, 0, 1) + 1.5)
        relief = relief + (waves * canvas.scale).astype(np.float32)
    else:
        relief = relief + noise(rng, rows, columns, cells=(3, 3)) * 4 * canvas.scale
    edge = _soft_edge(canvas, shape)
    return bumped(edge, relief.astype(np.float32), 1.0)


def _soft_edge(canvas: Canvas, shape: Shape) -> Surface:
    """Level, rolling off within the last centimetre."""
    return padded(canvas, shape, depth=9, edge=10) if shape.cover.size else flat(shape)


def _fringe(canvas: Canvas, half: tuple[float, float], rng: np.random.Generator) -> None:
    """Knotted threads along the lower edge."""
    bottom = MIDDLE[1] + half[1]
    threads = []
    for x in np.arange(MIDDLE[0] - half[0] + 6, MIDDLE[0] + half[0] - 3, 10.0):
        sway = float(rng.uniform(-4, 4))
        threads.append(
            smooth(
                [(x, bottom - 4), (x + sway * 0.4, bottom + 18), (x + sway, bottom + float(rng.uniform(34, 44)))],
                steps=4,
            )
        )
    shape = canvas.lines(threads, 5.0)
    canvas.paint(shape, lit(CREAM * 0.92, flat(shape), CLOTH))


def _rail(canvas: Canvas, half: tuple[float, float]) -> None:
    """The wooden rail the rug hangs from."""
    top = MIDDLE[1] - half[1]
    rail = paint_rod(
        canvas, [(MIDDLE[0] - half[0] - 34, top + 2), (MIDDLE[0] + half[0] + 34, top + 2)], 24.0, OAK, WOOD
    )
    below = canvas.polygon(rectangle(MIDDLE[0] - half[0], top + 10, MIDDLE[0] + half[0], top + 30))
    canvas.darken(Shape(below.cover * (1 - rail.on(below.window)), below.window), 0.22)
