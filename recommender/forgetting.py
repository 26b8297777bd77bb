"""People who left the shop leave the models too.

What is served page by page holds items only: neighbours, counts, lists. The one
thing in a bundle that belongs to single people are the vectors of shoppers that
``retrain --only`` may leave there. A bundle is never changed, so whoever reads
such vectors asks here which of them still count. The next bundle holds none of
them: it is learned from the shop as it is then, and what is carried over from
an older one passes ``retraining.vectors.carry_vectors``.
"""

from __future__ import annotations

import numpy as np

from recommender.bundle_vectors import StoredVectors
from recommender.vector_lists import Vectors
from shop.accounts.models import Shopper


def without_forgotten(stored: StoredVectors) -> StoredVectors:
    """The vectors of those who are still in the shop; the same object where that is everybody."""
    if stored.vectors.users is None:
        return stored
    present = set(Shopper.objects.values_list("user_id", flat=True).iterator())
    kept = np.array([user_id in present for user_id in stored.user_ids], dtype=np.bool_)
    if kept.all():
        return stored
    active = stored.vectors.active
    return StoredVectors(
        vectors=Vectors(
            items=stored.vectors.items,
            users=stored.vectors.users[kept],
            active=None if active is None else active[kept],
        ),
        item_ids=stored.item_ids,
        user_ids=tuple(user_id for user_id, stays in zip(stored.user_ids, kept, strict=True) if stays),
    )
