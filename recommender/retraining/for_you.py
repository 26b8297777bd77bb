"""Which method fills *for you*: chosen by what real shoppers did, between the sum that explains itself and the ranker.

The ranker has to be better than the history sum beyond noise to take its
place, for the sum splits every score into its causes and the ranker does not.
It is judged on the log without its latest slice, after fewer questions where
there are very many; what is served then learns from everything in the same
way. Training only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from recommender.evaluation.metrics import difference_interval
from recommender.evaluation.report import MethodScores
from recommender.learners.base import CannotLearn
from recommender.learners.log import ActionLog, Mask
from recommender.learners.ranker import RankerLearner, RankerOptions, learn_tables
from recommender.neighbours import NeighbourTable
from recommender.ranker import Ranker
from recommender.ranking_features import SignalTables
from recommender.retraining.gate import FEWEST_CASES, JUDGED_METHOD, Examination

RANKER = RankerLearner.name
# Half of those that MovieLens-1M allows cost .002 of NDCG@10 there: too little to change a choice.
JUDGED_QUESTIONS = 2_500
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class ForYouChoice:
    """What fills *for you*.

    Attributes:
        method: ``history_sum`` or ``ranker``.
        why: One sentence.
        scores: The chosen method's figures.
        judged: The ranker as it was judged, fitted on the log without its latest slice, where it was chosen.
        tables: Those of the log without its latest slice, where a ranker was fitted.
    """

    method: str
    why: str
    scores: MethodScores
    judged: Ranker | None = None
    tables: SignalTables | None = None


def choose_for_you(  # noqa: PLR0913 - one decision with all it needs
    examination: Examination,
    scores: dict[str, MethodScores],
    *,
    similar: NeighbourTable | None,
    also_liked: NeighbourTable | None,
    options: RankerOptions,
    seed: int,
    progress: Progress | None = None,
) -> ForYouChoice:
    """Fit the ranker where there are enough real cases, and compare.

    Args:
        examination: The cases of real shoppers; simulated ones choose nothing.
        scores: Figures by method, the history sum's among them; the ranker's are added.
        similar: Content neighbours.
        also_liked: Co-occurrence of the examination's training part, where it is learned already.
        options: The ranker's budget.
        seed: Where all chance comes from.
        progress: Told of the questions done.
    """
    sum_scores = scores[JUDGED_METHOD]
    people = 0 if examination.split.hidden.simulated.any() else len(examination.cases)

    def stay(reason: str) -> ForYouChoice:
        return ForYouChoice(method=JUDGED_METHOD, why=f"For you is the history sum: {reason}", scores=sum_scores)

    if people < FEWEST_CASES:
        return stay(f"{people} cases of real shoppers are too few to choose by ({FEWEST_CASES} are needed).")
    learner = RankerLearner(
        published=examination.published,
        similar=similar,
        also_liked=also_liked,
        options=replace(options, most_questions=min(options.most_questions, JUDGED_QUESTIONS)),
        seed=seed,
        progress=progress,
    )
    try:
        found = examination.scores(learner)
    except CannotLearn as error:
        return stay(f"the ranker is left out, {error}")
    scores[RANKER] = found
    low, high = difference_interval(found.cases.ndcg, sum_scores.cases.ndcg, generator=np.random.default_rng(seed))
    before, after = float(sum_scores.cases.ndcg.mean()), float(found.cases.ndcg.mean())
    compared = f"NDCG@10 {after:.4f} against {before:.4f}, difference {low:+.4f} … {high:+.4f}"
    if low <= 0:
        stays = stay(f"the ranker is not better beyond noise, {compared}.")
        return replace(stays, tables=learner.ranker.tables)
    why = f"For you is the ranker: better than the history sum beyond noise, {compared}."
    return ForYouChoice(method=RANKER, why=why, scores=found, judged=learner.ranker, tables=learner.ranker.tables)


def kept(scores: Mapping[str, MethodScores]) -> ForYouChoice:
    """What stands for *for you* where it isn't learned anew: the history sum is judged, nothing is chosen."""
    return ForYouChoice(method=JUDGED_METHOD, why="For you was not learned anew.", scores=scores[JUDGED_METHOD])


def served_ranker(  # noqa: PLR0913 - everything that is known already
    judged: Ranker,
    log: ActionLog,
    *,
    similar: NeighbourTable | None,
    also_liked: NeighbourTable | None,
    published: Mask,
    options: RankerOptions,
    seed: int,
    progress: Progress | None = None,
) -> tuple[Ranker, tuple[str, ...]]:
    """The chosen ranker taught with the whole log, and what had to be said meanwhile.

    Args:
        judged: The ranker as it was judged; its trees stay where the whole log teaches none.
        log: Everything.
        similar: Content neighbours.
        also_liked: Co-occurrence of the whole log, where it is learned already.
        published: bool (n,), what is proposed to everybody is among these.
        options: The ranker's budget.
        seed: Where all chance comes from.
        progress: Told of the questions done.
    """
    learner = RankerLearner(
        published=published, similar=similar, also_liked=also_liked, options=options, seed=seed, progress=progress
    )
    try:
        ranker, notes = learner.fit(log).ranker, learner.notes
    except CannotLearn as error:
        notes = [f"The trees are those that were judged: {error}"]
        tables = learn_tables(log, similar=similar, also_liked=also_liked, notes=notes)
        ranker = Ranker(tables=tables, trees=judged.trees, returning_trees=judged.returning_trees)
    popular = ranker.tables.popular
    return replace(ranker, tables=replace(ranker.tables, popular=popular[published[popular]])), tuple(notes)
