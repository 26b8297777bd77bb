"""What ``benchmarks.quality`` measures: data sets, what is exported of each, and the bounds its figures are held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scorer = Literal["users", "pairs", "similar"]

TOUCHED = "0,1,2,3"
PURCHASED = "3"
PICTURE_ENCODER = "MobileNet"
PICTURE_WEIGHTS = "mobilenet_0.25_224_no_top.weights.h5"
# Of the methods that predict ratings, the one whose error is held to the bound; `evaluate` lists the others.
RATING_METHOD = "matrix_factorisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a figure must reach, and what it should; ``None``: it is only told.

    Attributes:
        must: The bound.
        aim: The wish.
        at_most: Whether smaller is better: seconds, memory, errors.
    """

    must: float | None = None
    aim: float | None = None
    at_most: bool = False

    def reached(self, measured: float | None, wanted: float | None) -> bool | None:
        """Whether the figure is as good as ``wanted``; ``None`` where nothing is."""
        if wanted is None:
            return None
        if measured is None:
            return False
        return measured <= wanted if self.at_most else measured >= wanted


NO_BOUND = Bound()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a scored file.

    Attributes:
        name: How the table calls it.
        key: Where the evaluator's answer holds it, the steps joined by dots.
        bound: What it is held to.
        k: How many recommendations count.
    """

    name: str
    key: str
    bound: Bound = NO_BOUND
    k: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file of recommendations, and how it is scored.

    Attributes:
        panel: Which panel.
        truth: The file of right answers, in the data set's folder; also the keys to export, where it names any.
        scorer: Which evaluator, in which of its forms.
        figures: What is read from its answer.
        options: Further options of ``export_recommendations``.
        banned: Codes of the actions whose items must not return.
    """

    panel: str
    truth: str
    scorer: Scorer
    figures: tuple[Figure, ...]
    options: tuple[str, ...] = ()
    banned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A folder of data, what is asked of it, and what its training may cost.

    Attributes:
        name: The folder, below the shared data.
        exports: What is scored.
        seconds: What ``retrain`` may take.
        megabytes: What ``retrain`` may hold at its peak.
        pictures: Whether it is measured once more with a pretrained picture encoder.
        ratings: Bound of the rating error; with one the set is MovieLens' own ZIP, and only ``evaluate`` is run.
    """

    name: str
    exports: tuple[Export, ...] = ()
    seconds: Bound = Bound(must=120, aim=30, at_most=True)
    megabytes: Bound = Bound(must=3_000, aim=1_500, at_most=True)
    pictures: bool = False
    ratings: Bound | None = None


def _for_you(figures: tuple[Figure, ...], *options: str, exclude: str = "touched") -> Export:
    return Export(
        panel="for_you",
        truth="truth.csv",
        scorer="users",
        figures=figures,
        options=("--exclude", exclude, *options),
        banned=TOUCHED if exclude == "touched" else PURCHASED,
    )


def _next_film(*, ndcg: Bound = NO_BOUND, hits: Bound = NO_BOUND, coverage: Bound = NO_BOUND) -> Export:
    """What comes right after each user's last action."""
    return _for_you(
        (
            Figure(name="next film NDCG@10", key="overall.NDCG@10", bound=ndcg),
            Figure(name="next film HR@10", key="overall.HR@10", bound=hits),
            Figure(name="next film coverage@10", key="overall.coverage@10", bound=coverage),
        ),
        "--at",
        "last-action",
    )


def _also_liked(bound: Bound = Bound()) -> Export:
    figure = Figure(name="also liked HR@10", key="overall.HR@10", bound=bound)
    return Export(panel="also_liked", truth="also_liked.csv", scorer="pairs", figures=(figure,))


SETS = (
    DataSet(
        name="ml-100k-llo",
        exports=(
            _next_film(),
            _also_liked(),
        ),
    ),
    DataSet(
        name="ml-1m-llo",
        exports=(
            _next_film(
                ndcg=Bound(must=0.142, aim=0.175),
                hits=Bound(must=0.244, aim=0.300),
                coverage=Bound(must=0.40, aim=0.45),
            ),
            _also_liked(Bound(must=0.150, aim=0.180)),
        ),
    ),
    DataSet(
        name="ml-1m-time",
        exports=(
            _for_you(
                (
                    Figure(name="coming back NDCG@10", key="overall.NDCG@10", bound=Bound(must=0.240, aim=0.265)),
                    Figure(name="coming back Recall@10", key="overall.Recall@10", bound=Bound(must=0.076, aim=0.086)),
                )
            ),
            _also_liked(),
        ),
    ),
    DataSet(
        name="taobao",
        exports=(
            _for_you(
                (
                    Figure(name="for you HR@10", key="overall.HR@10", bound=Bound(must=0.350, aim=0.390)),
                    Figure(name="for you NDCG@10", key="overall.NDCG@10", bound=Bound(must=0.175, aim=0.200)),
                ),
                exclude="purchased",
            ),
            _for_you(
                (
                    Figure(name="discovery HR@10", key="discovery.HR@10", bound=Bound(must=0.098, aim=0.130)),
                    Figure(name="discovery NDCG@10", key="discovery.NDCG@10", bound=Bound(must=0.062, aim=0.085)),
                    Figure(name="discovery coverage@10", key="discovery.coverage@10"),
                )
            ),
            _also_liked(),
        ),
    ),
    DataSet(
        name="fashion",
        exports=(
            Export(
                panel="similar",
                truth="labels.csv",
                scorer="similar",
                figures=(
                    Figure(name="similar P@10 type", key="P@10_type", bound=Bound(must=0.85, aim=0.90)),
                    Figure(name="similar P@10 colour", key="P@10_colour", bound=Bound(must=0.43, aim=0.50)),
                    Figure(name="similar P@10 both", key="P@10_type_and_colour", bound=Bound(must=0.36, aim=0.43)),
                ),
            ),
            Export(
                panel="looks_like",
                truth="labels.csv",
                scorer="similar",
                figures=(Figure(name="looks like P@10 type", key="P@10_type", bound=Bound(must=0.76, aim=0.82)),),
            ),
        ),
        seconds=Bound(must=360, at_most=True),
        pictures=True,
    ),
    DataSet(
        name="grocery",
        exports=(
            Export(
                panel="photo",
                truth="photo_queries.csv",
                scorer="pairs",
                figures=(
                    Figure(name="photo hit@1", key="overall.HR@1", bound=Bound(must=0.45, aim=0.60), k=1),
                    Figure(name="photo hit@5", key="overall.HR@5", bound=Bound(must=0.84, aim=0.92), k=5),
                ),
            ),
        ),
        seconds=Bound(at_most=True),
        pictures=True,
    ),
    DataSet(name="ml-1m", ratings=Bound(must=0.855, aim=0.840, at_most=True), seconds=Bound(at_most=True)),
)
