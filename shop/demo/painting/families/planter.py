"""Planters: pots with saucers or on wooden legs, something green in most of them."""

from __future__ import annotations

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import OAK, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.families.plants import PLANTS
from shop.demo.painting.lathe import Lathe, paint_opening, paint_wall, scaled, turn
from shop.demo.painting.light import GLAZE, MATTE, SATIN, WOOD, Material
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture

SILHOUETTES: dict[str, list[tuple[float, float]]] = {
    "classic": [(108, 0), (112, 3), (134, 150), (146, 196), (148, 200), (160, 202), (164, 208), (168, 250), (166, 254)],
    "cylinder": [(122, 0), (142, 3), (150, 14), (152, 110), (152, 226)],
    "bowl": [(92, 0), (120, 4), (168, 50), (192, 112), (184, 168), (172, 190)],
    "egg": [(84, 0), (110, 5), (150, 60), (164, 124), (150, 188), (128, 226)],
    "standing": [(104, 0), (132, 4), (150, 24), (154, 100), (154, 182)],
}
MATERIALS: dict[str, Material] = {"terracotta": MATTE, "stoneware": SATIN, "glazed ceramic": GLAZE}
PATTERNS = ("plain", "speckle", "plain", "terrazzo", "stripe", "rings", "brush", "waves", "dots")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

EARTH = linear("#3b2a20")


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one planter."""
    rng = design.chance()
    way = design.colours(rng)
    material = MATERIALS[design.material]
    plant = str(rng.choice(list(PLANTS)))
    standing = design.silhouette == "standing"
    base = 800.0
    lathe = turn(
        scaled(SILHOUETTES[design.silhouette], 1.12, 1.12),
        base=base - (96 if standing else 10),
        soft=design.silhouette != "classic",
    )
    skin = paint_tile(design.pattern, rng, way, size=1.1)
    if standing:
        canvas.stand((lathe.axis, base), lathe.radius.max() * 0.95, lathe.radius.max() * 0.26)
        _legs(canvas, lathe, base, back=True)
    else:
        _saucer(canvas, lathe, skin, base, material)
    paint_wall(canvas, lathe, skin, material)
    lip = mix(skin.ground, way.light, 0.2)
    paint_opening(canvas, lathe, skin.ground * 0.8, lip=13, lip_colour=lip, filled=(16, EARTH), material=material)
    if standing:
        _legs(canvas, lathe, base, back=False)
    foot = (lathe.axis, lathe.screen(lathe.top) + 14)
    PLANTS[plant](canvas, foot, lathe.rim, rng)


def _saucer(canvas: Canvas, lathe: Lathe, skin: Texture, base: float, material: Material) -> None:
    """A shallow dish under the pot."""
    radius = lathe.radius_at(12) * 1.22
    canvas.stand((lathe.axis, base), radius, radius * 0.27)
    dish = turn([(radius * 0.86, 0), (radius * 0.96, 4), (radius, 20)], axis=lathe.axis, base=base)
    paint_wall(canvas, dish, skin.ground, material)
    paint_opening(
        canvas, dish, skin.ground * 0.8, lip=9, lip_colour=skin.ground, filled=(8, skin.ground * 0.6), material=material
    )


def _legs(canvas: Canvas, lathe: Lathe, base: float, *, back: bool) -> None:
    """A wooden stand: two legs behind the pot, two in front, a ring around it."""
    reach = lathe.radius.max() + 4
    if back:
        for side in (-1, 1):
            x = lathe.axis + side * reach * 0.5
            paint_rod(canvas, [(x, base - 110), (x, base - 30)], 17.0, OAK * 0.75, WOOD)
        return
    for side in (-1, 1):
        x = lathe.axis + side * reach * 0.90
        paint_rod(canvas, [(x, lathe.screen(lathe.top * 0.62)), (x, base + 14)], 21.0, OAK, WOOD)
