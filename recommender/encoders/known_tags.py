"""What the owner said of a picture's item, beside what the network takes it for. NumPy alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import unit_rows

# Half for the owner's word, half for the network's: things that look like another kind are still near it.
TRUST = 0.5


def with_known_tags(
    vectors: npt.NDArray[np.float32], known: npt.NDArray[np.int32], *, dims: int, share: float
) -> npt.NDArray[np.float32]:
    """Network parts of picture vectors, with the tags that are known mixed into the certainties.

    Args:
        vectors: (p, dims + tags) unit rows: the embedding, then the roots of the certainties times the root of ``share``.
        known: (p,) tag numbers, -1 where unknown; such rows stay as they are.
        dims: Length of the embedding.
        share: What the tags count in a cosine.
    """
    tagged = np.flatnonzero(known >= 0)
    if not len(tagged) or share <= 0:
        return vectors
    certainties = np.square(vectors[tagged, dims:])
    totals = certainties.sum(axis=1, keepdims=True)
    certainties *= np.divide((1 - TRUST) * share, totals, out=np.zeros_like(totals), where=totals > 0)
    certainties[np.arange(len(tagged)), known[tagged]] += TRUST * share
    mixed = vectors.copy()
    mixed[tagged, dims:] = np.sqrt(certainties)
    return unit_rows(mixed)
