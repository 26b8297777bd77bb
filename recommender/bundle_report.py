"""What staff read about one bundle: figures as drawings and tables, how training went, what was left out, in words.

Everything comes from the bundle's row and from the small documents in its
folder; nothing is computed from the log, and no training library is loaded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from recommender.bundle import BundleError, OpenBundle, bundle_path, open_bundle
from recommender.models import Bundle
from recommender.plots import Dot, DotRow, Line, Words, bar_plot, dot_plot, line_plot

HEADLINE = "ndcg@10"
SLICES = ("overall", "discovery", "returning")
BASELINE = "popularity"
MOST_CURVES = 6
STAGES = ("snapshot", "content", "behaviour", "evaluation", "publish")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Figures beside a drawing; the first cell of a row names it. ``folded``: shown when asked for."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing and the figures it was drawn from."""

    heading: str
    drawing: SafeString
    tables: Sequence[Table]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the page; ``key`` is its anchor."""

    key: str
    heading: str
    lead: str = ""
    figures: Sequence[Figure] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class BundleReport:
    """The page: its sections, the notes of the retrain, and why the folder could not be read, if so."""

    sections: Sequence[Section]
    notes: Sequence[str] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Documents:
    """What is known of a bundle, as plain values.

    Attributes:
        metrics: Of the row.
        notes: What the retrain left out.
        image: The picture encoder's description, learning curve included; empty without one.
        problem: Why the folder could not be read.
    """

    metrics: Mapping[str, Any]
    notes: Sequence[str] = ()
    image: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @classmethod
    def of(cls, row: Bundle) -> Documents:
        """Read the row and, as far as it is whole, the folder."""
        metrics = _document(row.metrics)
        try:
            bundle: OpenBundle = open_bundle(bundle_path(row.version))
            image = _document(bundle.json("image_encoder"))
        except BundleError as error:
            return cls(metrics=metrics, problem=str(error))
        return cls(metrics=metrics, notes=bundle.manifest.notes, image=image)

    def to_json(self, row: Bundle) -> dict[str, Any]:
        """The download beside the page."""
        return {
            "version": row.version,
            "active": row.active,
            "created_at": row.created_at.isoformat(),
            "decision": row.decision,
            "items": row.item_count,
            "actions": row.action_count,
            "configuration": row.configuration,
            "metrics": self.metrics,
            "notes": list(self.notes),
            "image_curve": self.image.get("curve", []),
        }


def bundle_report(row: Bundle) -> BundleReport:
    """All that the page shows of one bundle."""
    found = Documents.of(row)
    sections = [*_evaluations(found.metrics), *_learning(found), *_stages(found.metrics)]
    return BundleReport(sections=sections, notes=found.notes, problem=found.problem)


def _evaluations(metrics: Mapping[str, Any]) -> Iterator[Section]:
    """The figures of the retrain, then those of every later ``evaluate``."""
    first = _document(metrics.get("evaluation"))
    if first:
        yield _evaluation(first, key="trained", heading=_("What it scored when it was trained"))
    for split, document in sorted(_document(metrics.get("evaluations")).items()):
        moment = parse_datetime(str(_document(document).get("at", "")))
        heading = _("Evaluated with %(split)s") % {"split": _split_name(split)}
        told = "" if moment is None else date_format(localtime(moment), "DATETIME_FORMAT")
        yield _evaluation(_document(document), key=f"evaluated-{split}", heading=heading, when=told)


def _evaluation(document: Mapping[str, Any], *, key: str, heading: str, when: str = "") -> Section:
    """One evaluation: methods as dots, coverage as curves, tables beside, rating errors."""
    methods = {str(name): _document(slices) for name, slices in _document(document.get("methods")).items()}
    ranked = sorted(methods, key=lambda name: -(_number(_document(methods[name].get(SLICES[0])).get(HEADLINE)) or 0.0))
    counts = _document(document.get("cases"))
    asked = int(_number(counts.get(SLICES[0])) or 0)
    figures = []
    if asked and ranked:
        parts = [part for part in SLICES if _number(counts.get(part))]
        figures.append(
            _methods_figure(methods, ranked, parts=parts, seconds=_document(document.get("seconds")), key=key)
        )
        figures += _coverage_figures(_document(document.get("coverage")), ranked, key=key)
    figures += _rating_figures(_document(document.get("rating")), key=key)
    lead = _("With %(split)s there were %(cases)s cases, of them %(discovery)s with something new to the shopper.") % {
        "split": _split_name(str(document.get("split", ""))),
        "cases": f"{asked:,}",
        "discovery": f"{int(_number(counts.get(SLICES[1])) or 0):,}",
    }
    lead = f"{when}. {lead}" if when else lead
    return Section(key=key, heading=heading, lead=lead, figures=figures, notes=_sentences(document.get("notes")))


def _methods_figure(
    methods: Mapping[str, Mapping[str, Any]],
    ranked: Sequence[str],
    *,
    parts: Sequence[str],
    seconds: Mapping[str, Any],
    key: str,
) -> Figure:
    """NDCG@10 of every method, all cases and discovery, with 95 % intervals; ``parts`` are the slices that have cases."""
    drawn = [part for part in parts if part in SLICES[:2]]
    best, figure = ranked[0], _number(_document(methods[ranked[0]].get(SLICES[0])).get(HEADLINE))
    words = Words(
        key=f"{key}-methods",
        title=_("NDCG@10 by method"),
        description=_("One row per method, best first. Best is %(name)s with %(figure)s. The table has all figures.")
        % {"name": best, "figure": _text(figure)},
        across=_("NDCG@10, lines are 95 % intervals"),
    )
    rows = [DotRow(name=name, dots=[_as_dot(_document(methods[name].get(part))) for part in drawn]) for name in ranked]
    drawing = dot_plot(rows, groups=[_slice_name(part) for part in drawn], words=words)
    tables = [_slice_table(methods, ranked, part, seconds=seconds) for part in parts]
    return Figure(heading=_("Which method guesses best"), drawing=drawing, tables=tables)


def _slice_table(
    methods: Mapping[str, Mapping[str, Any]], ranked: Sequence[str], part: str, *, seconds: Mapping[str, Any]
) -> Table:
    """All figures of one slice."""
    columns = {
        "ndcg@10": _("NDCG@10"),
        "ndcg@10 low": _("from"),
        "ndcg@10 high": _("to"),
        "recall@10": _("recall"),
        "hr@10": _("hit rate"),
        "mrr@10": _("MRR"),
        "coverage@10": _("coverage"),
        "novelty@10": _("novelty, bits"),
        "diversity@10": _("diversity"),
        "popularity bias@10": _("popularity bias"),
    }
    rows = []
    for name in ranked:
        values = _document(methods[name].get(part))
        row = [
            name,
            *(_text(_number(values.get(key)), decimals=4 if HEADLINE in key else 3) for key in columns),
        ]
        if seconds:
            row.append(_text(_number(seconds.get(name)), decimals=1))
        rows.append(row)
    headings = [_("method"), *columns.values(), *([_("seconds")] if seconds else [])]
    return Table(caption=_slice_name(part), headings=headings, rows=rows, folded=part != SLICES[0])


def _coverage_figures(coverage: Mapping[str, Any], ranked: Sequence[str], *, key: str) -> Iterator[Figure]:
    """What share of the catalogue the first places of all lists show together, for the best methods and the baseline."""
    curves = {name: _numbers(coverage.get(name)) for name in ranked if _numbers(coverage.get(name))}
    if not curves:
        return
    chosen = [name for name in curves if name != BASELINE][: MOST_CURVES - (BASELINE in curves)]
    chosen += [BASELINE] if BASELINE in curves else []
    words = Words(
        key=f"{key}-coverage",
        title=_("Coverage of the catalogue by length of the lists"),
        description=_("Curves of the best methods and of popularity. The table has all figures."),
        across=_("items shown to each shopper"),
        up=_("share of the catalogue"),
    )
    lines = [Line(name=name, points=list(enumerate(curves[name], start=1))) for name in chosen]
    longest = max(len(curve) for curve in curves.values())
    table = Table(
        caption=_("coverage by length of the lists"),
        headings=[_("method"), *(str(place) for place in range(1, longest + 1))],
        rows=[[name, *(_text(value, decimals=3) for value in curve)] for name, curve in curves.items()],
        folded=True,
    )
    heading = _("How much of the catalogue is shown")
    yield Figure(heading=heading, drawing=line_plot(lines, words=words), tables=[table])


def _rating_figures(rating: Mapping[str, Any], *, key: str) -> Iterator[Figure]:
    """Root mean square errors of guessed ratings, smallest first."""
    errors = {str(name): _number(_document(values).get("rmse")) for name, values in rating.items()}
    bars = sorted(((name, value) for name, value in errors.items() if value is not None), key=lambda pair: pair[1])
    if not bars:
        return
    words = Words(
        key=f"{key}-rating",
        title=_("Rating error by method"),
        description=_("Dots by method, the smallest error first. The table has all figures."),
        across=_("root mean square error, smaller is better"),
    )
    drawing = dot_plot([DotRow(name=name, dots=[Dot(value=value)]) for name, value in bars], groups=[], words=words)
    table = Table(
        caption=_("rating error"),
        headings=[_("method"), _("RMSE")],
        rows=[[name, _text(value)] for name, value in bars],
    )
    yield Figure(heading=_("How well ratings are guessed"), drawing=drawing, tables=[table])


def _learning(found: Documents) -> Iterator[Section]:
    """The learning curves of everything that was trained by epochs."""
    curves = {_("picture network"): found.image.get("curve")}
    for document in (
        _document(found.metrics.get("evaluation")),
        *_document(found.metrics.get("evaluations")).values(),
    ):
        curves |= {str(name): curve for name, curve in _document(_document(document).get("curves")).items()}
    figures: list[Figure] = []
    for place, (name, curve) in enumerate(curves.items()):
        epochs = [_document(epoch) for epoch in curve] if isinstance(curve, list) else []
        figures += _curve_figures(name, epochs, key=f"learning-{place}")
    if figures:
        yield Section(
            key="learning",
            heading=_("How training went"),
            lead=_("A curve that rises again on what was held back has learned by heart."),
            figures=figures,
        )


def _curve_figures(name: str, epochs: Sequence[Mapping[str, Any]], *, key: str) -> Iterator[Figure]:
    """Losses in one drawing, shares such as accuracies in another; every epoch in a table."""
    numbers = {column for epoch in epochs for column, value in epoch.items() if _number(value) is not None}
    losses = sorted(column for column in numbers if "loss" in column or "error" in column or "rmse" in column)
    shares = sorted(column for column in numbers if "accuracy" in column)
    columns = [*losses, *shares]
    table = Table(
        caption=_("%(name)s by epoch") % {"name": name},
        headings=[_("epoch"), *(column.replace("_", " ") for column in columns)],
        rows=[
            [str(place), *(_text(_number(epoch.get(column))) for column in columns)]
            for place, epoch in enumerate(epochs, start=1)
        ],
        folded=True,
    )
    for kind, chosen in (("loss", losses), ("accuracy", shares)):
        lines = [Line(name=column.replace("_", " "), points=_points(epochs, column)) for column in chosen]
        if not lines:
            continue
        words = Words(
            key=f"{key}-{kind}",
            title=_("%(name)s: %(what)s by epoch") % {"name": name, "what": kind},
            description=_("%(count)s epochs; the table has all figures.") % {"count": len(epochs)},
            across=_("epoch"),
            up=kind,
        )
        drawing = line_plot(lines, words=words, from_zero=kind == "accuracy")
        last = kind == "accuracy" or not shares
        yield Figure(heading=f"{name}: {kind}", drawing=drawing, tables=[table] if last else [])


def _stages(metrics: Mapping[str, Any]) -> Iterator[Section]:
    """Where the time went."""
    known = _document(metrics.get("seconds"))
    order = sorted(known, key=lambda name: STAGES.index(name) if name in STAGES else len(STAGES))
    seconds = [(str(name), _number(known[name]) or 0.0) for name in order]
    if not seconds:
        return
    total = sum(value for _name, value in seconds)
    words = Words(
        key="stages",
        title=_("Seconds by stage"),
        description=_("One bar per stage, with its seconds beside."),
    )
    figure = Figure(heading=_("Seconds by stage"), drawing=bar_plot(seconds, words=words, unit=" s"), tables=[])
    lead = _("%(seconds)s seconds from the snapshot to the figures.") % {"seconds": f"{total:,.1f}"}
    yield Section(key="seconds", heading=_("How long it took"), lead=lead, figures=[figure])


def _points(epochs: Sequence[Mapping[str, Any]], column: str) -> list[tuple[float, float]]:
    """The epochs that have the figure, counted from 1."""
    return [
        (float(place), value)
        for place, epoch in enumerate(epochs, start=1)
        if (value := _number(epoch.get(column))) is not None
    ]


def _as_dot(values: Mapping[str, Any]) -> Dot | None:
    """NDCG@10 of one slice with its interval."""
    value = _number(values.get(HEADLINE))
    if value is None:
        return None
    return Dot(value=value, low=_number(values.get(f"{HEADLINE} low")), high=_number(values.get(f"{HEADLINE} high")))


def _slice_name(part: str) -> str:
    """A slice in words."""
    names = {"overall": _("all cases"), "discovery": _("discovery: new to the shopper"), "returning": _("returning")}
    return names.get(part, part)


def _split_name(split: str) -> str:
    """How the log was cut, in words."""
    names = {
        "time": _("the latest tenth of the log hidden"),
        "last": _("each shopper's last action hidden"),
        "random": _("a random tenth of the log hidden"),
    }
    return names.get(split, split)


def _document(value: object) -> Mapping[str, Any]:
    """The value if it is a document; an empty one otherwise, for rows of other times."""
    return value if isinstance(value, Mapping) else {}


def _sentences(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, list | tuple) else ()


def _numbers(value: object) -> list[float]:
    """The finite numbers of a list; none where it isn't one."""
    found = [_number(entry) for entry in value] if isinstance(value, list | tuple) else []
    return [entry for entry in found if entry is not None]


def _number(value: object) -> float | None:
    """The value if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _text(value: float | None, *, decimals: int = 4) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


__all__ = ["BundleReport", "Documents", "Figure", "Section", "Table", "bundle_report"]
