"""What colours a picture's subject has, as a short vector. NumPy alone: training and web workers share it.

A network trained on tags learns to look past colour, for a red mug and a blue
one are both mugs. Shoppers don't look past it, so colour stands beside the
network's vector as a histogram over CIELAB, where equal distances look equally
different. Each pixel is shared out among the nearest bins, so that a slightly
different shade gives a slightly different vector. The backdrop is left out and
the middle counts more than the rim.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import unit_rows

# Bin centres on the three axes of CIELAB.
_LIGHTNESS = (10.0, 30.0, 50.0, 70.0, 95.0)
_OPPONENTS = (-40.0, -15.0, 0.0, 15.0, 40.0)
COLOUR_DIMS = len(_LIGHTNESS) * len(_OPPONENTS) ** 2

# RGB is read with so many bits per channel: 4,096 cells, each with its shares of the bins worked out once.
_BITS = 4
_CELLS = 1 << (3 * _BITS)

# Lighter than this in all channels is a white backdrop; so near to the rim's own colour is any other backdrop.
_WHITE = 240
_BACKDROP_TOLERANCE = 20
# Less of the picture than this left over means that the backdrop was taken for the subject, or there is none.
_SMALLEST_SUBJECT = 0.03
# So much of the rim is white around a product; around a photo that was padded to a square it is less.
_PLAIN_RIM = 0.7
# Standard deviation of the middle's weight, in sides of the picture.
_MIDDLE = 0.32
# Between 1 (areas as they are) and ½ (small areas count nearly as much); measured on 12,556 products.
_POWER = 0.7
_CHUNK = 256
# Below, sRGB is linear.
_DARKEST_CURVED = 0.04045


def colour_vectors(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(p, size, size, 3) RGB → (p, 125) unit rows; never negative."""
    vectors = np.zeros((len(pictures), COLOUR_DIMS), dtype=np.float32)
    for start in range(0, len(pictures), _CHUNK):
        chunk = pictures[start : start + _CHUNK]
        vectors[start : start + len(chunk)] = _histograms(chunk) @ _shares()
    return unit_rows(vectors**_POWER)


def subjects(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """(p, size, size, 3) → (p, size, size): where the subject is.

    Backdrop is what is white, or has the colour of the picture's corners, and can
    be seen from the rim in a straight line. Where that leaves nearly nothing, the
    whole picture is the subject.
    """
    backdrop = _seen_from_the_rim((pictures.min(axis=-1) >= _WHITE) | _like_the_corners(pictures))
    subject = ~backdrop
    subject[subject.mean(axis=(1, 2)) < _SMALLEST_SUBJECT] = True
    return subject


def has_plain_rim(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """(p, size, size, 3) → (p,): whether most of the rim is white, as around a product that was cut out."""
    white = pictures.min(axis=-1) >= _WHITE
    rim = np.concatenate([white[:, 0], white[:, -1], white[:, :, 0], white[:, :, -1]], axis=1)
    plain: npt.NDArray[np.bool_] = rim.mean(axis=1) > _PLAIN_RIM
    return plain


def _like_the_corners(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which pixels have nearly the median colour of the four corner patches of their picture."""
    side = max(1, pictures.shape[1] // 16)
    patches = [
        pictures[:, rows, columns].reshape(len(pictures), -1, 3)
        for rows in (slice(None, side), slice(-side, None))
        for columns in (slice(None, side), slice(-side, None))
    ]
    corners = np.median(np.concatenate(patches, axis=1), axis=1)[:, None, None]
    near: npt.NDArray[np.bool_] = np.abs(pictures - corners).max(axis=-1) <= _BACKDROP_TOLERANCE
    return near


def _seen_from_the_rim(backdrop: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The backdrop pixels with nothing but backdrop between them and one of the four sides."""
    reach = np.logical_and.accumulate
    down, up = reach(backdrop, axis=1), reach(backdrop[:, ::-1], axis=1)[:, ::-1]
    right, left = reach(backdrop, axis=2), reach(backdrop[:, :, ::-1], axis=2)[:, :, ::-1]
    seen: npt.NDArray[np.bool_] = down | up | right | left
    return seen


def _histograms(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Weighted count of each RGB cell, (p, 4096), rows adding up to 1."""
    weights = subjects(pictures) * _middle(pictures.shape[1])
    cells = (pictures >> (8 - _BITS)).astype(np.int64) @ np.array([1 << (2 * _BITS), 1 << _BITS, 1])
    cells += np.arange(len(pictures))[:, None, None] * _CELLS
    counts = np.bincount(cells.ravel(), weights.ravel(), minlength=len(pictures) * _CELLS)
    shares = counts.reshape(len(pictures), _CELLS).astype(np.float32)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


@cache
def _middle(size: int) -> npt.NDArray[np.float32]:
    """How much each pixel counts by its place, (size, size): a bell around the middle."""
    distance = (np.arange(size, dtype=np.float32) - (size - 1) / 2) / (_MIDDLE * size)
    bell = np.exp(-np.square(distance) / 2)
    return np.outer(bell, bell)


@cache
def _shares() -> npt.NDArray[np.float32]:
    """How each RGB cell is shared out among the bins, (4096, 125)."""
    steps = 1 << _BITS
    levels = (np.arange(steps) + 0.5) / steps
    red, green, blue = np.meshgrid(levels, levels, levels, indexing="ij")
    lab = _lab(np.stack([red, green, blue], axis=-1).reshape(-1, 3))
    lightness, first, second = (
        _nearness(lab[:, axis], centres) for axis, centres in enumerate((_LIGHTNESS, _OPPONENTS, _OPPONENTS))
    )
    shares = lightness[:, :, None, None] * first[:, None, :, None] * second[:, None, None, :]
    return shares.reshape(_CELLS, COLOUR_DIMS).astype(np.float32)


def _nearness(values: npt.NDArray[np.float64], centres: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Linear shares of the two nearest centres, (values, centres); beyond the ends all goes to the last."""
    place = np.interp(values, centres, np.arange(len(centres)))
    return np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(len(centres))))


def _lab(rgb: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Colours in sRGB, 0 … 1, to CIELAB under daylight D65, as IEC 61966-2-1 and CIE 15 define them."""
    linear = np.where(rgb > _DARKEST_CURVED, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    curve = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = curve[:, 0], curve[:, 1], curve[:, 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
