"""What the stages of a retrain hand to the last one. Training only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommender.evaluation.report import Report
from recommender.ranker import Ranker
from recommender.retraining.behaviour import LearnedBehaviour
from recommender.retraining.content import LearnedContent
from recommender.retraining.for_you import ForYouChoice
from recommender.retraining.gate import Decision
from recommender.retraining.liked_next import LikedNextChoice
from recommender.retraining.vectors import LearnedVectors


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the evaluation found and decided."""

    report: Report
    decision: Decision
    for_you: ForYouChoice
    liked_next: LikedNextChoice

    def chosen(self, learned: frozenset[str], *, before: Mapping[str, Any]) -> dict[str, Any]:
        """What fills the two chosen panels, and why; of what was carried over, what was said then."""
        now = {
            "for_you": {"method": self.for_you.method, "why": self.for_you.why},
            "also_liked": {
                "method": self.liked_next.method or "also_liked",
                "why": self.liked_next.why,
                "hr@10": self.liked_next.hits,
            },
        }
        then = before.get("chosen", {})
        return {panel: said if panel in learned else then.get(panel, {}) for panel, said in now.items()}


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What goes into the bundle."""

    content: LearnedContent
    behaviour: LearnedBehaviour
    ranker: Ranker | None
    vectors: LearnedVectors
