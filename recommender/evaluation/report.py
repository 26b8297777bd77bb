"""Scores methods on cases, and shows the figures as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender.evaluation.beyond_accuracy import ListJudge, coverage_curve
from recommender.evaluation.metrics import CaseScores, Resamples, coverage, score_cases
from recommender.evaluation.splits import Cases
from recommender.learners.base import Learner
from recommender.learners.log import Mask

LENGTH = 10
SLICES = ("overall", "discovery", "returning")
HEADLINE = f"ndcg@{LENGTH}"
COLUMNS = (
    HEADLINE,
    *(f"{name}@{LENGTH}" for name in ("recall", "hr", "mrr", "coverage", "novelty", "diversity", "popularity bias")),
)
INTERVAL = (f"{HEADLINE} low", f"{HEADLINE} high")
INTERVAL_HEADING, ACTIVE_HEADING = "95 %", "active"
# The table has to fit a terminal: what stands on its last line need not stand above every column.
HEADINGS = {column: column.removesuffix(f"@{LENGTH}").removeprefix("popularity ") for column in COLUMNS}


@dataclass(frozen=True, kw_only=True)
class MethodScores:
    """One method's figures.

    Attributes:
        cases: Per case, to be compared case by case.
        means: By slice.
        coverage: Coverage@1 … coverage@10 over all cases.
        seconds: What fitting and asking took.
        curve: The learning curve, where it was trained by epochs.
    """

    cases: CaseScores
    means: Mapping[str, Mapping[str, float]]
    coverage: tuple[float, ...] = ()
    seconds: float = 0.0
    curve: Sequence[Mapping[str, float]] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What ``evaluate`` prints and writes.

    Attributes:
        split: How the log was really cut.
        methods: Figures by method, by slice, by name.
        rating: Rating errors by baseline.
        counts: Cases in all and by slice.
        notes: What the reader must know.
        coverage: Coverage@1 … coverage@10 by method.
        seconds: What fitting and asking took, by method.
        curves: Learning curves by method.
    """

    split: str
    methods: Mapping[str, Mapping[str, Mapping[str, float]]]
    rating: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    coverage: Mapping[str, Sequence[float]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, Sequence[Mapping[str, float]]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The document of ``evaluate --json``."""
        return {
            "split": self.split,
            "methods": {
                name: {part: dict(values) for part, values in slices.items()} for name, slices in self.methods.items()
            },
            "rating": {name: dict(values) for name, values in self.rating.items()},
            "cases": dict(self.counts),
            "notes": list(self.notes),
            "coverage": {name: [round(value, 6) for value in curve] for name, curve in self.coverage.items()},
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
            "curves": {name: [dict(epoch) for epoch in curve] for name, curve in self.curves.items()},
        }


def score_method(
    learner: Learner,
    cases: Cases,
    *,
    published: Mask,
    judge: ListJudge | None = None,
    resamples: Resamples | None = None,
) -> MethodScores:
    """Ask a fitted learner for every case's list of ten and score them.

    Args:
        learner: Fitted.
        cases: What is asked.
        published: bool (n,), what may be recommended.
        judge: Adds novelty, diversity and popularity.
        resamples: Adds ``ndcg@10 low`` and ``ndcg@10 high``, the ends of the 95 % interval.
    """
    lists = learner.recommend(cases.users, k=LENGTH, exclude=cases.exclude, allow=published).ids
    scores = score_cases(lists, cases.truths)
    catalogue = int(published.sum())
    chosen = {"overall": cases.all, "discovery": cases.discovery, "returning": ~cases.discovery}
    means: dict[str, dict[str, float]] = {}
    for name, mask in chosen.items():
        means[name] = scores.means(mask, LENGTH) | {f"coverage@{LENGTH}": coverage(lists[mask], catalogue)}
        if judge is not None:
            means[name] |= judge.figures(lists, mask)
        if resamples is not None:
            low, high = resamples.interval(scores.ndcg, mask)
            means[name] |= dict(zip(INTERVAL, (low, high), strict=True))
    curve = coverage_curve(lists, catalogue)
    return MethodScores(cases=scores, means=means, coverage=curve, curve=learner.curve)


def count_cases(cases: Cases) -> dict[str, int]:
    """How many cases each slice has."""
    discovery = int(cases.discovery.sum())
    return {"overall": len(cases), "discovery": discovery, "returning": len(cases) - discovery}


def table(report: Report, *, beside: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None) -> str:
    """The figures as plain lines; another report's NDCG stands beside, where given.

    Args:
        report: What is shown, each NDCG with its interval where it was drawn.
        beside: The figures of the active bundle, by method, by slice, by name.
    """
    told = {column for slices in report.methods.values() for column in slices[SLICES[0]]}
    others = [column for column in COLUMNS if column in told and column != HEADLINE]
    drawn = told.issuperset(INTERVAL)
    headings = [HEADINGS[HEADLINE], *([INTERVAL_HEADING] if drawn else []), *(HEADINGS[column] for column in others)]
    rows = [["method", "slice", *headings, *([ACTIVE_HEADING] if beside else [])]]
    for name, slices in report.methods.items() if report.counts.get(SLICES[0]) else ():
        for part in (part for part in SLICES if report.counts.get(part)):
            values = slices[part]
            row = [name if part == SLICES[0] else "", part, _figure(values.get(HEADLINE))]
            row.extend([_interval(values)] if drawn else [])
            row.extend(_figure(values.get(column)) for column in others)
            if beside:
                row.append(_figure(beside.get(name, {}).get(part, {}).get(HEADLINE)))
            rows.append(row)
    lines = [*_aligned(rows), *_legend(rows[0])] if len(rows) > 1 else []
    for name, values in report.rating.items():
        lines.append(f"rating, {name}: RMSE {values['rmse']:.4f}")
    counted = ", ".join(f"{count:,} {part}" for part, count in report.counts.items())
    lines.append(f"split: {report.split}; cases: {counted or 'none'}")
    lines.extend(f"note: {note}" for note in report.notes)
    return "\n".join(lines)


def _legend(headings: Sequence[str]) -> list[str]:
    """What the headings leave out."""
    words = {
        INTERVAL_HEADING: f"{INTERVAL_HEADING}: interval of {HEADLINE}, by bootstrap over cases",
        HEADINGS[COLUMNS[-1]]: "bias: towards what is popular",
        ACTIVE_HEADING: f"{ACTIVE_HEADING}: {HEADLINE} of the active bundle",
    }
    return [f"all figures are of lists of {LENGTH}", *(words[heading] for heading in headings if heading in words)]


def _interval(values: Mapping[str, float]) -> str:
    """The ends of an interval, without the noughts that all of them begin with."""
    ends = [values.get(name) for name in INTERVAL]
    return "–" if None in ends else "–".join(_figure(end).removeprefix("0") for end in ends)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width, words to the left and figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    words = 2
    return [
        "  ".join(
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
