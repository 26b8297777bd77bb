"""Curves and outlines as arrays of points, shape (n, 2), in units of a thousandth of the picture, y downwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating[Any]]
Place = Sequence[float] | Points
PointsLike = Sequence[Place] | Points


def as_points(points: PointsLike) -> Points:
    """Anything that lists x, y pairs as an array, shape (n, 2)."""
    return np.asarray(points, dtype=np.float64).reshape(-1, 2)


def smooth(points: PointsLike, *, closed: bool = False, steps: int = 14) -> Points:
    """A soft curve through all ``points`` (centripetal Catmull-Rom), ``steps`` pieces between two."""
    knots: Points = as_points(points)
    if closed:
        knots = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        before = 2 * knots[:1] - knots[1:2]
        after = 2 * knots[-1:] - knots[-2:-1]
        knots = np.concatenate([before, knots, after])
    share = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    knot = [knots[at : len(knots) - 3 + at, None, :] for at in range(4)]
    curve = _between(knot[0], knot[1], knot[2], knot[3], share).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, knots[-2:-1]])


def _between(before: Points, start: Points, end: Points, after: Points, share: Points) -> Points:
    """Points of the centripetal Catmull-Rom curves from each ``start`` to each ``end``.

    Args:
        before: The knots before the starts, (m, 1, 2), like ``start``, ``end`` and ``after``.
        start: Where the pieces start.
        end: Where they end.
        after: The knots after the ends.
        share: How far along, (1, k, 1).

    Returns:
        The points, (m, k, 2).
    """
    steps = [
        np.sqrt(np.maximum(np.hypot(*np.moveaxis(b - a, -1, 0)), 1e-6))[..., None]
        for a, b in ((before, start), (start, end), (end, after))
    ]
    t1 = steps[0]
    t2 = t1 + steps[1]
    t3 = t2 + steps[2]
    t = t1 + share * (t2 - t1)
    a1 = ((t1 - t) * before + t * start) / t1
    a2 = ((t2 - t) * start + (t - t1) * end) / (t2 - t1)
    a3 = ((t3 - t) * end + (t - t2) * after) / (t3 - t2)
    b1 = ((t2 - t) * a1 + t * a2) / t2
    b2 = ((t3 - t) * a2 + (t - t1) * a3) / (t3 - t1)
    return np.asarray(((t2 - t) * b1 + (t - t1) * b2) / (t2 - t1), dtype=np.float64)


def rounded(points: PointsLike, radius: float | Sequence[float], *, steps: int = 8) -> Points:
    """The closed polygon with each corner replaced by an arc-like curve; one radius, or one per corner."""
    corners = as_points(points)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), (len(corners),))
    share = np.linspace(0, 1, steps)[:, None]
    outline = []
    for at, corner in enumerate(corners):
        before, after = corners[at - 1], corners[(at + 1) % len(corners)]
        to_before, to_after = before - corner, after - corner
        length_before, length_after = np.hypot(*to_before), np.hypot(*to_after)
        reach = min(radii[at], length_before * 0.5, length_after * 0.5)
        start = corner + to_before / length_before * reach
        end = corner + to_after / length_after * reach
        outline.append((1 - share) ** 2 * start + 2 * share * (1 - share) * corner + share**2 * end)
    return np.concatenate(outline)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """The four corners, clockwise from the upper left."""
    return as_points([(left, top), (right, top), (right, bottom), (left, bottom)])


def ellipse(centre: Place, across: float, up: float, *, steps: int = 96) -> Points:
    """An ellipse with the half axes ``across`` and ``up``."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return np.stack([centre[0] + across * np.cos(angle), centre[1] + up * np.sin(angle)], axis=1)


def arc(centre: Place, across: float, up: float, *, start: float, end: float, steps: int = 48) -> Points:
    """Part of an ellipse from angle ``start`` to ``end`` in degrees; 0 is right, 90 is down."""
    angle = np.radians(np.linspace(start, end, steps))
    return np.stack([centre[0] + across * np.cos(angle), centre[1] + up * np.sin(angle)], axis=1)


def mirrored(points: PointsLike, *, about: float) -> Points:
    """The open outline ``points`` (left half, top to bottom) closed by its mirror image at x = ``about``."""
    half = as_points(points)
    other = half[::-1].copy()
    other[:, 0] = 2 * about - other[:, 0]
    return np.concatenate([half, other])


def turned(points: PointsLike, degrees: float, *, about: Place) -> Points:
    """The points turned clockwise (on the screen) by ``degrees`` around a point."""
    angle = np.radians(degrees)
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = np.asarray(about, dtype=np.float64)
    result: Points = (as_points(points) - centre) @ rotation + centre
    return result


def moved(points: PointsLike, across: float, down: float) -> Points:
    """The points moved to the right and down."""
    result: Points = as_points(points) + np.array([across, down])
    return result


def along(points: PointsLike, count: int) -> Points:
    """``count`` points at even distances along an open line, both ends included."""
    line = as_points(points)
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    wanted = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(wanted, lengths, line[:, axis]) for axis in (0, 1)], axis=1)
