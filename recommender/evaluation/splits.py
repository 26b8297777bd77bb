"""Which actions are hidden from a method, to be guessed: by time, the last of each user, or at random."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.learners.log import CART, CLICK, PURCHASE, ActionLog, Mask, Rows

SHARE = 0.1
# So many users must reach a kind of action for it to be what is guessed.
ENOUGH_USERS = 50
MOST_CASES = 3000


@dataclass(frozen=True, kw_only=True)
class Split:
    """A log cut in two.

    Attributes:
        name: ``time``, ``last`` or ``random``: how it was really cut.
        train: What methods may learn from.
        hidden: What they must guess; of people where the log has any, never a mixture with simulated ones.
        notes: What had to be done differently, for the report.
    """

    name: str
    train: ActionLog
    hidden: ActionLog
    notes: tuple[str, ...] = ()


def cut_by_time(log: ActionLog, *, generator: np.random.Generator, real_only: bool | None = None) -> Split:
    """Hide the latest tenth of the actions; where no time is known, a random tenth.

    Actions whose time is unknown can't be put before or after the cut; they
    stay in the training part.

    Args:
        log: All actions.
        generator: Where chance comes from, where times are unknown.
        real_only: Judge on people's actions only, even if there are none; by
            default on people's where there are any, else on simulated ones.
    """
    judged = _judged(log, real_only=real_only)
    timed = judged & ~np.isnan(log.times)
    if not judged.any():
        return Split(name="time", train=log, hidden=log.where(judged))
    if not timed.any():
        split = cut_at_random(log, generator=generator, real_only=real_only)
        note = "No times are known, so a random tenth is hidden instead of the latest."
        return Split(name="random", train=split.train, hidden=split.hidden, notes=(note, *split.notes))
    cut = float(np.quantile(log.times[timed], 1 - SHARE))
    later = log.times > cut if (log.times[timed] > cut).any() else log.times >= cut
    return Split(name="time", train=log.where(~later), hidden=log.where(later & judged), notes=_judging_notes(log))


def cut_last(log: ActionLog, *, generator: np.random.Generator, real_only: bool | None = None) -> Split:
    """Hide each user's last action among those worth guessing; where its time is unknown, a random one."""
    judged = _judged(log, real_only=real_only)
    guessed = judged & (log.kinds >= weakest_guessed(log.where(judged)))
    candidates = np.flatnonzero(guessed)
    unknown = np.isnan(log.times[candidates])
    chance = generator.random(len(candidates))
    # By user, then unknown times first, then by time; equal times keep the order of the log, unknown ones are shuffled.
    order = np.lexsort(
        (
            np.where(unknown, chance, candidates.astype(np.float64)),
            np.nan_to_num(log.times[candidates], nan=-np.inf),
            log.users[candidates],
        )
    )
    users = log.users[candidates][order]
    last = np.append(users[1:] != users[:-1], [True]) if len(users) else np.zeros(0, dtype=np.bool_)
    hidden = np.zeros(len(log), dtype=np.bool_)
    hidden[candidates[order][last]] = True
    notes = _judging_notes(log)
    if unknown.any():
        notes = ("Where times are unknown, a random action is hidden instead of the last.", *notes)
    return Split(name="last", train=log.where(~hidden), hidden=log.where(hidden), notes=notes)


def cut_at_random(log: ActionLog, *, generator: np.random.Generator, real_only: bool | None = None) -> Split:
    """Hide a random tenth of the actions."""
    hidden = _judged(log, real_only=real_only) & (generator.random(len(log)) < SHARE)
    return Split(name="random", train=log.where(~hidden), hidden=log.where(hidden), notes=_judging_notes(log))


SPLITS: Mapping[str, Callable[..., Split]] = {"time": cut_by_time, "last": cut_last, "random": cut_at_random}


def weakest_guessed(hidden: ActionLog) -> int:
    """The kind of action from which on a hidden one is worth guessing.

    The strongest that enough users reach; with few actions everything from a
    click on counts.
    """
    for kind in range(PURCHASE, CLICK, -1):
        if len(np.unique(hidden.users[hidden.kinds >= kind])) >= ENOUGH_USERS:
            return kind
    return CLICK


@dataclass(frozen=True, kw_only=True)
class Cases:
    """What is asked of every method: c users with a past, what each did next, and what may not be shown.

    Attributes:
        users: int32 (c,), user rows.
        truths: c arrays of item rows, distinct and not empty.
        exclude: c arrays of item rows that a list must not hold.
        discovery: bool (c,), the user had never touched any of the truth.
        exclusion: ``purchased`` or ``touched``: what ``exclude`` holds.
        cold: How many users had to be left out because they have no past.
    """

    users: Rows
    truths: tuple[Rows, ...]
    exclude: tuple[Rows, ...]
    discovery: Mask
    exclusion: str
    cold: int

    def __len__(self) -> int:
        return len(self.users)

    @cached_property
    def all(self) -> Mask:
        """Every case, as a mask."""
        return np.ones(len(self), dtype=np.bool_)


def make_cases(split: Split, *, published: Mask, generator: np.random.Generator) -> Cases:
    """Turn a split into cases, at most ``MOST_CASES``, drawn at random where there are more.

    In a shop what was touched but not bought may return, so only what was
    bought is excluded. A log without carts and purchases is one of ratings,
    where nobody acts twice on an item: there all that was touched is excluded.
    """
    train, hidden = split.train, split.hidden
    shop = bool(np.isin(train.kinds, [CART, PURCHASE]).any())
    guessed = hidden.where((hidden.kinds >= weakest_guessed(hidden)) & published[hidden.items])
    active = np.bincount(train.users, minlength=train.user_count) > 0
    asked = np.unique(guessed.users)
    warm = asked[active[asked]]
    cold = len(asked) - len(warm)
    if len(warm) > MOST_CASES:
        warm = np.sort(generator.choice(warm, MOST_CASES, replace=False))
    users, truths, excludes, discovery = [], [], [], []
    for user in warm.tolist():
        past = train.histories.of(user)
        touched = np.unique(train.items[past])
        banned = np.unique(train.items[past][train.kinds[past] == PURCHASE]) if shop else touched
        truth = np.setdiff1d(guessed.items[guessed.histories.of(user)], banned)
        if truth.size:
            users.append(user)
            truths.append(truth)
            excludes.append(banned)
            discovery.append(not np.isin(truth, touched).any())
    return Cases(
        users=np.array(users, dtype=np.int32),
        truths=tuple(truths),
        exclude=tuple(excludes),
        discovery=np.array(discovery, dtype=np.bool_),
        exclusion="purchased" if shop else "touched",
        cold=cold,
    )


def _judged(log: ActionLog, *, real_only: bool | None) -> Mask:
    """Which actions may be hidden: people's, or simulated ones where there are no others."""
    real = ~log.simulated
    if real_only or (real_only is None and real.any()):
        return real
    return log.simulated


def _judging_notes(log: ActionLog) -> tuple[str, ...]:
    """Says so where there is nothing but simulated actions to judge by."""
    if len(log) and log.simulated.all():
        return ("All actions are simulated; the figures say nothing about people.",)
    return ()
