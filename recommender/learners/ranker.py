"""Learns the two-stage ranker: tables from the log, trees from what shoppers wanted next. Training only."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from recommender.learners.base import CannotLearn, Learner, NotFitted, Ranked
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.dense import one_thread
from recommender.learners.ease import Ease, EaseLately
from recommender.learners.feature_bins import FeatureBins
from recommender.learners.item_statistics import item_facts
from recommender.learners.leads_to import LeadsTo
from recommender.learners.lesson_rows import LessonRows, Progress, Questions, history_of, lesson_rows
from recommender.learners.log import ActionLog, Floats, Mask, Rows
from recommender.learners.next_item import NextItem
from recommender.learners.ranking_cases import make_lesson
from recommender.learners.transitions import Transitions
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable
from recommender.ranker import Ranker
from recommender.ranker_options import RankerOptions
from recommender.ranking_features import (
    FEATURES,
    RELATIVE,
    RETURNING_FEATURES,
    SIGNALS,
    VISIT_FEATURES,
    ShopperHistory,
    SignalTables,
)
from recommender.trees import TreeEnsemble

# Fewer questions teach nothing that holds.
FEWEST_CASES = 200
FEWEST_RETURNING = 200
LONGEST_LIST = 100
# More of these never speaks against an item: what a small shop's trees would learn otherwise is noise.
SPEAKING_FOR = frozenset((*(signal.name for signal in SIGNALS), *RELATIVE, *RETURNING_FEATURES))


def learn_tables(
    log: ActionLog,
    *,
    similar: NeighbourTable | None,
    also_liked: NeighbourTable | None = None,
    notes: list[str] | None = None,
) -> SignalTables:
    """Every table of behaviour that the log allows.

    Args:
        log: What to learn from.
        similar: Content neighbours, which the log doesn't change.
        also_liked: Co-occurrence, where it is learned already.
        notes: Told what was handed over or left out.
    """
    said = [] if notes is None else notes
    tables: dict[str, NeighbourTable] = {}
    for learner in (Ease(), EaseLately(), NextItem(), Transitions(), LeadsTo()):
        try:
            tables[learner.name] = learner.learn(log)
        except CannotLearn as error:
            said.append(f"{learner.name} is left out: {error}")
        else:
            if learner.note:
                said.append(f"{learner.name}: {learner.note}")
    tables["also_liked"] = CoOccurrence().fit(log).table if also_liked is None else also_liked
    if similar is not None:
        tables["similar"] = similar
    facts = item_facts(log)
    popular = np.lexsort((np.arange(len(facts)), -facts[:, 1], -facts[:, 3])).astype(np.int32)[:LONGEST_LIST]
    return SignalTables(tables=tables, facts=facts, popular=popular)


def learn_both_tables(
    known: ActionLog,
    log: ActionLog,
    *,
    similar: NeighbourTable | None,
    also_liked: NeighbourTable | None,
    notes: list[str],
) -> tuple[SignalTables, SignalTables]:
    """The tables to learn with and those to serve, side by side: most of the work lets other threads run.

    Args:
        known: The log without the answers.
        log: The whole log.
        similar: Content neighbours.
        also_liked: Co-occurrence of the whole log, where it is learned already.
        notes: Told what the whole log was handed over or left out.
    """
    # Held here for both: the first to end would lift the limit for the other.
    with one_thread(), ThreadPoolExecutor(max_workers=2) as pool:
        lesson = pool.submit(learn_tables, known, similar=similar)
        served = pool.submit(learn_tables, log, similar=similar, also_liked=also_liked, notes=notes)
        return lesson.result(), served.result()


def grow_trees(questions: Questions, *, progress: Progress | None = None) -> tuple[TreeEnsemble, TreeEnsemble | None]:
    """Boosted trees that tell wanted candidates from the others: in a visit, and for those who come back.

    Log loss, so that scores of touched and new items are probabilities and can
    stand in one list. Each wanted item counts alike: weighing down the
    questions with many of them was tried and made what comes back worse. Both
    learn from all questions; the second trees ask more, and are grown only
    where enough questions are of shoppers who come back.

    Raises:
        CannotLearn: too few questions have their answer among the candidates.
    """
    rows, options = lesson_rows(questions, progress=progress), questions.options
    if rows.answered < FEWEST_CASES:
        raise CannotLearn(f"{rows.answered} questions of real shoppers are too few ({FEWEST_CASES} are needed).")
    trees = _boost(rows, VISIT_FEATURES, options)
    log = questions.lesson.log
    returning = sum(history_of(log, case.past).returns(case.now) for case in questions.lesson.cases)
    if returning < FEWEST_RETURNING:
        return trees, None
    gentle = replace(
        options, trees=options.returning_trees, leaves=options.returning_leaves, ridge=options.returning_ridge
    )
    return trees, _boost(rows, FEATURES, gentle)


def _boost(rows: LessonRows, names: Sequence[str], options: RankerOptions) -> TreeEnsemble:
    """scikit-learn's histogram boosting of the first features, which are named, turned into arrays."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    booster = HistGradientBoostingClassifier(
        max_iter=options.trees,
        learning_rate=options.learning_rate,
        max_leaf_nodes=options.leaves,
        max_depth=options.depth,
        min_samples_leaf=options.fewest_in_leaf,
        l2_regularization=options.ridge,
        monotonic_cst=[int(name in SPEAKING_FOR) for name in names],
        early_stopping=False,
        random_state=0,
    )
    features = rows.features[:, : len(names)]
    bins = FeatureBins.of(features, rows.weights)
    codes = bins.codes(features)
    # A feature that is missing everywhere cannot be learned from; as a constant it is never asked.
    codes[:, np.isnan(codes).all(axis=0)] = 0
    booster.fit(codes, rows.wanted, sample_weight=rows.weights)
    return trees_of(booster, bins)


def trees_of(booster: Any, bins: FeatureBins) -> TreeEnsemble:
    """The trees of a ``HistGradientBoostingClassifier`` of two classes, fitted on codes, as arrays that ask for values.

    The library keeps them in private attributes; its version is pinned, and a
    test holds these arrays to the library's own answers.
    """
    grown = [iteration[0].nodes for iteration in booster._predictors]  # noqa: SLF001 - see above
    shape = (len(grown), max(len(nodes) for nodes in grown))
    feature = np.zeros(shape, dtype=np.int16)
    threshold, value = np.full(shape, np.inf, dtype=np.float32), np.zeros(shape)
    left = np.tile(np.arange(shape[1], dtype=np.int16), (shape[0], 1))
    right = left.copy()
    missing_left = np.ones(shape, dtype=np.bool_)
    for place, nodes in enumerate(grown):
        inside = np.flatnonzero(nodes["is_leaf"] == 0)
        feature[place, inside] = nodes["feature_idx"][inside]
        asked = zip(nodes["feature_idx"][inside].tolist(), nodes["num_threshold"][inside].tolist(), strict=True)
        threshold[place, inside] = _at_most(np.array([bins.threshold(column, code) for column, code in asked]))
        left[place, inside] = nodes["left"][inside]
        right[place, inside] = nodes["right"][inside]
        missing_left[place, inside] = nodes["missing_go_to_left"][inside] != 0
        leaves = np.flatnonzero(nodes["is_leaf"])
        value[place, leaves] = nodes["value"][leaves]
    return TreeEnsemble(
        feature=feature,
        threshold=threshold,
        left=left,
        right=right,
        missing_left=missing_left,
        value=value,
        baseline=np.asarray(booster._baseline_prediction, dtype=np.float64).reshape(1),  # noqa: SLF001
        depth=np.array([max(int(nodes["depth"].max()) for nodes in grown)], dtype=np.int16),
    )


def _at_most(thresholds: Floats) -> npt.NDArray[np.float32]:
    """The largest single precision numbers that are not above: single precision values compare the same with them."""
    single = thresholds.astype(np.float32)
    return np.where(single > thresholds, np.nextafter(single, np.float32(-np.inf)), single)


class RankerLearner(Learner):
    """Candidates from all tables, ordered by boosted trees; see ``recommender.ranker``.

    The trees learn from tables of a log that lacks the answers; the tables
    served are then learned from the whole log. ``also_liked`` is the
    co-occurrence of the log that ``fit`` will be given, where it is learned already.
    """

    name: ClassVar[str] = "ranker"

    def __init__(  # noqa: PLR0913 - everything that may be known already
        self,
        *,
        published: Mask,
        similar: NeighbourTable | None = None,
        also_liked: NeighbourTable | None = None,
        options: RankerOptions | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> None:
        self.published = published
        self.similar = similar
        self.also_liked = also_liked
        self.options = options or RankerOptions()
        self.seed = seed
        self.notes: list[str] = []
        self._progress = progress
        self._ranker: Ranker | None = None
        self._log: ActionLog | None = None

    def fit(self, log: ActionLog) -> Self:
        """Ask, learn, and learn the tables anew from everything.

        Raises:
            CannotLearn: the log holds too few questions.
        """
        generator = np.random.default_rng(self.seed)
        lesson = make_lesson(log, published=self.published, generator=generator, most=self.options.most_questions)
        if len(lesson.cases) < FEWEST_CASES:
            raise CannotLearn(
                f"{len(lesson.cases)} questions of real shoppers are too few to learn from ({FEWEST_CASES} are needed)."
            )
        known, served = learn_both_tables(
            lesson.known, log, similar=self.similar, also_liked=self.also_liked, notes=self.notes
        )
        questions = Questions(
            lesson=lesson, tables=known, published=self.published, options=self.options, seed=self.seed
        )
        trees, returning = grow_trees(questions, progress=self._progress)
        self._ranker = Ranker(tables=served, trees=trees, returning_trees=returning)
        self._log = log
        return self

    @property
    def ranker(self) -> Ranker:
        """Tables and trees, as they are served."""
        if self._ranker is None:
            raise NotFitted(self.name)
        return self._ranker

    def recommend(
        self, users: npt.ArrayLike, *, k: int, exclude: Sequence[Rows] | None = None, allow: Mask | None = None
    ) -> Ranked:
        """The best k candidates for each user, as of the end of the log, or in session as of their last action."""
        rows = np.asarray(users, dtype=np.int32)
        found = Ranked(
            ids=np.full((len(rows), k), NO_NEIGHBOUR, dtype=np.int32), scores=np.zeros((len(rows), k), dtype=np.float32)
        )
        for place, user in enumerate(rows.tolist()):
            banned: Rows | Sequence[int] = exclude[place] if exclude is not None else ()
            best, scores = self._ranked(user, k, banned, allow)
            found.ids[place, : len(best)] = best
            found.scores[place, : len(best)] = scores
        return found

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """All candidates of one user with their probabilities."""
        rows, scores = self._ranked(user, self.ranker.tables.count, (), None)
        return rows, scores

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """What one click on the item, a moment ago, would bring."""
        end = 0.0 if self._log is None else float(np.nan_to_num(self._log.end))
        rows, scores = self.ranker.rank(ShopperHistory.of([item], [0], [end]), now=end, k=LONGEST_LIST, exclude=[item])
        return rows, scores

    def _ranked(self, user: int, k: int, exclude: npt.ArrayLike, allow: Mask | None) -> tuple[Rows, Floats]:
        ranker = self.ranker
        if self._log is None:
            raise NotFitted(self.name)
        history = history_of(self._log, self._log.histories.of(user))
        now = self._log.end
        if self.in_session and history.ordered:
            now = float(history.times[-1])
        return ranker.rank(history, now=now, k=k, exclude=exclude, allow=allow)


__all__ = ["FEATURES", "RankerLearner", "RankerOptions", "grow_trees", "learn_tables", "trees_of"]
