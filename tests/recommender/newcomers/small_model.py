"""Bundles whose content was learned by the real code from words and made-up picture vectors, in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import BundleWriter, Manifest, OpenBundle, open_bundle
from recommender.encoders.fusion import IMAGE, TEXT, Modality, item_vectors, unit_rows
from recommender.encoders.text import TextEncoder, fit_text_encoder
from recommender.index.exact import nearest_neighbours
from recommender.newcomers.content_space import Content
from recommender.newcomers.overlay import Newcomer

WEIGHTS = {"text_weight": 0.3, "image_weight": 0.7}
WORDS = [
    "mug",
    "vase",
    "lamp",
    "red",
    "green",
    "blue",
    "clay",
    "glass",
    "tall",
    "small",
    "round",
    "old",
    "new",
    "wide",
    "plain",
]
DIMS = 8


@dataclass(frozen=True, kw_only=True)
class SmallModel:
    """A catalogue in which everything has a place; ``pictures`` holds unit rows by item id."""

    texts: Mapping[str, str]
    pictures: Mapping[str, npt.NDArray[np.float32]]
    encoder: TextEncoder

    def write(
        self, item_ids: Sequence[str], *, home: Path, version: str = "v1", k: int = 100, created_at: str = ""
    ) -> OpenBundle:
        """A bundle of just these items; words weigh what they weigh in the whole catalogue."""
        rows = [list(self.texts).index(item_id) for item_id in item_ids]
        matrix = self.encoder.matrix[rows]
        owners = [place for place, item in enumerate(item_ids) for _picture in self.pictures.get(item, ())]
        image_rows = np.array(owners, dtype=np.int32)
        stacked = [self.pictures[item] for item in item_ids if item in self.pictures]
        vectors = np.concatenate([np.empty((0, DIMS), dtype=np.float32), *stacked])
        means = Modality(IMAGE, item_vectors(vectors, image_rows, items=len(item_ids)), WEIGHTS["image_weight"])
        fused = nearest_neighbours(Modality(TEXT, matrix, WEIGHTS["text_weight"]), means, k=k)
        looks = nearest_neighbours(Modality(IMAGE, means.vectors), k=k)
        with BundleWriter(home, version) as writer:
            writer.write_json("items", list(item_ids))
            for name, array in {
                "similar_ids": fused.ids,
                "similar_scores": fused.scores,
                "similar_text": fused.parts[TEXT],
                "looks_like_ids": looks.ids,
                "looks_like_scores": looks.scores,
                "image_vectors": vectors,
                "image_rows": image_rows,
                "text_data": matrix.data.astype(np.float32),
                "text_indices": matrix.indices.astype(np.int32),
                "text_indptr": matrix.indptr.astype(np.int64),
            }.items():
                writer.write_array(name, array)
            self.encoder.save(writer.folder)
            manifest = Manifest(version=version, seed=0, created_at=created_at, configuration={"content": WEIGHTS})
            return open_bundle(writer.finish(manifest))

    def newcomer(self, item_id: str, *, as_id: str = "", created: float = 0.0) -> Newcomer:
        """One of the items as the overlay takes it, under another id if wanted."""
        rows = self.encoder.transform.transform([self.texts[item_id]])
        pictures = self.pictures.get(item_id, np.empty((0, DIMS), dtype=np.float32))
        content = Content.of(columns=rows.indices, weights=rows.data, pictures=pictures)
        return Newcomer(item_id=as_id or item_id, content=content, category="", created=created)


def small_model(items: int, *, seed: int = 0) -> SmallModel:
    """Items with three or four words each; every fifth has no picture, every third has two."""
    generator = np.random.default_rng(seed)
    texts = {
        f"i{number}": " ".join(generator.choice(WORDS, size=3 + number % 2, replace=False)) for number in range(items)
    }
    pictures = {
        item_id: unit_rows(np.abs(generator.normal(size=(1 + (number % 3 == 0), DIMS))).astype(np.float32))
        for number, item_id in enumerate(texts)
        if number % 5
    }
    return SmallModel(texts=texts, pictures=pictures, encoder=fit_text_encoder(list(texts.values())))
