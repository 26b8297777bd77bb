"""What the log says of each item by itself: how many touch it, want it, buy it, and how that is lately."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recommender.evaluation.splits import weakest_guessed
from recommender.learners.log import CART, FAVOURITE, PURCHASE, ActionLog, Floats, Mask
from recommender.ranking_features import ITEM_FACTS

# So many users' worth of the shop's average is mixed into an item's own shares.
PRIOR = 10.0
# The latest parts of the log that count as lately and as just now.
LATELY, JUST_NOW = 0.1, 0.02


def item_facts(log: ActionLog) -> npt.NDArray[np.float32]:
    """float32 (n, len(ITEM_FACTS)): numbers of users, and shares smoothed towards the shop's average.

    Where no time is known, the two shares of recent actions are nan.
    """
    users = _users(log, np.ones(len(log), dtype=np.bool_))
    wanted = _users(log, log.kinds >= FAVOURITE)
    carts = _users(log, log.kinds == CART)
    bought = _users(log, log.kinds == PURCHASE)
    carted_and_bought = _users_of_both(log)
    actions = np.bincount(log.items, minlength=log.item_count).astype(np.float64)
    columns = {
        "users": users,
        "wanted_users": wanted,
        "cart_users": carts,
        "buyers": bought,
        "wanted_share": _share(wanted, users),
        "bought_share": _share(bought, users),
        "cart_conversion": _share(carted_and_bought, carts),
        "lately": _recent_share(log, actions, LATELY),
        "just_now": _recent_share(log, actions, JUST_NOW),
    }
    return np.stack([columns[name] for name in ITEM_FACTS], axis=1).astype(np.float32)


def conversions(log: ActionLog) -> Floats:
    """float64 (n,): of the users who touched an item, the share that went as far as is worth guessing, smoothed."""
    guessed = log.kinds >= weakest_guessed(log)
    return _share(_users(log, guessed), _users(log, np.ones(len(log), dtype=np.bool_)))


def _users(log: ActionLog, chosen: Mask) -> Floats:
    """How many different users took the chosen actions on each item."""
    pairs = np.unique(log.items[chosen].astype(np.int64) * max(log.user_count, 1) + log.users[chosen])
    return np.bincount(pairs // max(log.user_count, 1), minlength=log.item_count).astype(np.float64)


def _users_of_both(log: ActionLog) -> Floats:
    """How many users both carted and bought each item."""
    width = max(log.user_count, 1)
    keys = log.items.astype(np.int64) * width + log.users
    both = np.intersect1d(keys[log.kinds == CART], keys[log.kinds == PURCHASE])
    return np.bincount(both // width, minlength=log.item_count).astype(np.float64)


def _share(part: Floats, whole: Floats) -> Floats:
    average = part.sum() / max(whole.sum(), 1.0)
    return np.asarray((part + PRIOR * average) / (whole + PRIOR), dtype=np.float64)


def _recent_share(log: ActionLog, actions: Floats, latest: float) -> Floats:
    known = ~np.isnan(log.times)
    if not known.any():
        return np.full(log.item_count, np.nan)
    since = float(np.quantile(log.times[known], 1 - latest))
    recent = np.bincount(log.items[known & (np.nan_to_num(log.times, nan=-np.inf) > since)], minlength=log.item_count)
    return np.asarray((recent + PRIOR * latest) / (actions + PRIOR), dtype=np.float64)
