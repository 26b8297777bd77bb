"""The canvas: shapes with smooth edges, layers over one another, and the studio they stand in.

Coordinates are thousandths of the picture's side, x to the right, y down, so
that a picture can be painted at any size and any part of it enlarged.
Shapes are rasterised at four times the resolution and averaged down.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from shop.demo.painting.colours import Array, linear, to_screen
from shop.demo.painting.geometry import Points, PointsLike, as_points

UNITS = 1000.0
SUPERSAMPLING = 4
BACKDROP_EDGE = linear("#fcfbf9")
BACKDROP_GROUND = linear("#f3efe9")
SHADOW_COLOUR = linear("#5b4a3f")


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels: rows ``top`` to ``bottom``, columns ``left`` to ``right``, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> tuple[slice, slice]:
        """For indexing an image array."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True)
class Shape:
    """Which part of each pixel is covered, 0 … 1, float32 of the window's shape."""

    cover: Array
    window: Window

    def within(self, other: Shape) -> Shape:
        """What of this shape lies inside ``other``."""
        return Shape(self.cover * other.on(self.window), self.window)

    def without(self, other: Shape) -> Shape:
        """What of this shape lies outside ``other``."""
        return Shape(self.cover * (1 - other.on(self.window)), self.window)

    def on(self, window: Window) -> Array:
        """This shape's cover over another window, 0 where it doesn't reach."""
        result = np.zeros(window.shape, dtype=np.float32)
        source, target = _overlap(self.window, window)
        result[target.area] = self.cover[source.area]
        return result


def _overlap(one: Window, other: Window) -> tuple[Window, Window]:
    """Where two windows meet, counted from the corner of the one and from that of the other."""
    top, bottom = max(one.top, other.top), min(one.bottom, other.bottom)
    left, right = max(one.left, other.left), min(one.right, other.right)
    if top >= bottom or left >= right:
        return Window(0, 0, 0, 0), Window(0, 0, 0, 0)
    return tuple(  # type: ignore[return-value]  # two of them
        Window(top - window.top, bottom - window.top, left - window.left, right - window.left)
        for window in (one, other)
    )


def soften(values: Array, radius: float) -> Array:
    """``values`` (h, w) blurred with a Gaussian of ``radius`` pixels (its standard deviation), edges continued.

    Wide blurs are computed on a reduced image; nothing of that detail would survive.
    """
    if radius < 0.3:
        return values
    height, width = values.shape
    factor = max(1, int(radius / COARSEST))
    small = values
    if factor > 1:
        size = (max(1, round(width / factor)), max(1, round(height / factor)))
        small = np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX))
    weights = _bell(radius / factor)
    blurred = _convolved(_convolved(small, weights, axis=0), weights, axis=1)
    if factor > 1:
        blurred = np.asarray(Image.fromarray(blurred).resize((width, height), Image.Resampling.BICUBIC))
    return blurred


COARSEST = 1.7
"""How narrow a blur may become on a reduced image, in its pixels, without showing the steps."""


def _bell(sigma: float) -> list[float]:
    """The weights of a Gaussian at 0, 1, 2 … pixels; both sides add up to 1."""
    reach = max(1, int(np.ceil(2.8 * sigma)))
    weights = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    return [float(weight) for weight in weights / (2 * weights.sum() - weights[0])]


def _convolved(values: Array, weights: list[float], *, axis: int) -> Array:
    """``values`` blurred along one axis by symmetric weights, edges continued; float32."""
    reach = len(weights) - 1
    border = [(0, 0), (0, 0)]
    border[axis] = (reach, reach)
    wide = np.pad(values, border, mode="edge")
    length = values.shape[axis]

    def shifted(step: int) -> Array:
        part = slice(reach + step, reach + step + length)
        return wide[part] if axis == 0 else wide[:, part]

    result = shifted(0) * np.float32(weights[0])
    for step, weight in enumerate(weights[1:], start=1):
        result += (shifted(step) + shifted(-step)) * np.float32(weight)
    return np.asarray(result, dtype=np.float32)


@dataclass
class Canvas:
    """A square picture in the making.

    ``colour`` is linear light times cover, ``cover`` how much of each pixel the
    thing fills, ``shade`` how much light the thing takes from the studio's ground.
    ``zoom`` brings the camera nearer. There is room to paint beyond the picture's
    edges, ``extent`` pixels each way in all, so that nothing is cut before it is
    centred; only what lies within the picture is shown in the end.
    """

    size: int = 800
    zoom: float = 1.0
    extent: int = field(init=False)
    corner: tuple[int, int] = field(init=False)
    colour: Array = field(init=False)
    cover: Array = field(init=False)
    shade: Array = field(init=False)

    def __post_init__(self) -> None:
        self.extent = 2 * round(self.size * max(0.6, 0.56 * self.zoom))
        edge = (self.extent - self.size) // 2
        self.corner = (edge, edge)
        self.colour = np.zeros((self.extent, self.extent, 3), dtype=np.float32)
        self.cover = np.zeros((self.extent, self.extent), dtype=np.float32)
        self.shade = np.zeros((self.extent, self.extent), dtype=np.float32)

    # --- Where things are ---------------------------------------------------
    @property
    def scale(self) -> float:
        """Pixels per unit."""
        return self.size / UNITS * self.zoom

    def to_pixels(self, points: PointsLike) -> Points:
        """Units to pixels."""
        return (as_points(points) - UNITS / 2) * self.scale + self.extent / 2

    def window_of(self, pixels: Points, margin: float = 2.0) -> Window:
        """The smallest window that holds all these pixel positions and a margin, cut at the picture's edge."""
        low = np.floor(pixels.min(axis=0) - margin).astype(int).clip(0, self.extent)
        high = np.ceil(pixels.max(axis=0) + margin).astype(int).clip(0, self.extent)
        return Window(int(low[1]), int(max(high[1], low[1])), int(low[0]), int(max(high[0], low[0])))

    def window_around(self, left: float, top: float, right: float, bottom: float) -> Window:
        """The window of a rectangle given in units."""
        return self.window_of(self.to_pixels([(left, top), (right, bottom)]))

    def grid(self, window: Window) -> tuple[Array, Array]:
        """X and y in units at the middle of every pixel of the window: shapes (1, w) and (h, 1)."""
        columns = (np.arange(window.left, window.right) + 0.5 - self.extent / 2) / self.scale + UNITS / 2
        rows = (np.arange(window.top, window.bottom) + 0.5 - self.extent / 2) / self.scale + UNITS / 2
        return columns[None, :].astype(np.float32), rows[:, None].astype(np.float32)

    @property
    def all(self) -> Window:
        """Everything that can be painted on, beyond the picture's edges too."""
        return Window(0, self.extent, 0, self.extent)

    @property
    def frame(self) -> Window:
        """The picture itself."""
        top, left = self.corner
        return Window(top, top + self.size, left, left + self.size)

    # --- Shapes -------------------------------------------------------------
    def polygon(self, *outlines: PointsLike) -> Shape:
        """The union of closed outlines."""
        pixels = [self.to_pixels(outline) for outline in outlines]
        window = self.window_of(np.concatenate(pixels))
        drawing, pen = self._drawing(window)
        for outline in pixels:
            pen.polygon(self._fine(outline, window), fill=255)
        return self._shape(drawing, window)

    def line(self, points: PointsLike, width: float) -> Shape:
        """An open line of even ``width`` with round joints and ends."""
        pixels = self.to_pixels(points)
        thickness = width * self.scale
        window = self.window_of(pixels, margin=thickness / 2 + 2)
        drawing, pen = self._drawing(window)
        self._draw_line(pen, self._fine(pixels, window), thickness * SUPERSAMPLING)
        return self._shape(drawing, window)

    def lines(self, many: Sequence[PointsLike], width: float) -> Shape:
        """Several lines of one ``width`` as one shape."""
        pixels = [self.to_pixels(points) for points in many]
        thickness = width * self.scale
        window = self.window_of(np.concatenate(pixels), margin=thickness / 2 + 2)
        drawing, pen = self._drawing(window)
        for points in pixels:
            self._draw_line(pen, self._fine(points, window), thickness * SUPERSAMPLING)
        return self._shape(drawing, window)

    def everything(self) -> Shape:
        """What has been painted so far."""
        return Shape(self.cover.copy(), self.all)

    @staticmethod
    def _draw_line(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], thickness: float) -> None:
        pen.line(points, fill=255, width=max(1, round(thickness)), joint="curve")
        reach = thickness / 2
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)

    @staticmethod
    def _drawing(window: Window) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        height, width = window.shape
        drawing = Image.new("L", (max(1, width) * SUPERSAMPLING, max(1, height) * SUPERSAMPLING), 0)
        return drawing, ImageDraw.Draw(drawing)

    @staticmethod
    def _fine(pixels: Points, window: Window) -> list[tuple[float, float]]:
        fine = (pixels - np.array([window.left, window.top])) * SUPERSAMPLING
        return list(zip(fine[:, 0].tolist(), fine[:, 1].tolist(), strict=True))

    @staticmethod
    def _shape(drawing: Image.Image, window: Window) -> Shape:
        height, width = window.shape
        cover = np.asarray(drawing.reduce(SUPERSAMPLING), dtype=np.float32)[:height, :width] / 255
        return Shape(cover, window)

    # --- Paint --------------------------------------------------------------
    def paint(self, shape: Shape, light: Array, opacity: float | Array = 1.0) -> None:
        """Lay ``light`` (3,) or (h, w, 3) over what is there, where ``shape`` covers."""
        cover = shape.cover * opacity
        area = shape.window.area
        self.colour[area] *= (1 - cover)[..., None]
        self.colour[area] += light * cover[..., None]
        self.cover[area] *= 1 - cover
        self.cover[area] += cover

    def add_light(self, shape: Shape, light: Array, strength: float | Array = 1.0) -> None:
        """Brighten what is there by ``light`` (3,), as a highlight or a glow does."""
        amount = shape.cover * strength * self.cover[shape.window.area]
        self.colour[shape.window.area] += light * amount[..., None]

    def darken(self, shape: Shape, strength: float | Array) -> None:
        """Take light from what is already painted under ``shape``; the ground is not touched."""
        self.colour[shape.window.area] *= (1 - shape.cover * strength)[..., None]

    def cast(self, shape: Shape, *, across: float, down: float, blur: float, strength: float) -> None:
        """Let ``shape`` throw a soft shadow onto what is already painted behind it."""
        reach = 2.5 * blur + abs(across) + abs(down)
        window = self._grown(shape.window, reach * self.scale)
        cover = Shape(shape.cover, _moved(shape.window, across * self.scale, down * self.scale)).on(window)
        self.darken(Shape(soften(cover, blur * self.scale), window), strength)

    def _grown(self, window: Window, pixels: float) -> Window:
        reach = int(np.ceil(pixels))
        return Window(
            max(0, window.top - reach),
            min(self.extent, window.bottom + reach),
            max(0, window.left - reach),
            min(self.extent, window.right + reach),
        )

    # --- The studio -----------------------------------------------------------
    def stand(self, centre: Sequence[float], across: float, deep: float, *, strength: float = 1.0) -> None:
        """Shadow of something that stands on the ground on an ellipse with these half axes.

        A narrow dark one where it touches, and a wide soft one to the right,
        away from the light.
        """
        window = self.window_around(
            centre[0] - 2.6 * across,
            centre[1] - 3.4 * deep - 30,
            centre[0] + 3.4 * across + 30,
            centre[1] + 3.4 * deep + 30,
        )
        every = self.grid(window)
        contact = _falloff(every, (centre[0] + 0.05 * across, centre[1] + 0.10 * deep), across * 1.06, deep * 1.12)
        thrown = _falloff(
            every, (centre[0] + 0.42 * across, centre[1] - 0.05 * deep), across * 1.75 + 12, deep * 1.7 + 14
        )
        self.shade[window.area] = 1 - (1 - self.shade[window.area]) * (1 - strength * 0.62 * contact) * (
            1 - strength * 0.30 * thrown
        )

    def hang(self, *, across: float = 14.0, down: float = 20.0, blur: float = 20.0, strength: float = 0.42) -> None:
        """Shadow of everything painted so far on a wall (or a table, seen from above) behind it."""
        near = self._blurred_cover(across * 0.3, down * 0.3, blur * 0.3)
        far = self._blurred_cover(across, down, blur)
        self.shade = 1 - (1 - self.shade) * (1 - strength * far) * (1 - 0.5 * strength * near)

    def _blurred_cover(self, across: float, down: float, blur: float) -> Array:
        """What is painted, moved by units and blurred; 256 steps are enough for a shadow."""
        moved = Shape(self.cover, _moved(self.all, across * self.scale, down * self.scale)).on(self.all)
        flat = Image.fromarray((moved * 255).astype(np.uint8))
        blurred = flat.filter(ImageFilter.GaussianBlur(blur * self.scale))
        return np.asarray(blurred, dtype=np.float32) * np.float32(1 / 255)

    def centre(self, middle: tuple[float, float] = (500.0, 505.0)) -> None:
        """Frame the picture so that the middle of the thing stands in its ``middle``, in units."""
        rows, columns = np.flatnonzero(self.cover.max(axis=1) > 0.5), np.flatnonzero(self.cover.max(axis=0) > 0.5)
        if not len(rows):
            return
        pixels = self.size / UNITS
        down = (rows[0] + rows[-1]) / 2 - middle[1] * pixels
        across = (columns[0] + columns[-1]) / 2 - middle[0] * pixels
        room = self.extent - self.size
        self.corner = (min(max(round(down), 0), room), min(max(round(across), 0), room))

    def finish(self, rng: np.random.Generator) -> Image.Image:
        """The picture: studio, shadow, thing, and the faint grain of paper, as 8-bit RGB."""
        area = self.frame.area
        colour, shade, clear = self.colour[area], self.shade[area], 1 - self.cover[area]
        down, across = (int(step) for step in rng.integers(0, self.size, 2))
        grain = np.roll(_grain(self.size), (down, across), axis=(0, 1))
        screen = np.empty((self.size, self.size, 3), dtype=np.uint8)
        for channel, (backdrop, tint) in enumerate(zip(_backdrop(self.size), SHADOW_COLOUR, strict=True)):
            light = shade * -(1 - float(tint))
            light += 1
            light *= backdrop
            light *= clear
            light += colour[..., channel]
            light *= grain
            screen[..., channel] = to_screen(light)
        return Image.fromarray(screen)


@functools.lru_cache(maxsize=4)
def _backdrop(size: int) -> Array:
    """The empty studio: near white, a little warmer where things stand; (3, size, size)."""
    step = ((np.arange(size) + 0.5) / size * UNITS).astype(np.float32)
    pool = np.exp(-(((step[None, :] - 500) / 430) ** 2) - ((step[:, None] - 690) / 330) ** 2)[None]
    edge, ground = BACKDROP_EDGE[:, None, None], BACKDROP_GROUND[:, None, None]
    return np.asarray(edge * (1 - pool) + ground * pool, dtype=np.float32)


@functools.lru_cache(maxsize=4)
def _grain(size: int) -> Array:
    """The grain of paper, as factors around 1; (size, size)."""
    grain = np.random.default_rng(7).standard_normal((size, size), dtype=np.float32)
    return np.asarray(1 + 0.008 * grain, dtype=np.float32)


def _moved(window: Window, across: float, down: float) -> Window:
    """The window moved by whole pixels, possibly out of the picture."""
    right, lower = round(across), round(down)
    return Window(window.top + lower, window.bottom + lower, window.left + right, window.right + right)


def _falloff(grid: tuple[Array, Array], centre: tuple[float, float], across: float, deep: float) -> Array:
    """1 in the middle of an ellipse, falling softly to 0 a little outside its edge."""
    x, y = grid
    distance = ((x - centre[0]) / across) ** 2 + ((y - centre[1]) / deep) ** 2
    return np.exp(-(distance**1.5) * 0.9).astype(np.float32)
