"""The patterns of the demonstration catalogue: each turns a colourway into a seamless texture.

Measures are in units at scale 1; ``size`` makes a pattern larger or smaller.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from shop.demo.painting.colours import CHALK, Colourway, mix
from shop.demo.painting.geometry import Points, ellipse, smooth, turned
from shop.demo.painting.textures import Texture, Tile, band, noise

Pattern = Callable[[np.random.Generator, Colourway, float], Texture]

SOFTNESS = 1.3


def plain(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """One colour, unevenly dyed or glazed by hand."""
    tile = Tile(300 * size, 300 * size).fill(way.base)
    uneven = noise(rng, tile.rows, tile.columns, cells=(4, 4))
    return tile.blend(np.clip(0.05 + 0.06 * uneven, 0, 1), way.deep).texture()


def stripe(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Level stripes, wide and narrow by turns."""
    period = float(rng.choice([44, 60, 84])) * size
    tile = Tile(40 * size, period).fill(way.base)
    _u, v = tile.grid()
    rows = np.broadcast_to(v, (tile.rows, tile.columns))
    wide = band(rows, period=period, width=period * rng.uniform(0.30, 0.5), softness=SOFTNESS)
    tile.blend(wide, way.light)
    if rng.random() < 0.6:
        thin = band(rows + period / 2, period=period, width=period * 0.07, softness=SOFTNESS)
        tile.blend(thin, way.accent)
    return tile.texture()


def pinstripe(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Fine upright lines."""
    period = float(rng.choice([16, 22, 30])) * size
    tile = Tile(period, 40 * size).fill(way.base)
    u, _v = tile.grid()
    lines = band(np.broadcast_to(u, (tile.rows, tile.columns)), period=period, width=period * 0.2, softness=SOFTNESS)
    return tile.blend(lines * 0.9, way.accent).texture()


def check(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Gingham: two sets of bands that deepen where they cross."""
    period = float(rng.choice([36, 48, 64])) * size
    tile = Tile(period, period).fill(way.accent if way.name == "oat" else way.light)
    u, v = tile.grid()
    shape = (tile.rows, tile.columns)
    for values in (u, v):
        cover = band(np.broadcast_to(values, shape), period=period, width=period / 2, softness=SOFTNESS)
        tile.blend(cover * 0.55, way.base if way.name != "oat" else way.light)
    return tile.texture()


def plaid(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """A window-pane check with a fine line beside the wide one."""
    period = float(rng.choice([70, 96])) * size
    tile = Tile(period, period).fill(way.base)
    u, v = tile.grid()
    shape = (tile.rows, tile.columns)
    for values in (u, v):
        tile.blend(
            0.5 * band(np.broadcast_to(values, shape), period=period, width=period * 0.34, softness=SOFTNESS), way.deep
        )
        tile.blend(
            0.9
            * band(
                np.broadcast_to(values + period * 0.5, shape), period=period, width=period * 0.05, softness=SOFTNESS
            ),
            way.accent,
        )
    return tile.texture()


def _scattered(rng: np.random.Generator, across: float, down: float, spacing: float) -> list[Points]:
    """Places on a seamless tile, about ``spacing`` apart, on a shaken grid with every other row shifted."""
    columns, rows = max(2, round(across / spacing)), max(2, 2 * round(down / spacing / 2))
    step = np.array([across / columns, down / rows])
    return [
        (np.array([column + 0.5 * (row % 2), row]) + rng.uniform(0.1, 0.6, 2)) * step
        for row in range(rows)
        for column in range(columns)
    ]


def _blob(rng: np.random.Generator, centre: Points, radius: float, *, corners: int, roughness: float) -> Points:
    """A rounded, irregular spot."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) + rng.uniform(0, 6.3)
    reach = radius * (1 + rng.uniform(-roughness, roughness, corners))
    return smooth(centre + np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None], closed=True, steps=5)


def speckle(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Flecks of iron in the glaze, many small and a few larger."""
    across = 260 * size
    ground = mix(way.base, way.light, 0.55)
    tile = Tile(across, across).fill(ground)
    small = [
        _blob(rng, rng.uniform(0, across, 2), rng.uniform(0.8, 1.9) * size, corners=5, roughness=0.4)
        for _ in range(260)
    ]
    large = [
        _blob(rng, rng.uniform(0, across, 2), rng.uniform(2.0, 4.2) * size, corners=7, roughness=0.45)
        for _ in range(42)
    ]
    tile.outlines(small, way.deep, 0.8)
    return tile.outlines(large, mix(way.deep, way.base, 0.25), 0.85).texture()


def terrazzo(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Chips of three stones in a pale ground."""
    across = 300 * size
    tile = Tile(across, across).fill(mix(CHALK, way.light, 0.25))
    for colour, count, radius in (
        (way.light, 30, 15.0),
        (way.base, 30, 15.0),
        (way.deep, 24, 11.0),
        (way.accent, 18, 12.0),
    ):
        chips = []
        for _chip in range(count):
            angle = np.linspace(0, 2 * np.pi, 6, endpoint=False) + rng.uniform(-0.45, 0.45, 6)
            reach = rng.uniform(0.5, 1.0, 6)[:, None] * radius * size * rng.uniform(0.5, 1.15)
            chips.append(rng.uniform(0, across, 2) + np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach)
        tile.outlines(chips, colour, 0.95)
    return tile.texture()


def dots(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Even dots in offset rows."""
    spacing = float(rng.choice([30, 40, 54])) * size
    tile = Tile(spacing * 2, spacing * 2).fill(way.base)
    radius = spacing * rng.uniform(0.18, 0.28)
    places = [(0.5, 0.5), (1.5, 0.5), (0.0, 1.5), (1.0, 1.5)]
    return tile.outlines(
        [ellipse((x * spacing, y * spacing), radius, radius, steps=28) for x, y in places], way.accent
    ).texture()


def weave(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """A basket weave of two tones, each strand rounded by its own shade."""
    strand = float(rng.choice([13, 17])) * size
    tile = Tile(strand * 4, strand * 4).fill(way.base)
    u, v = tile.grid()
    cell_u, cell_v = np.floor(u / strand / 2), np.floor(v / strand / 2)
    level = ((cell_u + cell_v) % 2).astype(np.float32)
    profile_u, profile_v = np.abs((u / strand) % 1 - 0.5) * 2, np.abs((v / strand) % 1 - 0.5) * 2
    strands = level * (profile_v + 0 * u) + (1 - level) * (profile_u + 0 * v)
    tile.blend(level * 0.35, way.light)
    return tile.blend(np.clip(strands**3 * 0.75, 0, 1), way.deep).texture()


def herringbone(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Slanting lines that turn at every column."""
    column = float(rng.choice([26, 34])) * size
    period = column * 0.5
    tile = Tile(column * 2, period * 4).fill(way.base)
    u, v = tile.grid()
    folded = np.abs((u / column) % 2 - 1) * column
    lines = band(v + folded, period=period, width=period * 0.45, softness=SOFTNESS)
    return tile.blend(lines, mix(way.base, way.light, 0.75)).texture()


def waves(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Combed waves."""
    period = float(rng.choice([26, 36])) * size
    across = period * 4
    tile = Tile(across, period * 2).fill(way.base)
    u, v = tile.grid()
    lift = np.sin(u / across * 4 * np.pi) * period * 0.26
    lines = band(v + lift, period=period, width=period * 0.26, softness=SOFTNESS)
    return tile.blend(lines, way.accent).texture()


def leaf(base: Points, length: float, width: float, degrees: float) -> Points:
    """The outline of a pointed leaf that grows from ``base`` upwards, turned by ``degrees``."""
    share = np.linspace(0, 1, 14)
    half = width / 2 * np.sin(np.pi * share**0.8) * (1 - 0.25 * share)
    right = np.stack([half, -share * length], axis=1)
    left = np.stack([-half, -share * length], axis=1)[::-1]
    return turned(np.concatenate([right, left]) + base, degrees, about=base)


def botanical(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Sprigs: a bent stem, paired leaves, berries here and there."""
    across, down = 240 * size, 240 * size
    ground = way.accent if way.name in {"clay", "moss", "ink", "plum", "sky"} and rng.random() < 0.6 else way.base
    bright = float(ground.mean()) > 0.35
    stem_colour, leaf_colour = (way.deep, way.base) if bright else (way.light, way.light)
    if way.name == "oat":
        stem_colour, leaf_colour = way.accent, way.deep
    elif way.name == "yellow":
        stem_colour, leaf_colour = way.accent, way.accent
    tile = Tile(across, down).fill(ground)
    stems, leaves, berries = [], [], []
    for place in _scattered(rng, across, down, 78 * size):
        tilt = float(rng.uniform(-70, 70)) + (180 if rng.random() < 0.35 else 0)
        stem = smooth(
            [(0, 34), (rng.uniform(-4, 4), 10), (rng.uniform(-7, 7), -14), (rng.uniform(-9, 9), -36)], steps=8
        )
        stem = turned(stem * size + place, tilt, about=place)
        stems.append(stem)
        for at, share in enumerate(np.linspace(0.25, 0.95, 4)):
            node = stem[int(share * (len(stem) - 1))]
            length = (25 - 3 * at) * size
            leaves += [leaf(node, length, length * 0.42, tilt + side * (52 - 6 * at)) for side in (-1, 1)]
        leaves.append(leaf(stem[-1], 18 * size, 8 * size, tilt))
        if rng.random() < 0.5:
            berries.append(ellipse(place + rng.uniform(-34, 34, 2) * size, 3.6 * size, 3.6 * size, steps=18))
    tile.lines(stems, 1.7 * size, stem_colour)
    tile.outlines(leaves, leaf_colour)
    return (tile.outlines(berries, way.deep if bright else way.accent) if berries else tile).texture()


def brush(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Short strokes of a loaded brush in loose rows."""
    across = 220 * size
    tile = Tile(across, across).fill(way.accent if way.name != "yellow" else way.light)
    strokes: list[Points] = []
    for place in _scattered(rng, across, across, 40 * size):
        long, wide = rng.uniform(11, 17) * size, rng.uniform(3.5, 6) * size
        outline = ellipse(place, wide, long, steps=22) + rng.uniform(-0.7, 0.7, (22, 2)) * size
        strokes.append(turned(outline, float(rng.uniform(-24, 24)), about=place))
    return tile.outlines(strokes, way.base, 0.94).texture()


def rings(rng: np.random.Generator, way: Colourway, size: float) -> Texture:
    """Nested circles in offset rows."""
    cell = float(rng.choice([56, 74])) * size
    tile = Tile(cell, cell).fill(way.base)
    for row in (-1, 0, 1, 2, 3):
        centre = (cell * (0.5 * (row % 2)), row * cell / 2)
        for share, colour in (
            (0.5, way.deep),
            (0.44, way.base),
            (0.31, way.light),
            (0.25, way.base),
            (0.12, way.accent),
        ):
            radius = cell * share
            tile.outlines([ellipse(centre, radius, radius, steps=44)], colour)
    return tile.texture()


PATTERNS: dict[str, Pattern] = {
    "plain": plain,
    "stripe": stripe,
    "pinstripe": pinstripe,
    "check": check,
    "plaid": plaid,
    "speckle": speckle,
    "terrazzo": terrazzo,
    "dots": dots,
    "weave": weave,
    "herringbone": herringbone,
    "waves": waves,
    "botanical": botanical,
    "brush": brush,
    "rings": rings,
}


def paint_tile(name: str, rng: np.random.Generator, way: Colourway, *, size: float = 1.0) -> Texture:
    """The texture of the pattern ``name`` in a colourway."""
    return PATTERNS[name](rng, way, size)
