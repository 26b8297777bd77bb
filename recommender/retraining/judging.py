"""Evaluates the shop's methods on its own log, outside a retrain. Training only."""

from __future__ import annotations

from dataclasses import replace

from recommender.configuration import Configuration
from recommender.evaluation.report import Report
from recommender.retraining.carrying import content_neighbours, open_active
from recommender.retraining.content import learn_words
from recommender.retraining.gate import Candidate, Examination
from recommender.snapshot import take_snapshot


def evaluate_shop(*, split: str, seed: int = 0) -> Report:
    """Hide part of the log by ``split`` and score every method on it.

    Behaviour is learned anew without the hidden part. Content doesn't depend
    on the log, so its neighbours are the active bundle's; where none is
    active, words alone are used, and the report says so.
    """
    snapshot = take_snapshot()
    active = open_active()
    configuration = Configuration()
    note: tuple[str, ...] = ()
    if active is not None and active.bundle is not None:
        configuration = Configuration.from_json(active.bundle.manifest.configuration)
        similar = content_neighbours(active.bundle, snapshot.items.ids)
    else:
        similar = learn_words(snapshot, configuration.content)
        note = ("No bundle is active: content means words alone.",)
    examination = Examination.prepare(snapshot.log, published=snapshot.items.published, split=split, seed=seed)
    scores = examination.all_scores(Candidate(configuration=configuration, similar=similar))
    report = examination.report(scores)
    return replace(report, notes=(*report.notes, *note))
