"""Retrain: snapshot → encode → learn → evaluate → gate → write → publish. Training only.

One retrain at a time: a lock that dies with its process. Whatever happens
before the last step leaves nothing behind, and the last step is one
transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from recommender import bundle as bundles
from recommender.bundle import BundleWriter, Manifest
from recommender.configuration import DEFAULT_METHODS, Configuration
from recommender.evaluation.report import MethodScores, Report
from recommender.learners.context import Context
from recommender.progress_steps import Steps
from recommender.ranker import Ranker
from recommender.retraining.behaviour import LearnedBehaviour, learn_behaviour
from recommender.retraining.carrying import ActiveBundle, content_neighbours, copy_method, open_active
from recommender.retraining.content import LearnedContent, learn_content
from recommender.retraining.facts import make_context
from recommender.retraining.for_you import ForYouChoice, choose_for_you, kept, served_ranker
from recommender.retraining.gate import JUDGED_METHOD, Candidate, Decision, Examination, decide
from recommender.retraining.judgement import Judgement, Learned
from recommender.retraining.liked_next import choose_liked_next, learn_liked_next
from recommender.retraining.lock import RetrainRunning, retrain_lock
from recommender.retraining.vectors import carriable, carry_vectors, learn_vectors, write_vectors
from recommender.retraining.writing import (
    code_fingerprint,
    library_versions,
    new_version,
    write_behaviour,
    write_content,
    write_items,
    write_ranker,
)
from recommender.snapshot import Snapshot, iso_time, take_snapshot

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class RetrainOptions:
    """What ``retrain`` was asked for.

    Attributes:
        seed: Where all chance comes from.
        only: Methods to learn anew; the others are carried over from the active bundle.
        activate: Activate if the gate passes.
        force: Activate even if it doesn't.
        configuration: How to learn.
    """

    seed: int = 0
    only: frozenset[str] = frozenset(DEFAULT_METHODS)
    activate: bool = True
    force: bool = False
    configuration: Configuration = field(default_factory=Configuration)


@dataclass(frozen=True, kw_only=True)
class RetrainResult:
    """What came of it.

    Attributes:
        version: The new bundle.
        activated: Whether it is served now.
        decision: What the gate said.
        notes: What had to be left out.
        report: The evaluation.
        active_metrics: The evaluation that the bundle active before was published with.
        seconds: By stage.
    """

    version: str
    activated: bool
    decision: str
    notes: tuple[str, ...]
    report: Report
    active_metrics: dict[str, Any]
    seconds: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """The document of ``retrain --json``."""
        return {
            "version": self.version,
            "activated": self.activated,
            "decision": self.decision,
            "notes": list(self.notes),
            "evaluation": self.report.to_json(),
            "active_evaluation": self.active_metrics,
            "seconds": self.seconds,
        }


def retrain(options: RetrainOptions, *, say: Say = lambda _line: None) -> RetrainResult:
    """Make a new bundle from what the shop holds now, publish it, and activate it if the gate passes.

    Args:
        options: What was asked for.
        say: Told what happens, line by line.

    Raises:
        RetrainRunning: another retrain holds the lock.
    """
    with retrain_lock():
        for name in bundles.tidy_up():
            say(f"Removed what a killed retrain left: {name}")
        return _Retrain(options, say).run()


class _Retrain:
    """The stages of one retrain, each timed."""

    def __init__(self, options: RetrainOptions, say: Say) -> None:
        self.options = options
        self.only = options.only
        self.say = say
        self.notes: list[str] = []
        self.seconds: dict[str, float] = {}

    def run(self) -> RetrainResult:
        """All stages in their order."""
        configuration, seed = self.options.configuration, self.options.seed
        with self._stage("snapshot"):
            snapshot = take_snapshot(picture_size=configuration.content.picture_size)
        self.say(
            f"{len(snapshot.items.ids):,} items, {len(snapshot.pictures.paths):,} pictures, "
            f"{len(snapshot.users.ids):,} shoppers, {len(snapshot.log):,} actions"
        )
        active = open_active()
        if active is not None and active.problem:
            self.say(f"The active bundle cannot be read: {active.problem}")
        self._note_size(snapshot)
        carried = self._carried(active, snapshot)
        content = LearnedContent()
        with self._stage("content"):
            if "content" in self.only:
                cache = bundles.bundle_home() / ".cache"
                content = learn_content(snapshot, configuration.content, seed=seed, cache=cache)
        with self._stage("behaviour"):
            behaviour = learn_behaviour(
                snapshot.log,
                published=snapshot.items.published,
                configuration=configuration,
                methods=self.only,
            )
        self.notes += [*content.notes, *behaviour.notes]
        similar, known = content.similar, None
        if "content" in carried and active is not None and active.bundle is not None:
            known = active.bundle
            similar = content_neighbours(known, snapshot.items.ids)
        with self._stage("evaluation"):
            context = make_context(snapshot, content=content, bundle=known, similar=similar, seed=seed)
            judgement = self._judge(snapshot, context=context, active=active)
        with self._stage("for you"):
            behaviour, ranker = self._chosen(snapshot, behaviour, context=context, judgement=judgement)
        with self._stage("vectors"):
            vectors = learn_vectors(snapshot.log, context=context, methods=self.only)
        self.notes += vectors.notes
        learned = Learned(content=content, behaviour=behaviour, ranker=ranker, vectors=vectors)
        return self._publish(snapshot, learned, active=active, carried=carried, judgement=judgement)

    def _note_size(self, snapshot: Snapshot) -> None:
        """Say what is too little of items."""
        count = int(snapshot.items.published.sum())
        few = 2
        if count <= few:
            self.notes.append(f"Only {count} published items: there is next to nothing to recommend.")
        hidden = len(snapshot.items.ids) - count
        if hidden:
            self.notes.append(f"{hidden:,} unpublished items are never recommended.")

    def _carried(self, active: ActiveBundle | None, snapshot: Snapshot) -> frozenset[str]:
        """The methods that are taken over from the active bundle because only others were asked for.

        What cannot be taken over is learned anew, so that a bundle that is served is never replaced by one that
        can do less; only the slow vectors are left out instead.
        """
        missing = frozenset(DEFAULT_METHODS) - self.only
        vectors = carriable(None if active is None else active.bundle, self.only)
        names = ", ".join(sorted(missing | vectors))
        if not names:
            return frozenset()
        if active is None:
            self.notes.append(f"Left out because no active bundle has them: {names}.")
            return frozenset()
        if active.bundle is not None and active.bundle.item_ids == snapshot.items.ids.ids:
            self.notes.append(f"Carried over from {active.version}: {names}.")
            return missing | vectors
        changed = "the catalogue has changed since" if active.bundle is not None else "nobody can read"
        if missing:
            self.notes.append(f"Learned anew too, because {changed} the active bundle: {', '.join(sorted(missing))}.")
        if vectors:
            self.notes.append(f"Left out because {changed} the active bundle: {', '.join(sorted(vectors))}.")
        self.only |= missing
        return frozenset()

    def _judge(self, snapshot: Snapshot, *, context: Context, active: ActiveBundle | None) -> Judgement:
        """Evaluate the new configuration, choose methods, and compare with the active configuration where it differs."""
        seed, configuration = self.options.seed, self.options.configuration
        examination = Examination.prepare(
            snapshot.log,
            published=snapshot.items.published,
            split="time",
            seed=seed,
            items=context.items,
            text_weight=configuration.content.text_weight,
        )
        candidate = Candidate(configuration=configuration, similar=context.similar)
        candidate = replace(candidate, also_liked=examination.also_liked(candidate))
        scores = examination.all_scores(candidate)
        chosen = self._choose(examination, scores, candidate) if "for_you" in self.only else kept(scores)
        learned = None if chosen.tables is None else chosen.tables.tables
        liked_next = choose_liked_next(examination.split, published=examination.published, seed=seed, learned=learned)
        old, same = None, False
        if active is not None and active.bundle is not None:
            before = Configuration.from_json(active.bundle.manifest.configuration)
            same = before == configuration
            old = chosen.scores
            if not same:
                shared = before.content == configuration.content
                theirs = context.similar if shared else content_neighbours(active.bundle, snapshot.items.ids)
                old = self._scores_of_active(examination, Candidate(configuration=before, similar=theirs))
        return Judgement(
            report=examination.report(scores),
            decision=decide(examination, new=chosen.scores, old=old, same=same, seed=seed),
            for_you=chosen,
            liked_next=liked_next,
        )

    def _choose(self, examination: Examination, scores: dict[str, MethodScores], candidate: Candidate) -> ForYouChoice:
        """The method of *for you*, with progress."""
        with Steps("Teaching the ranker") as steps:
            return choose_for_you(
                examination,
                scores,
                similar=candidate.similar,
                also_liked=candidate.also_liked,
                options=candidate.configuration.ranker,
                seed=self.options.seed,
                progress=steps,
            )

    def _scores_of_active(self, examination: Examination, candidate: Candidate) -> MethodScores:
        """What the active configuration would have chosen and scored, refitted on the same log."""
        scores = {JUDGED_METHOD: examination.history_scores(candidate)}
        return (self._choose(examination, scores, candidate) if "for_you" in self.only else kept(scores)).scores

    def _chosen(
        self, snapshot: Snapshot, behaviour: LearnedBehaviour, *, context: Context, judgement: Judgement
    ) -> tuple[LearnedBehaviour, Ranker | None]:
        """What was chosen, learned from the whole log."""
        log, published, only = snapshot.log, snapshot.items.published, self.only
        ranker = None
        if "for_you" in only:
            self.notes.append(judgement.for_you.why)
            if judgement.for_you.judged is not None:
                with Steps("Teaching the ranker everything") as steps:
                    ranker, notes = served_ranker(
                        judgement.for_you.judged,
                        log,
                        similar=context.similar,
                        also_liked=behaviour.also_liked,
                        published=published,
                        options=self.options.configuration.ranker,
                        seed=self.options.seed,
                        progress=steps,
                    )
                self.notes += notes
        if "also_liked" in only:
            self.notes.append(judgement.liked_next.why)
            table = learn_liked_next(
                log,
                judgement.liked_next.method,
                published=published,
                neighbours=self.options.configuration.also_liked.neighbours,
                learned=None if ranker is None else ranker.tables.tables,
            )
            behaviour = replace(behaviour, liked_next=table)
        return behaviour, ranker

    def _publish(
        self,
        snapshot: Snapshot,
        learned: Learned,
        *,
        active: ActiveBundle | None,
        carried: frozenset[str],
        judgement: Judgement,
    ) -> RetrainResult:
        """Write the folder, verify it, make its row, and activate it if that is decided."""
        report = judgement.report
        activate, reason = self._final(judgement.decision)
        version = new_version()
        previous = dict(active.bundle.manifest.metrics) if active is not None and active.bundle is not None else {}
        started = time.monotonic()
        with bundles.appearing(version), BundleWriter(bundles.bundle_home(), version) as writer:
            write_items(writer, snapshot)
            write_content(writer, learned.content)
            write_behaviour(writer, learned.behaviour)
            write_ranker(writer, learned.ranker)
            write_vectors(writer, learned.vectors, snapshot)
            if active is not None and active.bundle is not None:
                for method in sorted(carried & frozenset(DEFAULT_METHODS)):
                    copy_method(active.bundle, method, writer.folder)
                carry_vectors(writer, active.bundle, carried - frozenset(DEFAULT_METHODS), snapshot)
            writer.finish(self._manifest(version, snapshot, learned.content, judgement=judgement, before=previous))
            bundles.publish(version, decision=reason, activate_now=activate)
        self.seconds["publish"] = round(time.monotonic() - started, 2)
        return RetrainResult(
            version=version,
            activated=activate,
            decision=reason,
            notes=tuple(self.notes),
            report=report,
            active_metrics=dict(previous.get("evaluation", {})),
            seconds=self.seconds,
        )

    def _final(self, decision: Decision) -> tuple[bool, str]:
        """The gate's word, after what the owner asked for."""
        if not self.options.activate:
            return False, f"Not activated, as asked. The gate said: {decision.reason}"
        if self.options.force and not decision.activate:
            return True, f"Activated by force. The gate said: {decision.reason}"
        return decision.activate, decision.reason

    def _manifest(
        self,
        version: str,
        snapshot: Snapshot,
        content: LearnedContent,
        *,
        judgement: Judgement,
        before: dict[str, Any],
    ) -> Manifest:
        """What the bundle says about itself; ``before`` are the metrics of the one active before."""
        dims = {} if content.image_vectors is None else {"image": int(content.image_vectors.shape[1])}
        if content.text_rows is not None and content.text is not None:
            dims["text"] = int(content.text.matrix.shape[1])
        accuracy = None if content.image is None else content.image.accuracy
        return Manifest(
            version=version,
            seed=self.options.seed,
            created_at=iso_time(snapshot.taken_at),
            code=code_fingerprint(),
            libraries=library_versions(),
            configuration=self.options.configuration.to_json(),
            counts={
                "items": len(snapshot.items.ids),
                "published": int(snapshot.items.published.sum()),
                "pictures": len(snapshot.pictures.paths),
                "users": len(snapshot.users.ids),
                "actions": len(snapshot.log),
            },
            dims=dims,
            watermark=snapshot.watermark.to_json(),
            metrics={
                "evaluation": judgement.report.to_json(),
                "gate": dict(judgement.decision.figures),
                "chosen": judgement.chosen(self.only, before=before),
                "image_accuracy": accuracy,
                "seconds": self.seconds,
            },
            notes=tuple(self.notes),
        )

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        """Time a stage and say when it is done."""
        started = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 2)
        self.say(f"{name}: {self.seconds[name]:.1f} s")


__all__ = ["RetrainOptions", "RetrainResult", "RetrainRunning", "retrain", "retrain_lock"]
