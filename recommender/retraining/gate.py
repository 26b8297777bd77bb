"""The gate: a new bundle replaces the active one only where it isn't worse on what people really did.

Two bundles trained at different times cannot be compared as they are: the
newer has seen the very actions it would be judged by. So both *configurations*
are refitted on the log before its latest slice and asked for the rest.
Simulated actions never decide.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recommender.configuration import Configuration
from recommender.evaluation.beyond_accuracy import CATEGORY, ListJudge
from recommender.evaluation.metrics import Resamples, difference_interval
from recommender.evaluation.ratings import rating_errors
from recommender.evaluation.report import MethodScores, Report, count_cases, score_method
from recommender.evaluation.splits import SPLITS, Cases, Split, make_cases
from recommender.history_sum import HistoryOptions
from recommender.learners.base import Learner
from recommender.learners.context import ItemFacts
from recommender.learners.history import HistorySumLearner
from recommender.learners.log import ActionLog, Mask
from recommender.learners.popularity import Popularity
from recommender.neighbours import NeighbourTable
from recommender.retraining.behaviour import learn_also_liked

FEWEST_CASES = 50
JUDGED_METHOD = "history_sum"
ALSO_LIKED_ALONE = HistoryOptions(own_share=0.0, behaviour_share=1.0, content_share=0.0)
CONTENT_ALONE = HistoryOptions(own_share=0.0, behaviour_share=0.0, content_share=1.0)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether to activate, and why, in one sentence."""

    activate: bool
    reason: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One side of the comparison.

    Attributes:
        configuration: How behaviour is learned and histories are added up.
        similar: Its content neighbours; they don't depend on the log.
        also_liked: Its co-occurrence of the examination's training part, where it is learned already.
    """

    configuration: Configuration
    similar: NeighbourTable | None
    also_liked: NeighbourTable | None = None


@dataclass(frozen=True, kw_only=True)
class Examination:
    """A log that is cut and made into cases, for any number of methods."""

    split: Split
    cases: Cases
    published: Mask
    judge: ListJudge | None = None
    resamples: Resamples | None = None

    @classmethod
    def prepare(  # noqa: PLR0913 - one question with all its conditions
        cls,
        log: ActionLog,
        *,
        published: Mask,
        split: str,
        seed: int,
        items: ItemFacts | None = None,
        text_weight: float = 0.3,
    ) -> Examination:
        """Cut the log and make its cases; the cases are people's, or simulated ones where people make too few.

        Args:
            log: All counted actions.
            published: bool (n,), what may be recommended.
            split: A name in ``SPLITS``.
            seed: Where all chance comes from.
            items: What tells how alike items are, for the diversity of lists.
            text_weight: The words' share of that likeness where there are pictures too.
        """
        generator = np.random.default_rng(seed)
        cut = SPLITS[split](log, generator=generator)
        cases = make_cases(cut, published=published, generator=generator)
        if len(cases) < FEWEST_CASES and not cut.hidden.simulated.any() and log.simulated.any():
            made_up = SPLITS[split](log, generator=generator, real_only=False)
            more = make_cases(made_up, published=published, generator=generator)
            if len(more) > len(cases):
                note = (
                    f"People make only {len(cases)} cases, {FEWEST_CASES} are needed: these figures are of "
                    "simulated shoppers. They fill the table, say nothing about people and decide nothing."
                )
                cut, cases = replace(made_up, notes=(note, *made_up.notes)), more
        judge = ListJudge.of(cut.train, cases, published=published, items=items, text_weight=text_weight)
        resamples = Resamples(len(cases), generator=np.random.default_rng(seed))
        return cls(split=cut, cases=cases, published=published, judge=judge, resamples=resamples)

    def scores(self, learner: Learner) -> MethodScores:
        """Fit a learner on the training part and score its lists."""
        started = time.monotonic()
        learner.in_session = self.split.name == "last"
        fitted = learner.fit(self.split.train)
        found = score_method(fitted, self.cases, published=self.published, judge=self.judge, resamples=self.resamples)
        return replace(found, seconds=time.monotonic() - started)

    def also_liked(self, candidate: Candidate) -> NeighbourTable:
        """The candidate's co-occurrence of the training part."""
        if candidate.also_liked is not None:
            return candidate.also_liked
        configuration = candidate.configuration
        return learn_also_liked(self.split.train, published=self.published, configuration=configuration)[0]

    def all_scores(self, candidate: Candidate) -> dict[str, MethodScores]:
        """The first table of ``evaluate``: popularity, content, also liked, and the sum that pages use."""
        liked = self.also_liked(candidate)
        similar, options = candidate.similar, candidate.configuration.history
        learners: dict[str, Learner] = {
            "popularity": Popularity(),
            "content": HistorySumLearner(also_liked=None, similar=similar, options=CONTENT_ALONE),
            "also_liked": HistorySumLearner(also_liked=liked, similar=None, options=ALSO_LIKED_ALONE),
            JUDGED_METHOD: HistorySumLearner(also_liked=liked, similar=similar, options=options),
        }
        return {name: self.scores(learner) for name, learner in learners.items()}

    def history_scores(self, candidate: Candidate) -> MethodScores:
        """The sum that pages use, alone."""
        liked = self.also_liked(candidate)
        options = candidate.configuration.history
        return self.scores(HistorySumLearner(also_liked=liked, similar=candidate.similar, options=options))

    def report(self, scores: Mapping[str, MethodScores]) -> Report:
        """The figures with what must be known to read them."""
        notes = list(self.split.notes)
        if self.cases.cold:
            notes.append(f"{self.cases.cold:,} users without a past were left out.")
        if not len(self.cases):
            notes.append("Too little data: there is no user with a past and something to guess.")
        else:
            notes.append(f"What a user had {self.cases.exclusion} is not shown again.")
            if self.judge is not None and self.judge.diversity_by == CATEGORY:
                notes.append("Diversity is by category: there are no vectors of words or pictures.")
            elif self.judge is not None and not self.judge.diversity_by:
                notes.append("Diversity is left out: nothing tells how alike two items are.")
        return Report(
            split=self.split.name,
            methods={name: values.means for name, values in scores.items()},
            rating=rating_errors(self.split) if self.split.name == "random" else {},
            counts=count_cases(self.cases),
            notes=tuple(notes),
            coverage={name: values.coverage for name, values in scores.items()},
            seconds={name: values.seconds for name, values in scores.items()},
            curves={name: values.curve for name, values in scores.items() if len(values.curve)},
        )


def decide(examination: Examination, *, new: MethodScores, old: MethodScores | None, same: bool, seed: int) -> Decision:
    """Compare the new configuration with the active one.

    Args:
        examination: The cases that both were asked.
        new: Figures of the new configuration.
        old: Figures of the active one, ``None`` where nothing is active.
        same: Both configurations are the same, so their figures are too.
        seed: Where the bootstrap's chance comes from.
    """
    if old is None:
        return Decision(activate=True, reason="Activated: no bundle was active.", figures={})
    hidden = examination.split.hidden
    if len(examination.cases) < FEWEST_CASES or not len(hidden) or hidden.simulated.any():
        people = 0 if hidden.simulated.any() else len(examination.cases)
        reason = f"Activated: {people} cases of real shoppers are too few to compare by ({FEWEST_CASES} are needed)."
        return Decision(activate=True, reason=reason, figures={})
    before, after = float(old.cases.ndcg.mean()), float(new.cases.ndcg.mean())
    figures: dict[str, Any] = {"ndcg@10": after, "active ndcg@10": before, "cases": len(examination.cases)}
    if same:
        reason = f"Activated: same configuration as the active bundle, NDCG@10 {after:.4f} on the latest slice."
        return Decision(activate=True, reason=reason, figures=figures)
    low, high = difference_interval(new.cases.ndcg, old.cases.ndcg, generator=np.random.default_rng(seed))
    figures["interval"] = [low, high]
    compared = (
        f"NDCG@10 {after:.4f} against {before:.4f} of the active configuration, difference {low:+.4f} … {high:+.4f}"
    )
    if high < 0:
        return Decision(activate=False, reason=f"Not activated: worse beyond noise, {compared}.", figures=figures)
    return Decision(activate=True, reason=f"Activated: not worse beyond noise, {compared}.", figures=figures)
