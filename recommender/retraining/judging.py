"""Evaluates the shop's methods on its own log, outside a retrain. Training only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from recommender.bundle import OpenBundle
from recommender.configuration import Configuration
from recommender.evaluation.ratings import RATING_METHODS, rating_errors
from recommender.evaluation.report import MethodScores, Report
from recommender.learners.base import CannotLearn, Learner
from recommender.learners.context import Context
from recommender.learners.methods import METHODS
from recommender.retraining.carrying import content_neighbours, open_active
from recommender.retraining.content import learn_words
from recommender.retraining.facts import make_context
from recommender.retraining.gate import Candidate, Examination
from recommender.snapshot import Snapshot, take_snapshot

Say = Callable[[str], None]


def evaluate_shop(
    *,
    split: str,
    seed: int = 0,
    methods: Collection[str] = tuple(METHODS),
    say: Say = lambda _line: None,
) -> Report:
    """Hide part of the log by ``split`` and score methods on it.

    What pages use, and the trivial baselines, always stand in the table.
    Behaviour is learned anew without the hidden part, by each method once.
    Content doesn't depend on the log, so it is the active bundle's; where none
    is active, words alone are used, and the report says so.

    Args:
        split: A name in ``SPLITS``.
        seed: Where all chance comes from.
        methods: Names in ``METHODS``.
        say: Told what happens, line by line.
    """
    snapshot = take_snapshot()
    active = open_active()
    bundle = None if active is None else active.bundle
    notes: list[str] = []
    if bundle is None:
        notes.append("No bundle is active: content means words alone.")
    configuration, context = _what_is_known(snapshot, bundle, seed=seed)
    examination = Examination.prepare(
        snapshot.log,
        published=snapshot.items.published,
        split=split,
        seed=seed,
        items=context.items,
        text_weight=configuration.content.text_weight,
    )
    say(f"{len(examination.split.train):,} actions to learn from, {len(examination.cases):,} cases to guess")
    scores: dict[str, MethodScores] = {}
    fitted: dict[str, Learner] = {}
    if len(examination.cases):
        scores |= examination.all_scores(Candidate(configuration=configuration, similar=context.similar))
        fitted = _score_methods(scores, examination, context, names=methods, notes=notes, say=say)
    report = examination.report(scores)
    if report.rating:
        rating = rating_errors(examination.split, context=context, names=methods, fitted=fitted, say=say)
        report = replace(report, rating=rating)
    return replace(report, notes=(*report.notes, *notes))


def _what_is_known(snapshot: Snapshot, bundle: OpenBundle | None, *, seed: int) -> tuple[Configuration, Context]:
    """The active configuration, and everything but the log."""
    if bundle is None:
        configuration = Configuration()
        similar = learn_words(snapshot, configuration.content)
    else:
        configuration = Configuration.from_json(bundle.manifest.configuration)
        similar = content_neighbours(bundle, snapshot.items.ids)
    return configuration, make_context(snapshot, bundle=bundle, similar=similar, seed=seed)


def _score_methods(  # noqa: PLR0913 - one loop with all it fills
    scores: dict[str, MethodScores],
    examination: Examination,
    context: Context,
    *,
    names: Collection[str],
    notes: list[str],
    say: Say,
) -> dict[str, Learner]:
    """Fit and score each named method that isn't in the table yet; note those that the log or shop is too little for.

    Returns:
        The fitted learners that guess ratings too.
    """
    fitted: dict[str, Learner] = {}
    done: dict[Callable[[Context], Learner], MethodScores] = {}
    wanted = [method for name, method in METHODS.items() if name in names and name not in scores]
    for place, method in enumerate(wanted, start=1):
        # Two names of one learner are scored once.
        if method.build not in done:
            try:
                learner = method.build(context)
                done[method.build] = examination.scores(learner)
            except CannotLearn as error:
                notes.append(f"{method.name} is left out: {error}")
                continue
            if method.name in RATING_METHODS:
                fitted[method.name] = learner
        found = scores[method.name] = done[method.build]
        overall = found.means["overall"]["ndcg@10"]
        say(f"{place} of {len(wanted)}: {method.name}, NDCG@10 {overall:.4f}, {found.seconds:.1f} s")
    return fitted
