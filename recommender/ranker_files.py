"""The ranker in a bundle: which arrays, and how they become a ranker again. NumPy only: web workers import this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.bundle_files import BundleBroken, OpenBundle
from recommender.neighbour_sources import read_table
from recommender.neighbours import NeighbourTable
from recommender.ranker import Ranker
from recommender.ranking_features import ALL_SIGNALS, FEATURES, ITEM_FACTS, VISIT_FEATURES, SignalTables
from recommender.trees import TreeEnsemble

if TYPE_CHECKING:
    import numpy.typing as npt

PREFIX = "ranker"
TREES, RETURNING_TREES = f"{PREFIX}_tree", f"{PREFIX}_returning_tree"
# Tables that a bundle holds for a panel of their own.
SHARED = ("also_liked", "similar")


def ranker_arrays(ranker: Ranker) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a ranker by name, but for the tables that panels have anyway."""
    arrays: dict[str, npt.NDArray[Any]] = {
        f"{PREFIX}_facts": ranker.tables.facts,
        f"{PREFIX}_popular": ranker.tables.popular,
    }
    for name, table in ranker.tables.tables.items():
        if name not in SHARED:
            arrays[f"{PREFIX}_{name}_ids"] = table.ids
            arrays[f"{PREFIX}_{name}_scores"] = table.scores
    arrays |= {f"{TREES}_{name}": array for name, array in ranker.trees.to_arrays().items()}
    if ranker.returning_trees is not None:
        arrays |= {f"{RETURNING_TREES}_{name}": array for name, array in ranker.returning_trees.to_arrays().items()}
    return arrays


def read_ranker(bundle: OpenBundle, *, shared: Mapping[str, NeighbourTable | None]) -> Ranker | None:
    """The ranker of a bundle, memory-mapped, or nothing where it has none.

    Args:
        bundle: An open bundle.
        shared: The tables of panels that the ranker asks too, by name.

    Raises:
        BundleBroken: arrays are absent or do not fit each other, or it was learned with other features.
    """
    facts, popular = bundle.array(f"{PREFIX}_facts"), bundle.array(f"{PREFIX}_popular")
    if facts is None and popular is None:
        return None
    if facts is None or popular is None:
        raise BundleBroken(f"{bundle.version}: the ranker cannot be used: facts or what is popular are absent")
    tables = {name: table for name, table in shared.items() if table is not None}
    for name in sorted({signal.table for signal in ALL_SIGNALS} - set(SHARED)):
        table = read_table(bundle, f"{PREFIX}_{name}")
        if table is not None:
            tables[name] = table
    try:
        trees = _read_trees(bundle, TREES, features=len(VISIT_FEATURES))
        if trees is None:
            raise ValueError("there are no trees")  # noqa: TRY301 - told like the others
        returning = _read_trees(bundle, RETURNING_TREES, features=len(FEATURES))
        if facts.shape != (len(bundle.item_ids), len(ITEM_FACTS)):
            raise ValueError(f"facts have shape {facts.shape}")  # noqa: TRY301
        if popular.size and not 0 <= int(popular.min()) <= int(popular.max()) < len(facts):
            raise ValueError("what is popular are items that there are not")  # noqa: TRY301
        signals = SignalTables(tables=tables, facts=facts, popular=popular)
        return Ranker(tables=signals, trees=trees, returning_trees=returning)
    except ValueError as error:
        raise BundleBroken(f"{bundle.version}: the ranker cannot be used: {error}") from error


def _read_trees(bundle: OpenBundle, prefix: str, *, features: int) -> TreeEnsemble | None:
    """Trees by the prefix of their arrays, or nothing where there is none of them.

    Raises:
        ValueError: some arrays are absent, do not fit each other, or ask features beyond so many.
    """
    arrays = {field.name: bundle.array(f"{prefix}_{field.name}") for field in fields(TreeEnsemble)}
    present = {name: array for name, array in arrays.items() if array is not None}
    if not present:
        return None
    trees = TreeEnsemble.from_arrays(present)
    if int(np.max(trees.feature, initial=0)) >= features:
        raise ValueError("the trees ask features that there are not")
    return trees
