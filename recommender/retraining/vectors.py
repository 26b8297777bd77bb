"""Vectors of users and items in a bundle: learned by ``retrain --only``, carried over otherwise. Training only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol, cast

import numpy as np

from recommender.bundle_files import BundleWriter, OpenBundle
from recommender.bundle_vectors import VECTOR_METHODS, has_vectors, read_vectors
from recommender.id_map import UNKNOWN
from recommender.learners.base import CannotLearn
from recommender.learners.context import Context
from recommender.learners.log import ActionLog
from recommender.learners.methods import METHODS
from recommender.snapshot import Snapshot
from recommender.vector_lists import Vectors


class _LearnsVectors(Protocol):
    """What the learners of ``VECTOR_METHODS`` have in common."""

    def fit(self, log: ActionLog) -> object: ...

    @property
    def vectors(self) -> Vectors: ...


@dataclass(frozen=True, kw_only=True)
class LearnedVectors:
    """Vectors by the name of their method, and what could not be learned."""

    by_method: Mapping[str, Vectors] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def learn_vectors(log: ActionLog, *, context: Context, methods: Collection[str]) -> LearnedVectors:
    """Fit those of ``methods`` that end in vectors on the whole log."""
    learned: dict[str, Vectors] = {}
    notes = []
    for name in VECTOR_METHODS:
        if name not in methods:
            continue
        if not len(log):
            notes.append(f"No actions: {name} has nothing to learn from.")
            continue
        try:
            learner = cast("_LearnsVectors", METHODS[name].build(context))
            learner.fit(log)
        except CannotLearn as error:
            notes.append(f"{name} is left out: {error}")
            continue
        learned[name] = learner.vectors
    return LearnedVectors(by_method=learned, notes=tuple(notes))


def write_vectors(writer: BundleWriter, learned: LearnedVectors, snapshot: Snapshot) -> None:
    """Write the vectors with the ids of their users; items are in the order of ``items.json``."""
    for name, vectors in learned.by_method.items():
        _write(writer, name, vectors, snapshot.users.ids.ids)


def carriable(bundle: OpenBundle | None, methods: Collection[str]) -> frozenset[str]:
    """The methods whose vectors a bundle holds and that aren't learned anew."""
    if bundle is None:
        return frozenset()
    return frozenset(name for name in VECTOR_METHODS if name not in methods and has_vectors(bundle, name))


def carry_vectors(writer: BundleWriter, bundle: OpenBundle, names: Collection[str], snapshot: Snapshot) -> None:
    """Copy vectors from another bundle of the same items, without users who are no longer there."""
    for name in sorted(names):
        stored = read_vectors(bundle, name)
        if stored.vectors.users is None:
            _write(writer, name, stored.vectors, ())
            continue
        kept = snapshot.users.ids.rows(stored.user_ids) != UNKNOWN
        active = stored.vectors.active
        vectors = Vectors(
            items=stored.vectors.items,
            users=stored.vectors.users[kept],
            active=None if active is None else active[kept],
        )
        _write(writer, name, vectors, tuple(np.array(stored.user_ids, dtype=object)[kept]))


def _write(writer: BundleWriter, name: str, vectors: Vectors, user_ids: Collection[str]) -> None:
    writer.write_array(f"vectors_{name}_items", vectors.items)
    if vectors.users is not None:
        writer.write_array(f"vectors_{name}_users", vectors.users)
        writer.write_json(f"vectors_{name}_user_ids", list(user_ids))
        if vectors.active is not None:
            writer.write_array(f"vectors_{name}_active", vectors.active)
