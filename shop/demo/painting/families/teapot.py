"""Teapots: a turned body and lid, a spout to the left, a handle to the right or over the top."""

from __future__ import annotations

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import BRASS, OAK, Array
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import smooth
from shop.demo.painting.lathe import Lathe, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, MATTE, METAL, SATIN, WOOD, Material
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "round": [(104, 0), (124, 4), (146, 22), (196, 96), (200, 164), (160, 238), (92, 272), (78, 276)],
    "low": [(130, 0), (156, 4), (182, 24), (224, 80), (222, 128), (168, 190), (96, 212), (84, 216)],
    "tall": [(116, 0), (136, 4), (150, 22), (168, 120), (160, 216), (128, 292), (88, 320), (80, 324)],
    "cone": [(166, 0), (188, 4), (194, 20), (170, 110), (132, 214), (98, 268), (84, 274)],
}
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "porcelain": GLAZE, "cast iron": MATTE}
PATTERNS = ("plain", "speckle", "dots", "plain", "botanical", "waves", "brush", "rings", "pinstripe")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one teapot."""
    rng = design.chance()
    way = design.colours(rng)
    material = MATERIALS[design.material]
    over_the_top = design.material == "cast iron" or rng.random() < 0.25
    body = turn(scaled(SILHOUETTES[design.silhouette], 1.18, 1.22), axis=510, base=735)
    foot = body.radius_at(14)
    canvas.stand((body.axis, body.base), foot, foot * 0.27)
    skin = paint_tile("plain" if design.material == "cast iron" else design.pattern, rng, way, size=1.1)
    if over_the_top:
        _bail(canvas, body, back=True)
    else:
        _ear(canvas, body, skin.ground, material)
    _spout(canvas, body, skin.ground, material)
    paint_wall(canvas, body, skin, material)
    _lid(canvas, body, skin, material)
    if over_the_top:
        _bail(canvas, body, back=False)


def _ear(canvas: Canvas, body: Lathe, colour: Array, material: Material) -> None:
    """A handle at the right side."""
    high, low = body.top * 0.82, body.top * 0.28
    start = (body.axis + body.radius_at(high) - 12, body.screen(high))
    end = (body.axis + body.radius_at(low) - 12, body.screen(low))
    out = body.axis + body.radius.max() + 96
    middle = (start[1] + end[1]) / 2
    path = smooth([start, (start[0] + 66, start[1] - 26), (out, middle - 46), (out - 22, middle + 36), end])
    paint_rod(canvas, path, (36, 30), colour, material)


def _spout(canvas: Canvas, body: Lathe, colour: Array, material: Material) -> None:
    """A spout that narrows as it rises to the left."""
    root = (body.axis - body.radius_at(body.top * 0.36) + 30, body.screen(body.top * 0.34))
    tip = (body.axis - body.radius.max() - 116, body.screen(body.top * 0.92))
    path = smooth([root, (root[0] - 62, root[1] - 26), (tip[0] + 44, (root[1] + tip[1]) / 2 - 6), tip])
    paint_rod(canvas, path, (84, 34), colour, material)
    mouth = canvas.polygon(
        smooth(
            [(tip[0] - 15, tip[1] - 3), (tip[0] + 2, tip[1] - 12), (tip[0] + 15, tip[1] - 3), (tip[0], tip[1] + 5)],
            closed=True,
        )
    )
    canvas.paint(mouth, colour * 0.22)


def _lid(canvas: Canvas, body: Lathe, skin: Texture, material: Material) -> None:
    """A domed lid with a knob."""
    rim = body.rim
    floor = body.screen(body.top)
    lid = turn([(rim + 8, 0), (rim + 12, 8), (rim * 0.86, 26), (rim * 0.5, 42), (18, 50)], axis=body.axis, base=floor)
    canvas.darken(canvas.polygon(body.ring(body.top - 4, rim + 22)), 0.28)
    paint_wall(canvas, lid, skin, material, foot_shade=0.25)
    knob = turn([(12, 0), (11, 12), (24, 26), (28, 38), (20, 52), (2, 58)], axis=body.axis, base=lid.screen(48))
    paint_wall(canvas, knob, skin.ground, material, foot_shade=0.4)


def _bail(canvas: Canvas, body: Lathe, *, back: bool) -> None:
    """A hoop over the top, of brass with a wooden grip; ``back`` paints what the lid hides, else the rest."""
    shoulder = body.top * 0.80
    reach = body.radius_at(shoulder) * 0.90
    foot = body.screen(shoulder)
    crown = body.screen(body.top) - 190
    path = smooth(
        [
            (body.axis - reach, foot),
            (body.axis - reach - 8, crown + 120),
            (body.axis - reach * 0.62, crown + 14),
            (body.axis, crown),
            (body.axis + reach * 0.62, crown + 14),
            (body.axis + reach + 8, crown + 120),
            (body.axis + reach, foot),
        ]
    )
    if back:
        return
    paint_rod(canvas, path, 15.0, BRASS, METAL)
    grip = path[int(len(path) * 0.36) : int(len(path) * 0.64)]
    paint_rod(canvas, grip, 34.0, OAK, WOOD)
