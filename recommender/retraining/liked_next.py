"""Which table answers *also liked*: chosen by what real shoppers wanted next. Training only.

Co-occurrence says with how many shoppers it can prove itself; a directed table
has to find beyond noise more of what was really wanted next to take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.evaluation.metrics import difference_interval
from recommender.evaluation.splits import Split, weakest_guessed
from recommender.learners.base import CannotLearn
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.item_table import ItemTableLearner
from recommender.learners.log import ActionLog, Floats, Mask, Rows
from recommender.learners.next_item import NextItem
from recommender.learners.transitions import SmoothedTransitions, Transitions
from recommender.neighbours import NeighbourTable

FEWEST_PAIRS = 200
MOST_PAIRS = 20_000
LENGTH = 10
DIRECTED: tuple[type[ItemTableLearner], ...] = (NextItem, Transitions, SmoothedTransitions)


@dataclass(frozen=True, kw_only=True)
class LikedNextChoice:
    """Which directed table answers, if any.

    Attributes:
        method: Its name, empty where co-occurrence stays.
        why: One sentence.
        hits: The share of pairs that each method found among its first ten, by name.
    """

    method: str
    why: str
    hits: dict[str, float]


def choose_liked_next(
    split: Split, *, published: Mask, seed: int, learned: Mapping[str, NeighbourTable] | None = None
) -> LikedNextChoice:
    """Ask every table of the training part for what was wanted next in the hidden part.

    Args:
        split: A log cut by time; hidden actions are people's.
        published: bool (n,), what may be shown.
        seed: Where chance comes from.
        learned: Tables of the training part that are learned already, by the names of their methods.
    """
    generator = np.random.default_rng(seed)
    pairs = wanted_pairs(split.hidden.where(published[split.hidden.items]))
    if len(pairs) > MOST_PAIRS:
        pairs = pairs[np.sort(generator.choice(len(pairs), MOST_PAIRS, replace=False))]
    stays = "Also liked is co-occurrence: "
    if split.hidden.simulated.any() or len(pairs) < FEWEST_PAIRS:
        count = 0 if split.hidden.simulated.any() else len(pairs)
        few = f"{count} items that real shoppers wanted one after another are too few to choose by"
        return LikedNextChoice(method="", why=f"{stays}{few} ({FEWEST_PAIRS} are needed).", hits={})
    tables = _tables(split.train, learned or {})
    cases = {name: _hits(table.only(published), pairs) for name, table in tables.items()}
    hits = {name: float(found.mean()) for name, found in cases.items()}
    best = max(hits, key=lambda name: (hits[name], name))
    told = ", ".join(f"{name} {share:.4f}" for name, share in hits.items())
    if best == CoOccurrence.name:
        return LikedNextChoice(method="", why=f"{stays}it finds most of what was wanted next, HR@10 {told}.", hits=hits)
    low, _high = difference_interval(cases[best], cases[CoOccurrence.name], generator=generator)
    if low <= 0:
        return LikedNextChoice(method="", why=f"{stays}nothing is better beyond noise, HR@10 {told}.", hits=hits)
    return LikedNextChoice(method=best, why=f"Also liked is {best}: HR@10 {told}.", hits=hits)


def _tables(log: ActionLog, learned: Mapping[str, NeighbourTable]) -> dict[str, NeighbourTable]:
    """The tables to compare, by name; those that the log is too little for are left out."""
    tables = {name: learned[name] for name in (CoOccurrence.name, *(kind.name for kind in DIRECTED)) if name in learned}
    if CoOccurrence.name not in tables:
        tables[CoOccurrence.name] = CoOccurrence().fit(log).table
    for kind in DIRECTED:
        if kind.name not in tables:
            try:
                tables[kind.name] = _learner(kind, tables[CoOccurrence.name]).learn(log)
            except CannotLearn:
                continue
    return tables


def _learner(kind: type[ItemTableLearner], also_liked: NeighbourTable | None) -> ItemTableLearner:
    """A directed learner, told the co-occurrence of the same log where it asks for it."""
    return SmoothedTransitions(also_liked=also_liked) if kind is SmoothedTransitions else kind()


def learn_liked_next(
    log: ActionLog,
    method: str,
    *,
    published: Mask,
    neighbours: int,
    learned: Mapping[str, NeighbourTable] | None = None,
) -> NeighbourTable | None:
    """The chosen directed table of the whole log; nothing where none was chosen.

    Args:
        log: The whole log.
        method: The name of the chosen method, empty for none.
        published: bool (n,), what may be shown.
        neighbours: K.
        learned: Tables of the whole log that are learned already, by the names of their methods.
    """
    for kind in DIRECTED:
        if kind.name == method:
            known = learned or {}
            table = known.get(method) or _learner(kind, known.get(CoOccurrence.name)).learn(log)
            return table.only(published).first(neighbours)
    return None


def wanted_pairs(log: ActionLog) -> npt.NDArray[np.int32]:
    """int32 (p, 2): items that one user wanted one after the other, different ones, their times known."""
    wanted = log.where((log.kinds >= weakest_guessed(log)) & ~np.isnan(log.times))
    order = np.lexsort((np.arange(len(wanted)), wanted.times, wanted.users))
    users, items = wanted.users[order], wanted.items[order]
    follows = (users[1:] == users[:-1]) & (items[1:] != items[:-1])
    return np.stack([items[:-1][follows], items[1:][follows]], axis=1)


def _hits(table: NeighbourTable, pairs: npt.NDArray[np.int32]) -> Floats:
    """1 where the second of a pair is among the first ten of the first."""
    firsts: Rows = pairs[:, 0]
    return np.asarray((table.ids[firsts, :LENGTH] == pairs[:, [1]]).any(axis=1), dtype=np.float64)
