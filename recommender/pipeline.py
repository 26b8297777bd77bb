"""Retrain: snapshot → encode → learn → evaluate → gate → write → publish. Training only.

One retrain at a time: a lock that dies with its process. Whatever happens
before the last step leaves nothing behind, and the last step is one
transaction.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from recommender import bundle as bundles
from recommender.bundle import BundleWriter, Manifest
from recommender.configuration import DEFAULT_METHODS, Configuration
from recommender.evaluation.report import Report
from recommender.learners.context import Context
from recommender.retraining.behaviour import LearnedBehaviour, learn_behaviour
from recommender.retraining.carrying import ActiveBundle, content_neighbours, copy_method, open_active
from recommender.retraining.content import LearnedContent, learn_content
from recommender.retraining.facts import make_context
from recommender.retraining.gate import Candidate, Decision, Examination, decide
from recommender.retraining.vectors import LearnedVectors, carriable, carry_vectors, learn_vectors, write_vectors
from recommender.retraining.writing import (
    code_fingerprint,
    library_versions,
    new_version,
    write_behaviour,
    write_content,
    write_items,
)
from recommender.snapshot import Snapshot, iso_time, take_snapshot

LOCK_NAME = ".retrain.lock"

Say = Callable[[str], None]


class RetrainRunning(Exception):
    """Another process is retraining with the same bundles' folder."""


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


@contextmanager
def retrain_lock() -> Iterator[None]:
    """Hold the lock of the bundles' folder; it dies with the process, however that dies.

    Raises:
        RetrainRunning: another process holds it.
    """
    home = bundles.bundle_home()
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK_NAME).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise RetrainRunning(f"A retrain is running already (process {file.read().strip() or '?'}).") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


class _Retrain:
    """The stages of one retrain, each timed."""

    def __init__(self, options: RetrainOptions, say: Say) -> None:
        self.options = options
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
            if "content" in self.options.only:
                cache = bundles.bundle_home() / ".cache"
                content = learn_content(snapshot, configuration.content, seed=seed, cache=cache)
        with self._stage("behaviour"):
            behaviour = learn_behaviour(
                snapshot.log,
                published=snapshot.items.published,
                configuration=configuration,
                methods=self.options.only,
            )
        self.notes += [*content.notes, *behaviour.notes]
        similar, known = content.similar, None
        if "content" in carried and active is not None and active.bundle is not None:
            known = active.bundle
            similar = content_neighbours(known, snapshot.items.ids)
        with self._stage("evaluation"):
            context = make_context(snapshot, content=content, bundle=known, similar=similar, seed=seed)
            report, decision = self._judge(snapshot, context=context, active=active)
        with self._stage("vectors"):
            vectors = learn_vectors(snapshot.log, context=context, methods=self.options.only)
        self.notes += vectors.notes
        return self._publish(
            snapshot, content, behaviour, vectors, active=active, carried=carried, judged=(report, decision)
        )

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
        """The methods that are taken over from the active bundle because only others were asked for."""
        others = frozenset(DEFAULT_METHODS) - self.options.only
        others |= carriable(None if active is None else active.bundle, self.options.only)
        if not others:
            return frozenset()
        names = ", ".join(sorted(others))
        if active is None or active.bundle is None:
            self.notes.append(f"Left out because no active bundle has them: {names}.")
            return frozenset()
        if active.bundle.item_ids != snapshot.items.ids.ids:
            self.notes.append(f"Left out because the catalogue has changed since the active bundle: {names}.")
            return frozenset()
        self.notes.append(f"Carried over from {active.version}: {names}.")
        return others

    def _judge(self, snapshot: Snapshot, *, context: Context, active: ActiveBundle | None) -> tuple[Report, Decision]:
        """Evaluate the new configuration and, where it differs, the active one on the same cases."""
        seed, configuration, similar = self.options.seed, self.options.configuration, context.similar
        examination = Examination.prepare(
            snapshot.log,
            published=snapshot.items.published,
            split="time",
            seed=seed,
            items=context.items,
            text_weight=configuration.content.text_weight,
        )
        new = Candidate(configuration=configuration, similar=similar)
        scores = examination.all_scores(new)
        judged = scores["history_sum"]
        old = None
        same = False
        if active is not None and active.bundle is not None:
            before = Configuration.from_json(active.bundle.manifest.configuration)
            same = before == configuration
            old = judged
            if not same:
                shared = before.content == configuration.content
                theirs = similar if shared else content_neighbours(active.bundle, snapshot.items.ids)
                old = examination.history_scores(Candidate(configuration=before, similar=theirs))
        return examination.report(scores), decide(examination, new=judged, old=old, same=same, seed=seed)

    def _publish(  # noqa: PLR0913 - the last stage needs what all others made
        self,
        snapshot: Snapshot,
        content: LearnedContent,
        behaviour: LearnedBehaviour,
        vectors: LearnedVectors,
        *,
        active: ActiveBundle | None,
        carried: frozenset[str],
        judged: tuple[Report, Decision],
    ) -> RetrainResult:
        """Write the folder, verify it, make its row, and activate it if that is decided."""
        report, decision = judged
        activate, reason = self._final(decision)
        version = new_version()
        previous = active.bundle.manifest.metrics if active is not None and active.bundle is not None else {}
        started = time.monotonic()
        with bundles.appearing(version), BundleWriter(bundles.bundle_home(), version) as writer:
            write_items(writer, snapshot)
            write_content(writer, content)
            write_behaviour(writer, behaviour)
            write_vectors(writer, vectors, snapshot)
            if active is not None and active.bundle is not None:
                for method in sorted(carried & frozenset(DEFAULT_METHODS)):
                    copy_method(active.bundle, method, writer.folder)
                carry_vectors(writer, active.bundle, carried - frozenset(DEFAULT_METHODS), snapshot)
            writer.finish(self._manifest(version, snapshot, content, report=report, decision=decision))
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
        self, version: str, snapshot: Snapshot, content: LearnedContent, *, report: Report, decision: Decision
    ) -> Manifest:
        """What the bundle says about itself."""
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
                "evaluation": report.to_json(),
                "gate": dict(decision.figures),
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
