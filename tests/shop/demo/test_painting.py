"""Pictures: the same for the same seed, different for different things, whole and well framed."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
import pytest
from PIL import Image

from shop.demo.catalogue import blueprints
from shop.demo.painting import colours
from shop.demo.painting.canvas import Canvas, soften
from shop.demo.painting.design import Design
from shop.demo.painting.geometry import along, smooth
from shop.demo.painting.lathe import turn, visible_wall
from shop.demo.painting.patterns import PATTERNS, paint_tile
from shop.demo.painting.studio import FAMILIES, paint_picture

SMALL = 96
PLANS = blueprints(items=len(FAMILIES) * 14, seed=4)


def first_of_each_family() -> list[Design]:
    return [plan.design for plan in blueprints(items=len(FAMILIES))]


def digest(picture: Image.Image) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()


@pytest.mark.parametrize("design", first_of_each_family()[::5], ids=lambda design: design.family)
def test_equal_designs_give_equal_bytes_and_other_seeds_others(design: Design) -> None:
    other = Design(design.family, design.silhouette, design.material, design.pattern, design.colourway, (9, 9))
    assert digest(paint_picture(design, size=SMALL)) == digest(paint_picture(design, size=SMALL))
    assert digest(paint_picture(design, size=SMALL)) != digest(paint_picture(other, size=SMALL))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_silhouette_is_painted_whole_with_room_around_it(family: str) -> None:
    seen = {plan.design.silhouette: plan.design for plan in PLANS if plan.design.family == family}
    assert set(seen) == set(FAMILIES[family].silhouettes)
    for design in seen.values():
        pixels = np.asarray(paint_picture(design, size=SMALL), dtype=float)
        assert pixels.shape == (SMALL, SMALL, 3)
        border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        assert border.min() > 180, design.silhouette
        thing = (pixels.min(axis=2) < 200).mean()
        assert 0.02 < thing < 0.85, design.silhouette


def test_there_are_at_least_fourteen_families_that_look_different() -> None:
    assert len(FAMILIES) >= 14
    shapes = defaultdict(list)
    for plan in PLANS[: len(FAMILIES) * 2]:
        picture = paint_picture(plan.design, size=SMALL).convert("L").resize((16, 16))
        shapes[plan.design.family].append(np.asarray(picture, dtype=float).ravel())
    middles = {family: np.mean(some, axis=0) for family, some in shapes.items()}
    for family, middle in middles.items():
        for other, other_middle in middles.items():
            if family != other:
                assert np.abs(middle - other_middle).mean() > 3, (family, other)


def test_the_picture_is_eight_hundred_pixels_on_a_ground_near_white() -> None:
    pixels = np.asarray(paint_picture(first_of_each_family()[0]))
    assert pixels.shape == (800, 800, 3)
    assert pixels.dtype == np.uint8
    assert pixels[:40].min() > 235


def test_a_close_up_shows_more_of_less() -> None:
    design = first_of_each_family()[0]
    whole = np.asarray(paint_picture(design, size=SMALL), dtype=float)
    near = np.asarray(paint_picture(design, size=SMALL, close_up=True), dtype=float)
    assert (near.min(axis=2) < 200).mean() > 1.4 * (whole.min(axis=2) < 200).mean()


def test_light_comes_from_the_upper_left() -> None:
    canvas = Canvas(100)
    ball = turn([(1, 0), (250, 130), (300, 300), (250, 470), (1, 600)], base=800)
    wall = visible_wall(canvas, ball)
    middle = wall.shape.window.shape[1] // 2
    assert wall.surface.right[:, :middle].mean() < 0 < wall.surface.right[:, middle:].mean()
    design = Design("candle", "pillar", "wax", "plain", "oat", (0, 1))
    pixels = np.asarray(paint_picture(design, size=SMALL), dtype=float).sum(axis=2)[60:70]
    inside = np.flatnonzero(pixels.mean(axis=0) < 3 * 225)
    left, right = np.array_split(pixels[:, inside], 2, axis=1)
    assert left.mean() > right.mean()


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_are_seamless(name: str) -> None:
    texture = paint_tile(name, np.random.default_rng(3), colours.COLOURWAYS["moss"])
    tile = texture.tile
    assert tile.min() >= 0
    assert tile.max() <= 1.0001
    u, v = np.array([[0.3]], dtype=np.float32), np.array([[0.7]], dtype=np.float32)
    here, a_period_on = texture.at(u, v), texture.at(u + texture.across, v + texture.down)
    np.testing.assert_allclose(here, a_period_on, atol=2e-3)
    # The step over the seam is no larger than the largest step within the tile.
    seam = np.abs(tile[:, 0] - tile[:, -1]).max()
    within = np.abs(np.diff(tile, axis=1)).max()
    assert seam <= within + 0.02


def test_screen_and_light_are_each_others_inverse() -> None:
    light = colours.linear("#bd6a4c")
    assert colours.to_screen(light).tolist() == [0xBD, 0x6A, 0x4C]


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = [(0.0, 0.0), (10.0, 5.0), (20.0, -5.0), (30.0, 0.0)]
    curve = smooth(points, steps=10)
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9
    assert len(along(curve, 7)) == 7


def test_blurring_keeps_the_sum_and_spreads_it() -> None:
    spot = np.zeros((101, 101), dtype=np.float32)
    spot[50, 50] = 1
    blurred = soften(spot, 2.0)
    assert blurred.sum() == pytest.approx(1, abs=1e-3)
    assert 0.02 < blurred[50, 50] < 0.08


def test_shapes_have_smooth_edges() -> None:
    canvas = Canvas(100)
    shape = canvas.polygon([(100, 100), (905, 180), (500, 880)])
    partly = (shape.cover > 0) & (shape.cover < 1)
    assert 50 < partly.sum() < 1500
