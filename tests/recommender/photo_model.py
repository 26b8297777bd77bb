"""A picture model that needs no training: it sees the mean colour of a picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageColor

from recommender import session
from recommender.picture_lookup import PictureLookup
from tests.recommender.tiny_bundle import TinyBundle

Vector = npt.NDArray[np.float32]


class MeanColour:
    """Stands in for ``ImageEncoder``."""

    def encode(self, picture: Image.Image) -> Vector:
        return unit(np.asarray(picture, dtype=np.float32).reshape(-1, 3).mean(axis=0))

    def encode_query(self, picture: Image.Image) -> Vector:
        return self.encode(picture)

    def encode_many(self, pictures: Sequence[Image.Image]) -> Vector:
        return np.stack([self.encode(picture) for picture in pictures])


def unit(colour: Any) -> Vector:
    vector = np.asarray(colour, dtype=np.float32)
    result: Vector = vector / max(float(np.linalg.norm(vector)), 1e-6)
    return result


def serve_colours(monkeypatch: pytest.MonkeyPatch, colours: Mapping[str, str], **more: Any) -> None:
    """Make a bundle active in which each item has a picture of one colour, and let its session see colours."""
    pictures = [(item_id, unit(ImageColor.getrgb(colour)).tolist()) for item_id, colour in colours.items()]
    TinyBundle(items=list(colours), pictures=pictures, **more).publish("v1")
    monkeypatch.setattr(session.Session, "sees_pictures", True)
    monkeypatch.setattr(PictureLookup, "encoder", lambda _lookup: MeanColour())
    session.refresh()


def photo(colour: str = "red", size: tuple[int, int] = (64, 48), kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a photo of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()
