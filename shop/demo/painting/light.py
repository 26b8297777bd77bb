"""The one light of the studio and how materials answer it.

A large soft window to the upper left in front, a dim cool room, and a little
warm light thrown back by the ground. Directions are (right, up, towards us).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.demo.painting.canvas import Canvas, Shape, soften
from shop.demo.painting.colours import Array, linear

ELEVATION = float(np.radians(15.0))
"""How far above the horizon the camera stands."""
UP = float(np.cos(ELEVATION))
"""How long an upright unit looks."""
DEPTH = float(np.sin(ELEVATION))
"""How far down the picture a unit towards us moves: the flatness of every ellipse."""

# Plain numbers, not NumPy ones, which would turn every picture into double precision.
_KEY = tuple(float(part) for part in np.array([-0.60, 0.58, 0.55]) / np.linalg.norm([-0.60, 0.58, 0.55]))
_KEY_COLOUR = tuple(float(part) for part in linear("#fffaf0"))
_FILL_COLOUR = tuple(float(part) for part in linear("#e6edf5"))
_BOUNCE_COLOUR = tuple(float(part) for part in linear("#f6e7d4"))
_WINDOW_WIDTH = 0.17
_WINDOW_HEIGHT = 0.42


@dataclass(frozen=True)
class Material:
    """How a surface answers light.

    Attributes:
        gloss: Strength of the broad highlight.
        mirror: Strength of the window's crisp reflection (glaze, lacquer, glass).
        fuzz: How much edges glow, as cloth does.
        metal: Share of the picture of the room that the surface mirrors in its own colour.
        wrap: How far light creeps around the edge into the shade.
    """

    gloss: float = 0.08
    mirror: float = 0.0
    fuzz: float = 0.0
    metal: float = 0.0
    wrap: float = 0.22


MATTE = Material(gloss=0.05)
SATIN = Material(gloss=0.22, mirror=0.05)
GLAZE = Material(gloss=0.16, mirror=0.42)
LACQUER = Material(gloss=0.14, mirror=0.25)
CLOTH = Material(gloss=0.0, fuzz=0.10, wrap=0.38)
LEATHER = Material(gloss=0.12, fuzz=0.03)
WOOD = Material(gloss=0.10)
RUBBER = Material(gloss=0.06)
METAL = Material(gloss=0.25, metal=0.75)
SOFT_METAL = Material(gloss=0.22, metal=0.42)


@dataclass(frozen=True)
class Surface:
    """Where a surface faces, per pixel: unit vectors (right, up, towards us), each (h, w) float32."""

    right: Array
    up: Array
    front: Array


def lit(albedo: Array, surface: Surface, material: Material, *, occlusion: Array | None = None) -> Array:
    """The light a surface sends to the camera.

    Args:
        albedo: Its own colour, (3,) or (h, w, 3), linear.
        surface: Where it faces.
        material: How it answers.
        occlusion: Share of the room's light that reaches it, (h, w); all of it unless given.

    Returns:
        Linear light, (h, w, 3).
    """
    facing = surface.right * _KEY[0] + surface.up * _KEY[1] + surface.front * _KEY[2]
    key = np.clip((facing + material.wrap) * (1 / (1 + material.wrap)), 0, 1)
    key *= np.sqrt(key) * 1.02
    fill = 0.25 + 0.12 * surface.up
    bounce = 0.11 * np.clip(0.35 - surface.up, 0, 1)
    if occlusion is not None:
        key, fill, bounce = key * (0.35 + 0.65 * occlusion), fill * occlusion, bounce * occlusion
    glow: Array | float = 0.0
    if material.fuzz:
        edge = np.clip(1 - surface.front, 0, 1)
        glow = material.fuzz * edge * edge * (0.5 + 0.5 * facing)
    shine = _highlights(surface, material)
    room = 1.0 if not material.metal else _room(surface)
    result = np.empty((*facing.shape, 3), dtype=np.float32)
    for channel in range(3):
        light = key * _KEY_COLOUR[channel] + fill * _FILL_COLOUR[channel] + bounce * _BOUNCE_COLOUR[channel] + glow
        if material.metal:
            light = light * (1 - material.metal) + room * material.metal
        result[..., channel] = light * albedo[..., channel] + shine * _KEY_COLOUR[channel]
    return result


def _highlights(surface: Surface, material: Material) -> Array | float:
    """The broad highlight and the window's reflection, as strength of light; (h, w)."""
    if not material.gloss and not material.mirror:
        return 0.0
    toward = surface.up * DEPTH + surface.front * UP
    reflected_right = 2 * toward * surface.right
    reflected_up = 2 * toward * surface.up - DEPTH
    reflected_front = 2 * toward * surface.front - UP
    aligned = np.clip(reflected_right * _KEY[0] + reflected_up * _KEY[1] + reflected_front * _KEY[2], 0, 1)
    aligned *= aligned
    shine = material.gloss * (aligned * aligned * aligned)
    if material.mirror:
        across = np.abs(reflected_right - _KEY[0] * 1.12)
        above = np.abs(reflected_up - _KEY[1] * 0.55)
        pane = _edge((_WINDOW_WIDTH - across) / 0.05) * _edge((_WINDOW_HEIGHT - above) / 0.10)
        pane = pane * (reflected_front > -0.2)
        rim = np.clip(1 - toward, 0, 1)
        rim *= rim
        shine = shine + material.mirror * (pane + 0.35 * rim * rim)
    return np.asarray(shine, dtype=np.float32)


def _edge(values: Array) -> Array:
    """0 below −1/2, 1 above 1/2, a soft step between."""
    share = np.clip(values + 0.5, 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)


def _room(surface: Surface) -> Array:
    """How bright the room is in the direction that a mirror facing so would show; (h, w)."""
    across = surface.right
    streak = np.exp(-(((across + 0.52) / 0.17) ** 2)) * 1.25 + np.exp(-(((across - 0.70) / 0.10) ** 2)) * 0.42
    dark = np.exp(-(((across - 0.28) / 0.26) ** 2)) * 0.34
    return np.asarray(0.62 + streak - dark + 0.30 * surface.up, dtype=np.float32)


# --- Surfaces of flat and padded things -------------------------------------------------
def flat(shape: Shape, *, right: float = 0.0, up: float = 0.0) -> Surface:
    """A plane that leans to the right or up by these components of its unit vector."""
    front = float(np.sqrt(max(0.0, 1 - right * right - up * up)))
    one = np.ones(shape.window.shape, dtype=np.float32)
    return Surface(one * right, one * up, one * front)


def padded(canvas: Canvas, shape: Shape, *, depth: float, edge: float, lean: tuple[float, float] = (0, 0)) -> Surface:
    """A cushioned surface: level in the middle, rolling off over ``edge`` units at the outline.

    Args:
        canvas: For the scale.
        shape: Its outline.
        depth: How high the middle stands, in units.
        edge: Over how many units it rolls off.
        lean: How the whole leans to the right and up.
    """
    pixels = edge * canvas.scale
    grown = _bordered(shape.cover, int(pixels) + 2)
    height = 0.5 * soften(grown, pixels * 0.55) + 0.3 * soften(grown, pixels * 0.25) + 0.2 * soften(grown, pixels * 1.1)
    border = int(pixels) + 2
    height = np.sqrt(np.clip(height - 0.28, 0.0, 1)) * (depth * canvas.scale)
    return from_height(height[border:-border, border:-border], lean=lean)


def from_height(height: Array, *, lean: tuple[float, float] = (0, 0)) -> Surface:
    """The surface of a relief; ``height`` (h, w) in pixels towards us."""
    down, across = np.gradient(height)
    right = -across + lean[0]
    up = down + lean[1]
    length = np.sqrt(right * right + up * up + 1)
    return Surface(
        (right / length).astype(np.float32), (up / length).astype(np.float32), (1 / length).astype(np.float32)
    )


def bumped(surface: Surface, relief: Array, strength: float) -> Surface:
    """``surface`` with a fine relief (h, w), such as a weave, laid onto it."""
    down, across = np.gradient(relief)
    right = surface.right - across * strength
    up = surface.up + down * strength
    length = np.sqrt(right * right + up * up + surface.front * surface.front)
    return Surface(right / length, up / length, surface.front / length)


def _bordered(cover: Array, border: int) -> Array:
    """``cover`` with an empty border around it, so that outlines at the window's edge roll off too."""
    return np.pad(cover, border)
