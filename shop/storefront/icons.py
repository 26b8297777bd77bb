"""Draws the shop's mark as the pictures a home screen asks for: ``python -m shop.storefront.icons``.

The mark is that of ``templates/inc/sprite.html``: an arch with a vase in it. It
is drawn large and scaled down, so its edges are smooth; the same code gives the
same bytes.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[2] / "static" / "images"
GROUND = (168, 69, 44)
MARK = (255, 255, 255)
FINER = 4
# The drawing's own grid, as in the sprite.
WIDTH, HEIGHT = 24.0, 28.0
STROKE = 2.2
# How much of the icon's side the mark's height takes up; a mask may cut off all but the middle 80 %.
SHARE, MASKABLE_SHARE = 0.68, 0.5
APPLE = 180

Point = tuple[float, float]
# The vase from the middle of its foot, as cubic curves: two control points and an end each.
VASE_START: Point = (9.6, 26.0)
VASE: tuple[tuple[Point, Point, Point], ...] = (
    ((8.0, 24.7), (7.2, 23.0), (7.2, 21.2)),
    ((7.2, 18.7), (9.1, 17.7), (9.9, 16.2)),
    ((9.9, 15.5), (9.9, 14.7), (9.9, 14.0)),
    ((11.3, 14.0), (12.7, 14.0), (14.1, 14.0)),
    ((14.1, 14.7), (14.1, 15.5), (14.1, 16.2)),
    ((14.9, 17.7), (16.8, 18.7), (16.8, 21.2)),
    ((16.8, 23.0), (16.0, 24.7), (14.4, 26.0)),
)
CURVE_STEPS = 24


def outline(start: Point, curves: tuple[tuple[Point, Point, Point], ...]) -> list[Point]:
    """Points along a chain of cubic Bézier curves."""
    points = [start]
    for first, second, end in curves:
        begin = points[-1]
        for step in range(1, CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            corners = (begin, first, second, end)
            points.append(
                (
                    sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
                    sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
                )
            )
    return points


def icon(size: int, *, share: float) -> Image.Image:
    """The mark, light on terracotta.

    Args:
        size: Width and height in pixels.
        share: How much of the height the mark takes up.
    """
    side = size * FINER
    picture = Image.new("RGB", (side, side), GROUND)
    draw = ImageDraw.Draw(picture)
    unit = side * share / HEIGHT
    left, top = (side - WIDTH * unit) / 2, (side - HEIGHT * unit) / 2

    def place(point: Point) -> Point:
        return left + point[0] * unit, top + point[1] * unit

    stroke = round(STROKE * unit)
    reach = STROKE / 2
    box = (*place((3 - reach, 3 - reach)), *place((21 + reach, 21 + reach)))
    draw.arc(box, 180, 360, fill=MARK, width=stroke)
    for x in (3.0, 21.0):
        draw.rectangle((*place((x - reach, 12)), *place((x + reach, 26))), fill=MARK)
    draw.rectangle((*place((1, 26.5 - reach)), *place((23, 26.5 + reach))), fill=MARK)
    for x in (1.0, 23.0):
        draw.ellipse((*place((x - reach, 26.5 - reach)), *place((x + reach, 26.5 + reach))), fill=MARK)
    draw.polygon([place(point) for point in outline(VASE_START, VASE)], fill=MARK)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def icons() -> dict[str, Image.Image]:
    """Every icon by its file name."""
    return {
        "icon-192.png": icon(192, share=SHARE),
        "icon-512.png": icon(512, share=SHARE),
        "icon-512-maskable.png": icon(512, share=MASKABLE_SHARE),
        "icon-apple.png": icon(APPLE, share=SHARE),
    }


def main() -> None:
    """Write them beside the other images."""
    for name, picture in icons().items():
        picture.quantize(32).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
