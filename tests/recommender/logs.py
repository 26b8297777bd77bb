"""Small action logs, written as text tables."""

from __future__ import annotations

import numpy as np

from recommender.learners.log import ActionLog

KINDS = {"click": 0, "favourite": 1, "cart": 2, "purchase": 3}
DAY = 86_400.0


def log_of(table: str, *, users: int = 0, items: int = 0) -> ActionLog:
    """A log from lines ``user item kind [day|-] [value|-] [simulated]``; users and items are rows."""
    rows = [line.split() for line in table.strip().splitlines() if line.strip()]
    cells = [[*row, "-", "-", "-"][:6] for row in rows]

    def number(text: str) -> float:
        return float("nan") if text == "-" else float(text)

    user_rows = np.array([int(row[0]) for row in cells], dtype=np.int32)
    item_rows = np.array([int(row[1]) for row in cells], dtype=np.int32)
    return ActionLog(
        users=user_rows,
        items=item_rows,
        kinds=np.array([KINDS[row[2]] for row in cells], dtype=np.int8),
        times=np.array([number(row[3]) * DAY for row in cells], dtype=np.float64),
        values=np.array([number(row[4]) for row in cells], dtype=np.float64),
        simulated=np.array([row[5] == "simulated" for row in cells], dtype=np.bool_),
        user_count=users or int(user_rows.max(initial=-1)) + 1,
        item_count=items or int(item_rows.max(initial=-1)) + 1,
    )


def random_log(seed: int, *, users: int = 30, items: int = 20, actions: int = 400, timed: bool = True) -> ActionLog:
    """A log of chance with two tastes: even users prefer even items."""
    generator = np.random.default_rng(seed)
    user_rows = generator.integers(0, users, actions).astype(np.int32)
    item_rows = generator.integers(0, items, actions).astype(np.int32)
    like = generator.random(actions) < 0.8
    item_rows = np.where(like, (item_rows // 2) * 2 + user_rows % 2, item_rows).astype(np.int32)
    item_rows = np.minimum(item_rows, items - 1)
    times = (
        np.sort(generator.integers(0, 3, actions).astype(np.float64)) * 20 * DAY
    )  # few days, so that baskets hold several items
    return ActionLog(
        users=user_rows,
        items=item_rows,
        kinds=generator.choice(4, actions, p=[0.4, 0.15, 0.15, 0.3]).astype(np.int8),
        times=times if timed else np.full(actions, np.nan),
        values=np.full(actions, np.nan),
        simulated=np.zeros(actions, dtype=np.bool_),
        user_count=users,
        item_count=items,
    )
