"""Plants for the planters: what grows out of a pot, drawn leaf by leaf from back to front."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import Array, linear, mix
from shop.demo.painting.geometry import Points, PointsLike, along, as_points, smooth
from shop.demo.painting.light import Material, flat, lit, padded
from shop.demo.painting.strokes import paint_rod

GREENS = tuple(linear(code) for code in ("#4f7346", "#5f8550", "#6f9460", "#3f6247", "#7da06b"))
BLADE = Material(gloss=0.16, fuzz=0.02, wrap=0.4)
STALK = linear("#6f8a4f")
CACTUS = linear("#6a8f68")
NEEDLE = linear("#efe6c8")
FLOWER = linear("#e58a7b")


def ribbon(middle: PointsLike, width: float) -> Points:
    """The outline of a pointed blade along ``middle``, widest a third of the way up."""
    line = along(smooth(middle, steps=10), 28)
    direction = np.gradient(line, axis=0)
    across = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    across /= np.maximum(np.hypot(across[:, 0], across[:, 1])[:, None], 1e-6)
    share = np.linspace(0, 1, len(line))
    half = (width / 2 * np.sin(np.pi * np.clip(0.12 + share * 0.88, 0, 1)) ** 0.8)[:, None]
    return np.concatenate([line + across * half, (line - across * half)[::-1]])


def _leaf(canvas: Canvas, outline: Points, colour: Array, *, vein: Points | None, lean: float) -> Shape:
    """One leaf with its middle vein; it shades what lies behind."""
    shape = canvas.polygon(outline)
    canvas.cast(shape, across=5, down=8, blur=7, strength=0.28)
    canvas.paint(shape, lit(colour, padded(canvas, shape, depth=7, edge=12, lean=(lean, 0.25)), BLADE))
    if vein is not None:
        canvas.add_light(canvas.line(vein, 2.4), colour * 0.9, 0.8)
    return shape


def snake_plant(canvas: Canvas, foot: tuple[float, float], spread: float, rng: np.random.Generator) -> None:
    """Upright swords with a pale edge."""
    blades = sorted(rng.uniform(-1, 1, 9), key=lambda lean: -abs(lean))
    for lean in blades:
        height = float(rng.uniform(250, 390)) * (1 - 0.22 * abs(lean))
        x = foot[0] + lean * spread * 0.55
        tip = (x + lean * 70 + rng.uniform(-14, 14), foot[1] - height)
        middle = [(x, foot[1] + 8), (x + lean * 18, foot[1] - height * 0.5), tip]
        colour = GREENS[int(rng.integers(0, 4))] * float(rng.uniform(0.8, 1.1))
        _leaf(canvas, ribbon(middle, 50), linear("#c9c27a"), vein=None, lean=float(lean) * 0.3)
        inner = canvas.polygon(ribbon(middle, 36))
        canvas.paint(inner, lit(colour, padded(canvas, inner, depth=6, edge=10, lean=(float(lean) * 0.3, 0.2)), BLADE))


def rubber_plant(canvas: Canvas, foot: tuple[float, float], _spread: float, rng: np.random.Generator) -> None:
    """Broad oval leaves up a stem."""
    stem = smooth(
        [
            (foot[0], foot[1] + 6),
            (foot[0] + rng.uniform(-16, 16), foot[1] - 160),
            (foot[0] + rng.uniform(-26, 26), foot[1] - 330),
        ]
    )
    paint_rod(canvas, stem, (12, 7), STALK)
    for at, share in enumerate(np.linspace(0.25, 1.0, 9)):
        node = stem[int(share * (len(stem) - 1))]
        side = -1 if at % 2 else 1
        length = float(rng.uniform(118, 150)) * (1.08 - 0.35 * share)
        rise = float(rng.uniform(0.25, 0.9)) + (1.2 if share > 0.9 else 0)
        tip = node + np.array([side * length, -length * rise * 0.6])
        middle = [tuple(node), tuple((node + tip) / 2 + np.array([0, -16])), tuple(tip)]
        colour = GREENS[int(rng.integers(0, 5))] * float(rng.uniform(0.85, 1.1))
        _leaf(canvas, ribbon(middle, length * 0.52), colour, vein=smooth(middle, steps=8)[:-4], lean=side * 0.25)


def trailing(canvas: Canvas, foot: tuple[float, float], spread: float, rng: np.random.Generator) -> None:
    """Heart-shaped leaves that fall over the rim."""
    leans = sorted(rng.uniform(-1, 1, 13), key=abs, reverse=True)
    for lean in leans:
        reach = spread * (0.4 + 0.75 * abs(lean)) * (1 if lean > 0 else -1)
        rise = float(rng.uniform(60, 170)) * (1 - 0.5 * abs(lean))
        fall = 110 * abs(lean) if abs(lean) > 0.55 else -rise * 0.2
        end = (foot[0] + reach * 1.25, foot[1] - rise * 0.3 + fall)
        path = smooth([(foot[0] + lean * spread * 0.3, foot[1] + 4), (foot[0] + reach * 0.75, foot[1] - rise), end])
        paint_rod(canvas, path, (5, 3), STALK)
        for node in path[8::6]:
            _heart(canvas, node, float(rng.uniform(24, 34)), rng)


def _heart(canvas: Canvas, node: Points, size: float, rng: np.random.Generator) -> None:
    """One heart-shaped leaf hanging from ``node``."""
    angle = float(rng.uniform(-0.8, 0.8))
    heart = (
        as_points(
            [
                (0, 0.05),
                (0.42, -0.32),
                (0.86, -0.06),
                (0.66, 0.52),
                (0, 1.25),
                (-0.66, 0.52),
                (-0.86, -0.06),
                (-0.42, -0.32),
            ]
        )
        * size
    )
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    outline = smooth(heart @ rotation, closed=True, steps=5) + node
    tip = np.array([0, 0.95 * size]) @ rotation + node
    colour = GREENS[int(rng.integers(0, 5))] * float(rng.uniform(0.85, 1.15))
    _leaf(canvas, outline, colour, vein=np.stack([node, tip]), lean=float(rng.uniform(-0.3, 0.2)))


def cactus(canvas: Canvas, foot: tuple[float, float], _spread: float, rng: np.random.Generator) -> None:
    """A ribbed column with an arm or two, needles and a flower."""
    height = float(rng.uniform(220, 300))
    for side, at in ((-1, 0.42), (1, 0.56)):
        if rng.random() < 0.75:
            y = foot[1] - height * at
            arm = smooth(
                [
                    (foot[0], y),
                    (foot[0] + side * 62, y - 8),
                    (foot[0] + side * 82, y - 60),
                    (foot[0] + side * 80, y - 106),
                ]
            )
            paint_rod(canvas, arm, 50.0, CACTUS, BLADE)
            _needles(canvas, arm, 17, rng)
    column = smooth([(foot[0], foot[1] - 36), (foot[0], foot[1] - height * 0.5), (foot[0], foot[1] - height)])
    body = paint_rod(canvas, column, (92, 84), CACTUS, BLADE)
    for offset in (-30, -14, 4, 22, 34):
        rib = canvas.line([(foot[0] + offset, foot[1] + 6), (foot[0] + offset * 0.9, foot[1] - height - 20)], 3).within(
            body
        )
        canvas.darken(rib, 0.3)
    _needles(canvas, column, 34, rng)
    crown = column[-1] + np.array([4, -40])
    for angle in np.linspace(-1.1, 1.1, 5):
        petal = ribbon(
            [
                tuple(crown + np.array([0, 14])),
                tuple(crown + np.array([20 * np.sin(angle), -14 * np.cos(angle)])),
                tuple(crown + np.array([38 * np.sin(angle), -26 * np.cos(angle)])),
            ],
            16,
        )
        shape = canvas.polygon(petal)
        canvas.paint(shape, lit(FLOWER, flat(shape, right=float(np.sin(angle)) * 0.4, up=0.4), BLADE))


def _needles(canvas: Canvas, path: Points, reach: float, rng: np.random.Generator) -> None:
    """Short pale needles scattered along a stem."""
    needles = []
    for node in along(path, 12):
        for _needle in range(3):
            start = node + np.array([rng.uniform(-reach, reach), rng.uniform(-8, 8)])
            needles.append(np.stack([start, start + np.array([rng.uniform(-7, 7), rng.uniform(-8, -2)])]))
    canvas.paint(canvas.lines(needles, 1.8), NEEDLE, 0.85)


def fern(canvas: Canvas, foot: tuple[float, float], spread: float, rng: np.random.Generator) -> None:
    """Arching fronds of many small leaves."""
    for lean in sorted(rng.uniform(-1, 1, 11), key=lambda lean: -abs(lean)):
        rise = float(rng.uniform(190, 290)) * (1 - 0.35 * abs(lean))
        end = (foot[0] + lean * spread * 1.75, foot[1] - rise * (1 - 0.55 * abs(lean)))
        frond = smooth(
            [(foot[0] + lean * 20, foot[1] + 6), (foot[0] + lean * spread * 0.8, foot[1] - rise), end], steps=20
        )
        colour = mix(GREENS[int(rng.integers(0, 5))], linear("#9dbb7f"), float(rng.uniform(0, 0.4)))
        blades = []
        for at in range(6, len(frond) - 1, 2):
            along_frond = frond[at + 1] - frond[at - 1]
            along_frond = along_frond / max(float(np.hypot(*along_frond)), 1e-6)
            across = np.array([-along_frond[1], along_frond[0]])
            length = 40 * (1 - 0.75 * at / len(frond))
            for side in (-1, 1):
                tip = frond[at] + side * across * length + along_frond * length * 0.5
                blades.append(ribbon([tuple(frond[at]), tuple((frond[at] + tip) / 2), tuple(tip)], 11))
        shape = canvas.polygon(*blades)
        canvas.cast(shape, across=5, down=8, blur=7, strength=0.25)
        canvas.paint(shape, lit(colour, padded(canvas, shape, depth=3, edge=5, lean=(float(lean) * 0.3, 0.3)), BLADE))
        canvas.paint(canvas.line(frond, 3), colour * 0.7)


PLANTS = {"snake plant": snake_plant, "rubber plant": rubber_plant, "pothos": trailing, "cactus": cactus, "fern": fern}
