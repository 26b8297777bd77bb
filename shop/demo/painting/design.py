"""What one thing looks like: the choices a painter is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.demo.painting.colours import COLOURWAYS, Colourway


@dataclass(frozen=True)
class Design:
    """One thing to paint; equal designs give equal pictures, byte for byte.

    Attributes:
        family: Which painter draws it, such as ``mug``.
        silhouette: One of the family's outlines.
        material: One of the family's materials.
        pattern: A pattern's name, ``plain`` for none.
        colourway: A colourway's name.
        seed: Start of all chance in the drawing: the catalogue's seed and the thing's number.
    """

    family: str
    silhouette: str
    material: str
    pattern: str
    colourway: str
    seed: tuple[int, int]

    def chance(self) -> np.random.Generator:
        """A fresh generator; every painter starts from the same state."""
        return np.random.default_rng(list(self.seed))

    def colours(self, rng: np.random.Generator) -> Colourway:
        """The colourway, a shade apart from that of its neighbours."""
        return COLOURWAYS[self.colourway].nudged(rng)
