"""Lamps: table lamps with turned feet and shades, mushrooms and globes, lit from within."""

from __future__ import annotations

import numpy as np

from shop.demo.painting.canvas import Canvas
from shop.demo.painting.colours import BRASS, GRAPHITE, OAK, Array, Colourway, linear, mix
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import arc
from shop.demo.painting.lathe import Lathe, paint_wall, turn, visible_wall
from shop.demo.painting.light import CLOTH, GLAZE, METAL, SATIN, SOFT_METAL, WOOD, Material, lit
from shop.demo.painting.patterns import paint_tile
from shop.demo.painting.strokes import paint_rod
from shop.demo.painting.textures import Texture, wood_texture

SILHOUETTES = ("drum", "cone", "mushroom", "globe", "dome", "arc")
MATERIALS: dict[str, Material] = {"stoneware": SATIN, "glazed ceramic": GLAZE, "brass": METAL, "oak": WOOD}
PATTERNS = ("plain", "speckle", "plain", "stripe", "pinstripe", "brush", "plain", "waves", "terrazzo")
COLOURWAYS = ("clay", "oat", "moss", "ink", "sky", "plum", "yellow")

LINEN = linear("#f1e6d0")
GLOW = linear("#ffe2ad")
FEET: tuple[list[tuple[float, float]], ...] = (
    [(96, 0), (112, 3), (118, 14), (136, 80), (120, 160), (70, 220), (30, 252), (18, 290)],
    [(120, 0), (130, 4), (126, 16), (60, 28), (34, 44), (30, 120), (44, 180), (30, 240), (18, 296)],
    [(86, 0), (112, 4), (152, 66), (158, 130), (124, 200), (54, 246), (20, 280)],
    [(100, 0), (118, 3), (120, 14), (112, 120), (88, 220), (58, 262), (18, 290)],
    [(110, 0), (122, 4), (124, 20), (84, 40), (92, 96), (72, 130), (84, 180), (54, 226), (18, 286)],
)


def paint(canvas: Canvas, design: Design) -> None:
    """Paint one lamp."""
    rng = design.chance()
    way = design.colours(rng)
    skin, material = _body(design, rng, way)
    if design.silhouette == "arc":
        plain = skin.ground if isinstance(skin, Texture) and design.material != "oak" else skin
        _arc_lamp(canvas, way, plain, material)
    elif design.silhouette in {"mushroom", "globe", "dome"}:
        _one_piece(canvas, design, way, skin, material)
    else:
        _shaded(canvas, design, way, skin, rng)


def _body(design: Design, rng: np.random.Generator, way: Colourway) -> tuple[Texture | Array, Material]:
    """What the foot is made of."""
    material = MATERIALS[design.material]
    if design.material == "brass":
        return BRASS, METAL
    if design.material == "oak":
        return wood_texture(rng, OAK), WOOD
    return paint_tile(design.pattern, rng, way, size=1.15), material


def _shaded(canvas: Canvas, design: Design, way: Colourway, skin: Texture | Array, rng: np.random.Generator) -> None:
    """A turned foot under a shade of cloth."""
    foot = turn(FEET[int(rng.integers(len(FEET)))], base=885)
    radius = foot.radius_at(8)
    canvas.stand((foot.axis, foot.base), radius, radius * 0.27)
    paint_wall(canvas, foot, skin, MATERIALS[design.material])
    floor = foot.screen(foot.top) - 6
    paint_rod(canvas, [(foot.axis, floor + 12), (foot.axis, floor - 60)], 15.0, BRASS, METAL)
    if design.silhouette == "drum":
        shade = turn([(232, 0), (212, 250)], base=floor + 16, soft=False)
    else:
        shade = turn([(250, 0), (120, 276)], base=floor + 16, soft=False)
    cloth: Texture | Array = LINEN
    if design.material in {"brass", "oak"}:
        cloth = paint_tile(design.pattern, rng, way, size=1.1)
    _glowing(canvas, shade, cloth)


def _glowing(canvas: Canvas, shade: Lathe, cloth: Texture | Array) -> None:
    """A shade of cloth with a bulb inside: warm in the lower middle, a seam at both rims."""
    wall = visible_wall(canvas, shade)
    albedo = cloth.at(wall.around(shade), -wall.height) if isinstance(cloth, Texture) else cloth
    light = lit(albedo, wall.surface, CLOTH)
    share = wall.height / shade.top
    warm = np.exp(-(((share - 0.36) / 0.42) ** 2)) * np.clip(wall.surface.front, 0, 1) ** 1.3
    light = light + albedo * GLOW * (0.34 * warm)[..., None]
    ends = np.clip(1 - wall.height / 9, 0, 1) + np.clip(1 - (shade.top - wall.height) / 9, 0, 1)
    canvas.paint(wall.shape, (light * (1 - 0.16 * np.clip(ends, 0, 1))[..., None]).astype(np.float32))
    top = canvas.polygon(shade.ring(shade.top, shade.rim))
    canvas.paint(top, mix(LINEN, GLOW, 0.5) * 0.92)
    x, y = canvas.grid(top.window)
    deep = np.clip(
        0.75 - ((x - shade.axis) / shade.rim) * 0.3 + (y - shade.screen(shade.top)) / (shade.rim * 0.7), 0, 1
    )
    canvas.darken(top, (0.18 * deep).astype(np.float32))


def _one_piece(canvas: Canvas, design: Design, way: Colourway, skin: Texture | Array, material: Material) -> None:
    """A mushroom, a globe of milk glass on a foot, or a metal dome on a stalk."""
    foot_profile = {
        "mushroom": [(120, 0), (136, 4), (132, 20), (84, 100), (66, 200), (76, 300)],
        "globe": [(140, 0), (152, 4), (150, 24), (96, 70), (60, 110), (52, 128)],
        "dome": [(128, 0), (138, 4), (138, 20), (40, 30), (20, 44), (17, 200), (17, 320)],
    }[design.silhouette]
    foot = turn(foot_profile, base=840)
    radius = foot.radius_at(8)
    canvas.stand((foot.axis, foot.base), radius * 1.05, radius * 0.28)
    floor = foot.screen(foot.top)
    if design.silhouette == "globe":
        paint_wall(canvas, foot, skin, material)
        globe = turn([(60, 0), (150, 40), (206, 130), (214, 200), (182, 300), (100, 372), (2, 396)], base=floor + 12)
        wall = visible_wall(canvas, globe)
        glass = mix(linear("#fbf3e2"), way.base, 0.5) if design.material in {"brass", "oak"} else linear("#fbf3e2")
        light = lit(glass, wall.surface, GLAZE)
        light += GLOW * (0.30 * np.clip(wall.surface.front, 0, 1) ** 1.5)[..., None]
        canvas.paint(wall.shape, light)
        return
    paint_wall(canvas, foot, skin, material)
    wide = 250 if design.silhouette == "mushroom" else 236
    cap = turn(
        [(wide, 0), (wide - 1, 12), (wide * 0.93, 90), (wide * 0.68, 168), (wide * 0.34, 208), (2, 220)],
        base=floor + 30,
    )
    bulb = canvas.polygon(cap.ring(0, wide))
    canvas.paint(bulb, mix(GLOW, LINEN, 0.4))
    same = design.silhouette == "mushroom" and design.material not in {"brass", "oak"}
    paint_wall(canvas, cap, skin if same else way.base, material if same else SATIN, foot_shade=0.0)


def _arc_lamp(canvas: Canvas, way: Colourway, skin: Texture | Array, material: Material) -> None:
    """A reading lamp: a heavy foot, a bent arm, a bell at its end."""
    foot = turn([(122, 0), (132, 4), (132, 34), (124, 42), (1, 46)], axis=420, base=850, soft=False)
    canvas.stand((420, 850), 132, 36)
    paint_wall(canvas, foot, skin, material)
    arm = np.concatenate(
        [np.array([(420.0, 805.0), (420.0, 560.0), (420.0, 400.0)]), arc((530, 380), 110, 150, start=180, end=352)]
    )
    paint_rod(canvas, arm, 15.0, BRASS if way.name != "yellow" else GRAPHITE, SOFT_METAL)
    bell = turn([(132, 0), (128, 22), (104, 92), (62, 146), (26, 166), (20, 190), (1, 194)], axis=638, base=546)
    inside = canvas.polygon(bell.ring(0, 132))
    canvas.paint(inside, mix(GLOW, LINEN, 0.35))
    paint_wall(canvas, bell, way.base, SATIN, foot_shade=0.0)
