"""Bowls: low and open, so the inside shows as much as the outside."""

from __future__ import annotations

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import CREAM, WALNUT, WOODS, Array, Colourway, mix
from shop.demo.painting.design import Design
from shop.demo.painting.lathe import paint_opening, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, LACQUER, SATIN, WOOD, Material
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.textures import Texture, wood_texture

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "ramen": [(92, 0), (104, 3), (104, 22), (124, 40), (206, 112), (256, 205), (262, 232)],
    "breakfast": [(90, 0), (110, 3), (132, 18), (188, 80), (212, 150), (214, 196)],
    "shallow": [(120, 0), (150, 3), (158, 16), (236, 60), (292, 122), (300, 136)],
    "footed": [(112, 0), (120, 4), (92, 22), (74, 62), (96, 96), (196, 140), (244, 218), (250, 244)],
    "straight": [(190, 0), (222, 4), (234, 20), (242, 96), (246, 186)],
}
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "porcelain": GLAZE, "wood": WOOD, "lacquer": LACQUER}
PATTERNS = ("plain", "speckle", "waves", "stripe", "rings", "brush", "botanical", "dots", "plain", "terrazzo")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one bowl."""
    rng = design.chance()
    way = design.colours(rng)
    material = MATERIALS[design.material]
    lathe = turn(scaled(SILHOUETTES[design.silhouette], 1.22, 1.25 * float(rng.uniform(0.92, 1.1))), base=700)
    foot = lathe.radius_at(14) * 1.15
    canvas.stand((lathe.axis, lathe.base), foot, foot * 0.27)
    inside: Array = mix(CREAM, way.light, 0.4)
    skin: Texture
    if design.material == "wood":
        wood = WOODS["ash" if way.name in {"oat", "sky", "yellow"} else "oak"] if way.name != "ink" else WALNUT
        skin = wood_texture(rng, wood, level=True)
        inside = way.base  # painted inside, bare wood outside
    else:
        skin = paint_tile(design.pattern, rng, way, size=1.15)
    paint_wall(canvas, lathe, skin, material)
    if design.material == "lacquer":
        inside = way.deep if way.name not in {"ink", "plum"} else mix(way.light, way.base, 0.4)
    paint_opening(canvas, lathe, inside, lip=11, lip_colour=_lip(skin, way), material=material)


def _lip(skin: Texture, way: Colourway) -> Array:
    """The rim's colour: the ground, worn a little lighter."""
    return mix(skin.ground, way.light, 0.2)
