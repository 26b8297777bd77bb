"""Clocks: round, square and sunburst ones for the wall, alarm clocks and mantel clocks that stand."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape
from shop.demo.painting.colours import BRASS, CHALK, CHARCOAL, GRAPHITE, OAK, WALNUT, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import Points, ellipse, rectangle, rounded
from shop.demo.painting.light import MATTE, METAL, SATIN, SOFT_METAL, WOOD, Material, flat, lit, padded
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture, wood_texture

SILHOUETTES = ("round", "square", "sunburst", "alarm", "arch", "pendulum")
MATERIALS: dict[str, Material] = {"oak": WOOD, "walnut": WOOD, "lacquered steel": SATIN, "brass": SOFT_METAL}
PATTERNS = ("plain", "plain", "terrazzo", "speckle", "plain", "pinstripe")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one clock."""
    rng = design.chance()
    way = design.colours(rng)
    centre, radius = (500.0, 500.0), 340.0
    frame = _frame_skin(design, way, rng)
    dial = (
        paint_tile(design.pattern, rng, way, size=1.3)
        if design.pattern != "plain"
        else _dial_colour(way, rng, cased_in_wood=design.material != "lacquered steel")
    )
    if design.silhouette == "sunburst":
        radius = 190.0
        _rays(canvas, centre, radius, frame, MATERIALS[design.material])
    elif design.silhouette == "alarm":
        centre, radius = (500.0, 540.0), 270.0
        _alarm_parts(canvas, centre, radius)
    elif design.silhouette == "arch":
        radius = 205.0
        _body(canvas, _arch(centre), frame, design)
        canvas.stand((500, 760), 280, 44)
    elif design.silhouette == "pendulum":
        centre, radius = (500.0, 360.0), 215.0
        _pendulum(canvas, frame, design)
    elif design.silhouette == "square":
        radius = 300.0
        _body(canvas, rounded(rectangle(140, 140, 860, 860), 70), frame, design)
    _face(canvas, centre, radius, frame, dial, design)
    _marks(canvas, centre, radius, dial, way, int(rng.integers(0, 4)))
    _hands(canvas, centre, radius, dial, way, rng)
    if design.silhouette not in {"alarm", "arch"}:
        canvas.hang(across=16, down=26, blur=22, strength=0.44)


def _frame_skin(design: Design, way: Colourway, rng: np.random.Generator) -> Texture | Array:
    """What the case is made of."""
    if design.material in {"oak", "walnut"}:
        return wood_texture(rng, OAK if design.material == "oak" else WALNUT)
    return BRASS if design.material == "brass" else way.base


def _dial_colour(way: Colourway, rng: np.random.Generator, *, cased_in_wood: bool) -> Array:
    """A plain dial: pale or in the colourway; never pale where the case shows no colour either."""
    choices = (way.base, way.deep) if cased_in_wood else (CHALK, mix(CHALK, way.light, 0.5), way.base, way.deep)
    return choices[int(rng.integers(len(choices)))]


def _albedo(canvas: Canvas, skin: Texture | Array, shape: Shape) -> Array:
    """The skin's colour over a flat shape."""
    if isinstance(skin, Texture):
        x, y = canvas.grid(shape.window)
        return skin.at(x, y)
    return skin


def _body(canvas: Canvas, outline: Points, skin: Texture | Array, design: Design) -> Shape:
    """A case behind the dial."""
    shape = canvas.polygon(outline)
    surface = padded(canvas, shape, depth=16, edge=18)
    canvas.paint(shape, lit(_albedo(canvas, skin, shape), surface, MATERIALS[design.material]))
    return shape


def _arch(centre: tuple[float, float]) -> Points:
    """A mantel clock: a round top on a straight foot."""
    x, y = centre
    top = [(x + 270 * np.cos(a), y + 270 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 50)]
    return np.array(
        [
            *top,
            (x + 270, y + 235),
            (x + 296, y + 235),
            (x + 296, y + 275),
            (x - 296, y + 275),
            (x - 296, y + 235),
            (x - 270, y + 235),
        ]
    )


def _face(
    canvas: Canvas,
    centre: tuple[float, float],
    radius: float,
    frame: Texture | Array,
    dial: Texture | Array,
    design: Design,
) -> None:
    """The ring, the dial sunk into it, and the shade of the ring on the dial."""
    ring = canvas.polygon(ellipse(centre, radius, radius, steps=160))
    if design.silhouette in {"square", "arch", "pendulum"}:
        canvas.cast(ring, across=3, down=5, blur=5, strength=0.3)
    x, y = canvas.grid(ring.window)
    distance = np.hypot(x - centre[0], y - centre[1])
    width = radius * (0.09 if design.silhouette != "alarm" else 0.12)
    across = np.clip((distance - radius + width / 2) / (width / 2), -0.96, 0.96)
    safe = np.maximum(distance, 1.0)
    surface = flat(ring)
    right = ((x - centre[0]) / safe * across).astype(np.float32)
    up = (-(y - centre[1]) / safe * across).astype(np.float32)
    front = np.sqrt(1 - across * across).astype(np.float32)
    surface = type(surface)(right, up, front)
    canvas.paint(ring, lit(_albedo(canvas, frame, ring), surface, MATERIALS[design.material]))
    plate = canvas.polygon(ellipse(centre, radius - width, radius - width, steps=160))
    canvas.paint(plate, lit(_albedo(canvas, dial, plate), flat(plate), MATTE))
    x, y = canvas.grid(plate.window)
    toward = ((x - centre[0]) * -0.62 + (y - centre[1]) * -0.62) / radius
    edge = np.clip((np.hypot(x - centre[0] - 9, y - centre[1] - 12) - radius + width + 30) / 42, 0, 1)
    canvas.darken(plate, (0.34 * edge * edge * np.clip(0.25 + toward, 0, 1)).astype(np.float32))


def _ink_for(dial: Texture | Array, way: Colourway) -> Array:
    """What can be read on this dial."""
    ground = dial.ground if isinstance(dial, Texture) else dial
    return CHARCOAL if float(ground.mean()) > 0.22 else mix(CHALK, way.light, 0.2)


def _marks(
    canvas: Canvas, centre: tuple[float, float], radius: float, dial: Texture | Array, way: Colourway, style: int
) -> None:
    """Hour and minute marks: bars, dots, quarters only, or bars with fine minutes."""
    colour = _ink_for(dial, way)
    inner = radius * 0.80

    def bar(angle: float, length: float) -> Points:
        direction = np.array([np.sin(angle), -np.cos(angle)])
        return np.stack([centre + direction * (inner - length), centre + direction * inner])

    hours = [hour * np.pi / 6 for hour in range(12)]
    if style == 1:
        spots = [ellipse(bar(angle, 0)[1], radius * 0.026, radius * 0.026, steps=24) for angle in hours]
        canvas.paint(canvas.polygon(*spots), colour)
        return
    wanted = hours[::3] if style == 2 else hours
    canvas.paint(
        canvas.lines([bar(angle, radius * (0.14 if style == 2 else 0.10)) for angle in wanted], radius * 0.024), colour
    )
    if style == 3:
        minutes = [minute * np.pi / 30 for minute in range(60) if minute % 5]
        canvas.paint(canvas.lines([bar(angle, radius * 0.035) for angle in minutes], radius * 0.009), colour)


def _hands(
    canvas: Canvas,
    centre: tuple[float, float],
    radius: float,
    dial: Texture | Array,
    way: Colourway,
    rng: np.random.Generator,
) -> None:
    """Hour, minute and second hand at a pleasant time, each with its shadow."""
    minutes = float(rng.choice([8, 9, 10, 11]))
    hour = 10 + minutes / 60
    colour = _ink_for(dial, way)
    accent = (
        way.base
        if float(np.abs(way.base - (dial.ground if isinstance(dial, Texture) else dial)).mean()) > 0.08
        else way.accent
    )
    for angle, length, width, paint_colour in (
        (hour * np.pi / 6, 0.46, 0.046, colour),
        (minutes * np.pi / 30, 0.68, 0.034, colour),
        (float(rng.uniform(0, 2 * np.pi)), 0.72, 0.012, accent),
    ):
        direction = np.array([np.sin(angle), -np.cos(angle)])
        line = np.stack([centre - direction * radius * 0.12, centre + direction * radius * length])
        shape = canvas.line(line, radius * width)
        canvas.cast(shape, across=4, down=7, blur=3.5, strength=0.32)
        canvas.paint(shape, paint_colour)
    boss = canvas.polygon(ellipse(centre, radius * 0.045, radius * 0.045, steps=40))
    canvas.paint(boss, lit(BRASS, padded(canvas, boss, depth=6, edge=8), METAL))


def _rays(
    canvas: Canvas, centre: tuple[float, float], radius: float, skin: Texture | Array, material: Material
) -> None:
    """Rods all around, long and short by turns."""
    for at, angle in enumerate(np.linspace(0, 2 * np.pi, 32, endpoint=False)):
        direction = np.array([np.sin(angle), -np.cos(angle)])
        reach = 400 if at % 2 == 0 else 320
        colour = skin.ground if isinstance(skin, Texture) else skin
        line = np.stack([centre + direction * (radius - 20), centre + direction * reach])
        paint_rod(canvas, line, (15, 9) if at % 2 == 0 else (12, 8), colour, material)


def _alarm_parts(canvas: Canvas, centre: tuple[float, float], radius: float) -> None:
    """Feet, bells and the handle between them."""
    x, y = centre
    canvas.stand((x, y + radius + 42), radius * 0.8, 34)
    for side in (-1, 1):
        paint_rod(
            canvas,
            [(x + side * radius * 0.52, y + radius * 0.72), (x + side * radius * 0.74, y + radius + 40)],
            (34, 24),
            GRAPHITE,
            SATIN,
        )
    handle = [(x + 120 * np.cos(a), y - radius - 46 + 74 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 24)]
    paint_rod(canvas, handle, 15.0, BRASS, METAL)
    for side in (-1, 1):
        angle = side * 0.62
        middle = (x + np.sin(angle) * (radius + 26), y - np.cos(angle) * (radius + 26))
        dome = [(middle[0] + 98 * np.cos(a), middle[1] + 84 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 40)]
        tilt = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        outline = (
            np.array([*dome, (middle[0] + 98, middle[1] + 10), (middle[0] - 98, middle[1] + 10)]) - middle
        ) @ tilt + middle
        bell = canvas.polygon(outline)
        canvas.paint(bell, lit(BRASS, padded(canvas, bell, depth=60, edge=66), SOFT_METAL))
        knob = canvas.polygon(ellipse(middle + np.array([0, -92.0]) @ tilt, 14, 14, steps=24))
        canvas.paint(knob, lit(BRASS, padded(canvas, knob, depth=10, edge=10), METAL))


def _pendulum(canvas: Canvas, skin: Texture | Array, design: Design) -> None:
    """A long case with a window, and the pendulum swinging in it."""
    case = rounded(rectangle(330, 250, 670, 890), (20, 20, 40, 40))
    body = _body(canvas, case, skin, design)
    window = canvas.polygon(rounded(rectangle(386, 560, 614, 840), 22)).within(body)
    canvas.darken(window, 0.72)
    paint_rod(canvas, [(500, 560), (528, 752)], 9.0, BRASS, METAL)
    bob = canvas.polygon(ellipse((530, 764), 46, 46, steps=60))
    canvas.paint(bob, lit(BRASS, padded(canvas, bob, depth=22, edge=30), SOFT_METAL))
