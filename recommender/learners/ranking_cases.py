"""What a ranker is taught with: moments of real shoppers, and what they wanted next. Simulated actions never teach.

Two questions are asked, because a shop asks both. *In session*: everything up
to one action is known, the moment is that action's, and the next thing wanted
is the answer. *Coming back*: everything before a shopper's last visit, or
before a date, is known, the moment is the visit's begin, or that date, and all
that is wanted afterwards is the answer. How long ago the last action was is a
feature, so the ranker learns how much it counts.

Where no times are known, one wanted pair of a shopper is hidden instead.
Whatever is asked for is taken out of the log that tables are learned from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.evaluation.splits import weakest_guessed
from recommender.learners.log import CART, PURCHASE, ActionLog, Mask, Rows
from recommender.ranking_features import PAUSE

Places = npt.NDArray[np.intp]

# The latest part of the log, for coming back.
LATEST = 0.1
# Of a shopper's actions so many last ones, and at most this part, are asked about in session.
LONGEST_TAIL = 8
TAIL_SHARE = 5
# At most so many questions a shopper, and so many shoppers for each kind of question.
QUESTIONS_EACH = 3
MOST_IN_SESSION = 2_000
MOST_COMING_BACK = 2_000
MOST_VISITS = 1_500
# A last visit with more than this share of the actions leaves too little past.
VISIT_SHARE = 0.5
MOST_UNORDERED = 8_000
UNORDERED_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingCase:
    """One question.

    Attributes:
        user: User row.
        past: Places in the log of what was known, in its order.
        now: The moment, seconds since 1970; nan where no time is known.
        wanted: Item rows that were wanted next.
    """

    user: int
    past: Places
    now: float
    wanted: Rows


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """Questions, and the log without their answers.

    Attributes:
        known: What tables may be learned from.
        log: The whole log, which the cases' places refer to.
        cases: The questions.
        returning: Whether what was touched may be wanted again: true in shops, false among ratings.
    """

    known: ActionLog
    log: ActionLog
    cases: tuple[RankingCase, ...]
    returning: bool

    def excluded(self, case: RankingCase) -> Rows:
        """What a list for this case must not hold: what was bought, among ratings all that was touched."""
        items = self.log.items[case.past]
        return np.unique(items[self.log.kinds[case.past] == PURCHASE] if self.returning else items)


def make_lesson(log: ActionLog, *, published: Mask, generator: np.random.Generator, most: int | None = None) -> Lesson:
    """Hide some of the log and ask for it.

    Args:
        log: All counted actions.
        published: bool (n,), only these are asked for.
        generator: Where all chance comes from.
        most: Questions, chosen at random, so that every kind keeps its part; all where absent.
    """
    real = ~log.simulated
    timed = real & ~np.isnan(log.times)
    returning = bool(np.isin(log.kinds[real], [CART, PURCHASE]).any())
    weakest = weakest_guessed(log.where(real))
    asked = real & (log.kinds >= weakest) & published[log.items]
    if timed.sum() * 2 < real.sum():
        hidden, cases = _unordered(log, asked, generator)
    else:
        hidden, cases = _ordered(log, asked & timed, timed, generator, returning=returning)
    lesson = Lesson(known=log.where(~hidden), log=log, cases=(), returning=returning)
    useful = (_without_excluded(lesson, case) for case in cases if len(case.past))
    kept = tuple(case for case in useful if len(case.wanted))
    if most is not None and len(kept) > most:
        chosen = generator.choice(len(kept), most, replace=False)
        kept = tuple(kept[place] for place in np.sort(chosen).tolist())
    return Lesson(known=lesson.known, log=log, cases=kept, returning=returning)


def _without_excluded(lesson: Lesson, case: RankingCase) -> RankingCase:
    wanted = np.setdiff1d(case.wanted, lesson.excluded(case))
    return RankingCase(user=case.user, past=case.past, now=case.now, wanted=wanted)


def _unordered(log: ActionLog, asked: Mask, generator: np.random.Generator) -> tuple[Mask, Iterator[RankingCase]]:
    """Of a part of the shoppers, one wanted item each; what else they did to it stays known."""
    places = generator.permutation(np.flatnonzero(asked))
    users, first = np.unique(log.users[places], return_index=True)
    count = min(int(len(users) * UNORDERED_SHARE) or len(users), MOST_UNORDERED)
    chosen = np.sort(generator.choice(len(users), count, replace=False)) if len(users) else first[:0]
    answers = places[first[chosen]]
    width = max(log.item_count, 1)
    keys = log.users.astype(np.int64) * width + log.items
    hidden = asked & np.isin(keys, keys[answers])

    def cases() -> Iterator[RankingCase]:
        for place in answers.tolist():
            user = int(log.users[place])
            own = log.histories.of(user)
            yield RankingCase(user=user, past=own[~hidden[own]], now=np.nan, wanted=log.items[[place]])

    return hidden, cases()


def _ordered(
    log: ActionLog, asked: Mask, timed: Mask, generator: np.random.Generator, *, returning: bool
) -> tuple[Mask, Iterator[RankingCase]]:
    """Everything after a date, and of a part of the shoppers their last actions before it."""
    date = float(np.quantile(log.times[timed], 1 - LATEST)) if timed.any() else np.nan
    after = timed & (np.nan_to_num(log.times, nan=-np.inf) > date)
    before = timed & ~after
    busy = generator.permutation(np.flatnonzero(np.bincount(log.users[before], minlength=log.user_count) > 1))
    visits = _last_visits(log, busy, before, asked)
    rest = [user for user in busy.tolist() if user not in visits][:MOST_IN_SESSION]
    tails = {user: _tail(log, user, before) for user in sorted(rest)}
    hidden = after.copy()
    for places in (*tails.values(), *visits.values()):
        hidden[places] = True
    later = np.unique(log.users[after & asked])
    if len(later) > MOST_COMING_BACK:
        later = np.sort(generator.choice(later, MOST_COMING_BACK, replace=False))

    def cases() -> Iterator[RankingCase]:
        for user, tail in tails.items():
            yield from _in_session(log, user, tail, asked, generator, returning=returning)
        for user, visit in visits.items():
            past, answers = _in_order(log, user), visit[asked[visit]]
            past = past[before[past] & ~hidden[past]]
            yield RankingCase(
                user=user, past=past, now=float(log.times[visit[0]]), wanted=np.unique(log.items[answers])
            )
        for user in later.tolist():
            own = _in_order(log, user)
            answers = own[after[own] & asked[own]]
            yield RankingCase(user=user, past=own[~hidden[own]], now=date, wanted=np.unique(log.items[answers]))

    return hidden, cases()


def _last_visits(log: ActionLog, users: npt.NDArray[np.int64], before: Mask, asked: Mask) -> dict[int, Places]:
    """The last visit of some users who came back before the date and wanted something then, by user."""
    visits: dict[int, Places] = {}
    for user in users.tolist():
        own = _in_order(log, user)
        own = own[before[own]]
        pauses = np.flatnonzero(np.diff(log.times[own]) > PAUSE)
        if len(pauses) and len(own) - pauses[-1] - 1 <= VISIT_SHARE * len(own):
            visit = own[pauses[-1] + 1 :]
            if asked[visit].any():
                visits[user] = visit
        if len(visits) == MOST_VISITS:
            break
    return dict(sorted(visits.items()))


def _in_order(log: ActionLog, user: int) -> Places:
    own = log.histories.of(user)
    return own[np.argsort(np.nan_to_num(log.times[own], nan=-np.inf), kind="stable")]


def _tail(log: ActionLog, user: int, before: Mask) -> Places:
    """The last actions of a user before the date."""
    own = _in_order(log, user)
    own = own[before[own]]
    length = min(LONGEST_TAIL, max(len(own) // TAIL_SHARE, 1))
    return own[len(own) - length :]


def _in_session(  # noqa: PLR0913 - one question with all its conditions
    log: ActionLog, user: int, tail: Places, asked: Mask, generator: np.random.Generator, *, returning: bool
) -> Iterator[RankingCase]:
    """Some of the wanted items of a tail, each asked for right before it was wanted or, as often, first touched."""
    own = _in_order(log, user)
    start = int(np.flatnonzero(own == tail[0])[0])
    answers = [place for place in range(start, start + len(tail)) if asked[own[place]] and place]
    if len(answers) > QUESTIONS_EACH:
        answers = sorted(generator.choice(answers, QUESTIONS_EACH, replace=False).tolist())
    for answer in answers:
        item = log.items[own[answer]]
        cut = answer
        if returning and generator.random() < 0.5:  # noqa: PLR2004 - as often as not
            touched = np.flatnonzero(log.items[own[start:answer]] == item)
            cut = start + int(touched[0]) if len(touched) else answer
        past = own[:cut]
        if len(past):
            yield RankingCase(user=user, past=past, now=_moment(log, past), wanted=log.items[own[[answer]]])


def _moment(log: ActionLog, past: Places) -> float:
    """When the last of these actions happened."""
    return float(log.times[past[-1]])
