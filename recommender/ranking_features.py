"""What the ranker looks at: candidates for one shopper, and what speaks for each of them.

The same function makes the features in training and for every request, so what
is served is what was learned. NumPy only: web workers import this.

Signals that need the order of a history are missing (nan) where no time is
known; the trees learn what to make of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NeighbourTable

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CLICK, FAVOURITE, CART, PURCHASE = range(4)
KIND_WEIGHTS = np.array([1.0, 2.0, 3.0, 5.0])
KINDS = ("clicks", "favourites", "carts", "purchases")

# Of a long history so many latest actions ask the tables; the item's own counts take all that is given.
MOST_ACTIONS = 1_000
# Below this a faded action no longer asks.
LEAST_WEIGHT = 0.005
# After a pause of so many seconds a shopper comes back: one visit has ended, another begins.
PAUSE = 8 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One way to ask a table with a history.

    Attributes:
        name: Of the feature.
        table: Which table.
        asks: ``weights`` (every action by its kind), ``wanted`` (favourites or
            more, each item once; everything where there are none), ``all``
            (each item once), ``recent`` (every action, each step back
            counting ``decay`` of the next), ``wanted_recent``, or ``last``.
        decay: For the recent ones.
        proposes: Whether its best are candidates.
    """

    name: str
    table: str
    asks: str
    decay: float = 0.8
    proposes: bool = False


SIGNALS: tuple[Signal, ...] = (
    Signal(name="ease", table="ease", asks="wanted", proposes=True),
    Signal(name="ease_recent", table="ease", asks="recent", proposes=True),
    Signal(name="next_item", table="next_item", asks="recent", proposes=True),
    Signal(name="next_item_last", table="next_item", asks="last"),
    Signal(name="transitions", table="transitions", asks="recent", proposes=True),
    Signal(name="transitions_wanted", table="transitions", asks="wanted_recent", decay=0.7),
    Signal(name="transitions_last", table="transitions", asks="last"),
    Signal(name="also_liked", table="also_liked", asks="weights", proposes=True),
    Signal(name="also_liked_recent", table="also_liked", asks="wanted_recent", decay=0.7),
    Signal(name="leads_to", table="leads_to", asks="all", proposes=True),
    Signal(name="similar", table="similar", asks="weights", proposes=True),
    Signal(name="similar_recent", table="similar", asks="recent"),
)
ITEM_FACTS = ("users", "wanted_users", "cart_users", "buyers", "wanted_share", "bought_share", "cart_conversion",
              "lately", "just_now")  # fmt: skip
OWN_FACTS = ("touched", *(f"own_{kind}" for kind in KINDS), "own_weight_share", "own_age")
USER_FACTS = ("actions", "items", *(f"all_{kind}" for kind in KINDS), "weight", "gap", "span", "last_kind")
# Each signal once more, as a share of its best among the candidates: long histories speak louder than short ones.
RELATIVE = tuple(f"{signal.name}_of_best" for signal in SIGNALS)
# What speaks for an item in the midst of a visit.
VISIT_FEATURES = (*(signal.name for signal in SIGNALS), *ITEM_FACTS, *OWN_FACTS, *USER_FACTS, *RELATIVE)
# More for those who come back after a pause: what shoppers of late say, and how much the item is in demand now.
RETURNING_SIGNALS: tuple[Signal, ...] = (
    Signal(name="ease_lately", table="ease_lately", asks="wanted"),
    Signal(name="ease_lately_recent", table="ease_lately", asks="recent"),
)
IN_DEMAND = ("ease_lately", "ease_lately_recent", "leads_to", "also_liked")
RETURNING_SCORES = (*(signal.name for signal in RETURNING_SIGNALS), *(f"{name}_in_demand" for name in IN_DEMAND))
RETURNING_FEATURES = (*RETURNING_SCORES, *(f"{name}_of_best" for name in RETURNING_SCORES))
# Bundles know features by their places: new ones are added at the end.
FEATURES = (*VISIT_FEATURES, *RETURNING_FEATURES)
ALL_SIGNALS = (*SIGNALS, *RETURNING_SIGNALS)


@dataclass(frozen=True, kw_only=True)
class ShopperHistory:
    """What one shopper did, in order: unknown times first, then by time.

    Attributes:
        items: int32 (a,), item rows.
        kinds: int8 (a,).
        times: float64 (a,), seconds since 1970, nan where unknown.
    """

    items: Rows
    kinds: npt.NDArray[np.int8]
    times: Floats

    @classmethod
    def of(cls, items: npt.ArrayLike, kinds: npt.ArrayLike, times: npt.ArrayLike) -> ShopperHistory:
        """Bring actions into order; equal and unknown times keep the order given."""
        when = np.asarray(times, dtype=np.float64)
        order = np.argsort(np.nan_to_num(when, nan=-np.inf), kind="stable")
        return cls(
            items=np.asarray(items, dtype=np.int32)[order],
            kinds=np.asarray(kinds, dtype=np.int8)[order],
            times=when[order],
        )

    @property
    def ordered(self) -> bool:
        """Whether any time is known, so that the latest action is known to be the latest."""
        return bool(len(self.times)) and not bool(np.isnan(self.times[-1]))

    def returns(self, now: float) -> bool:
        """Whether the latest action lies so long before ``now`` (seconds since 1970) that another visit begins."""
        return self.ordered and now - float(self.times[-1]) > PAUSE


@dataclass(frozen=True, kw_only=True)
class SignalTables:
    """Everything learned from the log that features are made of.

    Attributes:
        tables: Neighbours of n items by the names that ``SIGNALS`` use; absent ones are missing features.
        facts: float32 (n, len(ITEM_FACTS)).
        popular: int32 (m,), the most wanted items, best first; candidates for everybody.
    """

    tables: Mapping[str, NeighbourTable]
    facts: npt.NDArray[np.float32]
    popular: Rows
    count: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.facts))
        for name, table in self.tables.items():
            if len(table.ids) < self.count:
                raise ValueError(f"table {name} has {len(table.ids)} items, the facts have {self.count}")


def candidates_with_features(  # noqa: PLR0913 - one question with all its conditions
    history: ShopperHistory, tables: SignalTables, *, now: float, allow: Mask, each: int, returning: bool = True
) -> tuple[Rows, npt.NDArray[np.float32]]:
    """Candidates for a shopper and what speaks for them.

    Args:
        history: With at least one action.
        tables: What was learned.
        now: The moment the list is for, seconds since 1970; nan where unknown.
        allow: bool (n,), what may be recommended; the touched ones that may stay are candidates.
        each: How many candidates each proposing signal brings.
        returning: Whether the features for those who come back are made too.

    Returns:
        rows int32 (c,), rising, and float32 (c, len(FEATURES)), or (c, len(VISIT_FEATURES)) without the others.
    """
    asked = {signal.name: _ask(signal, history, tables) for signal in SIGNALS}
    proposed: list[npt.NDArray[np.integer]] = [np.unique(history.items), tables.popular[:each]]
    for signal in SIGNALS:
        scores = asked[signal.name]
        if signal.proposes and scores is not None:
            proposed.append(_best(np.where(allow, scores, 0.0), each))
    rows = np.unique(np.concatenate(proposed)).astype(np.int32)
    rows = rows[allow[rows]]
    features = np.full((len(rows), len(VISIT_FEATURES)), np.nan, dtype=np.float32)
    for place, signal in enumerate(SIGNALS):
        scores = asked[signal.name]
        if scores is not None:
            features[:, place] = scores[rows]
    place = len(SIGNALS)
    features[:, place : place + len(ITEM_FACTS)] = tables.facts[rows]
    place += len(ITEM_FACTS)
    features[:, place : place + len(OWN_FACTS)] = _own_facts(history, rows, now=now, count=tables.count)
    place += len(OWN_FACTS)
    features[:, place : place + len(USER_FACTS)] = _user_facts(history, now=now)
    features[:, place + len(USER_FACTS) :] = _of_best(features[:, : len(SIGNALS)])
    if returning:
        features = np.concatenate([features, _for_returning(history, tables, rows, features)], axis=1)
    return rows, features


def _for_returning(
    history: ShopperHistory, tables: SignalTables, rows: Rows, features: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """The further features of candidates for those who come back, float32 (c, len(RETURNING_FEATURES)).

    A signal in demand is the signal × √(share of the item's actions that are
    of late): what is asked for is a product, which trees can only approach in steps.
    """
    found = np.full((len(rows), len(RETURNING_SCORES)), np.nan, dtype=np.float32)
    for place, signal in enumerate(RETURNING_SIGNALS):
        scores = _ask(signal, history, tables)
        if scores is not None:
            found[:, place] = scores[rows]
    demand = np.sqrt(tables.facts[rows, ITEM_FACTS.index("lately")])
    known = {name: features[:, place] for place, name in enumerate(VISIT_FEATURES) if name in IN_DEMAND}
    known |= {signal.name: found[:, place] for place, signal in enumerate(RETURNING_SIGNALS)}
    for place, name in enumerate(IN_DEMAND, start=len(RETURNING_SIGNALS)):
        found[:, place] = known[name] * demand
    return np.concatenate([found, _of_best(found)], axis=1)


def _of_best(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Scores (c, s) as shares of the best in their column; missing where nothing speaks for any candidate."""
    best = np.nan_to_num(scores).max(axis=0, initial=0.0)
    return np.asarray(scores / np.where(best > 0, best, np.float32(np.nan)), dtype=np.float32)


def _ask(signal: Signal, history: ShopperHistory, tables: SignalTables) -> Floats | None:
    """float64 (n,): the table's rows added up by the weights of the history; nothing where it cannot be asked."""
    table = tables.tables.get(signal.table)
    if table is None:
        return None
    items, weights = _weights(signal, history)
    if not len(items):
        return None
    ids = table.ids[items]
    values = table.scores[items] * weights[:, None]
    # One place before the first item takes what is padded with row −1.
    added = np.bincount((ids + 1).ravel(), weights=values.ravel(), minlength=tables.count + 1)
    return np.asarray(added[1 : tables.count + 1], dtype=np.float64)


def _weights(signal: Signal, history: ShopperHistory) -> tuple[Rows, Floats]:
    """Which items ask, and how loudly; nothing where order is needed and unknown."""
    items, kinds = history.items[-MOST_ACTIONS:], history.kinds[-MOST_ACTIONS:]
    if signal.asks.startswith("wanted") and (kinds >= FAVOURITE).any():
        chosen = kinds >= FAVOURITE
        items, kinds = items[chosen], kinds[chosen]
    if signal.asks in {"wanted", "all"}:
        once = np.unique(items)
        return once, np.ones(len(once))
    if signal.asks == "weights":
        return items, KIND_WEIGHTS[kinds]
    if not history.ordered:
        return items[:0], np.zeros(0)
    if signal.asks == "last":
        return items[-1:], np.ones(1)
    weights = signal.decay ** np.arange(len(items))[::-1].astype(np.float64)
    heard = weights >= LEAST_WEIGHT
    return items[heard], weights[heard]


def _best(scores: Floats, count: int) -> npt.NDArray[np.intp]:
    """The places of the highest positive scores, ``count`` at most; of equal ones the earlier places."""
    positive = np.flatnonzero(scores > 0)
    if len(positive) <= count:
        return positive
    values = scores[positive]
    least = np.partition(values, len(values) - count)[len(values) - count]
    surely = positive[values > least]
    return np.concatenate([surely, positive[values == least][: count - len(surely)]])


def _own_facts(history: ShopperHistory, rows: Rows, *, now: float, count: int) -> npt.NDArray[np.float32]:
    """What the shopper did with each candidate, float32 (c, len(OWN_FACTS))."""
    facts = np.zeros((len(rows), len(OWN_FACTS)), dtype=np.float32)
    for kind in range(len(KINDS)):
        mine = history.items[history.kinds == kind]
        facts[:, 1 + kind] = np.bincount(mine, minlength=count)[rows]
    facts[:, 0] = facts[:, 1:5].sum(axis=1) > 0
    weights = facts[:, 1:5] @ KIND_WEIGHTS.astype(np.float32)
    facts[:, 5] = weights / max(float(KIND_WEIGHTS[history.kinds].sum()), 1.0)
    last = np.full(count, np.nan)
    last[history.items] = history.times
    facts[:, 6] = np.log1p(np.maximum(now - last[rows], 0.0))
    return facts


def _user_facts(history: ShopperHistory, *, now: float) -> npt.NDArray[np.float32]:
    """The same for all candidates: how much, of what, and how long ago, float32 (len(USER_FACTS),)."""
    by_kind = np.bincount(history.kinds, minlength=len(KINDS))
    known = history.times[~np.isnan(history.times)]
    gap = max(now - float(known[-1]), 0.0) if len(known) else np.nan
    span = float(known[-1] - known[0]) if len(known) else np.nan
    return np.array(
        [
            len(history.items),
            len(np.unique(history.items)),
            *by_kind,
            KIND_WEIGHTS[history.kinds].sum(),
            np.log1p(gap),
            np.log1p(span),
            history.kinds[-1] if history.ordered else np.nan,
        ],
        dtype=np.float32,
    )
