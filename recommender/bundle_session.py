"""An open bundle that answers what pages ask: every method reads memory-mapped arrays, never the database.

Each method falls from its own source to the next (behaviour, content, best
sellers of the category, best sellers, newest), and every recommendation's
reason says which source it really came from.
"""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recommender.bundle_files import Manifest, OpenBundle
from recommender.history_sum import HistoryOptions, HistorySum
from recommender.neighbour_sources import (
    explain_history,
    from_history,
    likeness_among,
    neighbours_of,
    neighbours_of_all,
    read_table,
)
from recommender.neighbours import NO_NEIGHBOUR
from recommender.newcomers.growing_table import longer
from recommender.own_items import own_items
from recommender.picture_lookup import PictureLookup
from recommender.popularity import Popularity
from recommender.ranked_history import from_ranker, own_by_ranker
from recommender.ranker_files import read_ranker
from recommender.ranking import Candidates, FloatArray, Mask, fill
from recommender.types import as_history

if TYPE_CHECKING:
    from PIL.Image import Image

    from recommender.newcomers.overlay import Overlay
    from recommender.types import Contribution, History, Recommendation

# So many candidates of a history are ranked beyond what was asked.
HISTORY_SPARE = 20


class Session:
    """An open bundle that answers what pages ask.

    Every method gives at most ``k`` recommendations with strictly falling
    scores, fewer only where the catalogue has no more. An item that the bundle
    does not know gets what can be said without knowing it. ``exclude`` holds
    public ids that must not appear; an item never appears in its own list.
    """

    def __init__(self, bundle: OpenBundle) -> None:
        """Map the arrays that the methods need; nothing big is read.

        Raises:
            BundleBroken: arrays that belong together do not fit each other.
        """
        self.bundle = bundle
        self.version = bundle.version
        self.item_ids: Sequence[str] = bundle.item_ids
        self._row_of: Mapping[str, int] = bundle.row_of
        self._similar = read_table(bundle, "similar", text="similar_text")
        self._looks_like = read_table(bundle, "looks_like")
        self._also_liked = read_table(bundle, "also_liked", support="also_liked_support")
        self._bought_together = read_table(bundle, "bought_together", support="bought_together_support")
        self._popularity = Popularity(bundle)
        self._history = HistorySum(
            also_liked=self._also_liked,
            similar=self._similar,
            options=HistoryOptions.from_json(bundle.manifest.configuration.get("history", {})),
        )
        self._liked_next = read_table(bundle, "also_liked_next")
        self._ranker = read_ranker(bundle, shared={"also_liked": self._also_liked, "similar": self._similar})
        self._skip: frozenset[str] = frozenset()
        self._allow: Mask | None = None
        self._overlay: Overlay | None = None
        self.pictures = PictureLookup(bundle)

    def knows(self, item_id: str) -> bool:
        """Whether the bundle was trained with this item."""
        return item_id in self.bundle.row_of

    def grown(self, overlay: Overlay) -> Session:
        """This session, which must not have any yet, with the newcomers of an overlay; see ``recommender.newcomers``."""
        other = copy(self)
        other._take_in(overlay)  # noqa: SLF001 - one of our own kind
        return other

    def without(self, sources: Collection[str]) -> Session:
        """The same session with some sources left out, such as one that the shelf beside shows already."""
        other = copy(self)
        other._skip = self._skip | frozenset(sources)  # noqa: SLF001 - one of our own kind
        return other

    def among(self, item_ids: Iterable[str]) -> Session:
        """The same session for a catalogue of just these items, such as what is published now."""
        allow = np.zeros(len(self.item_ids), dtype=np.bool_)
        allow[list(self._rows(item_ids))] = True
        other = copy(self)
        other._allow = allow  # noqa: SLF001 - one of our own kind
        return other

    def similar(self, item_id: str, k: int, *, exclude: Collection[str] = ()) -> list[Recommendation]:
        """Items that look alike and are described alike; parts ``text`` and ``image``."""
        return self._for_item(item_id, k, exclude, self._content)

    def looks_like(self, item: str | Image, k: int, *, exclude: Collection[str] = ()) -> list[Recommendation]:
        """Items with a similar picture, for an item or for any picture; part ``image``.

        Raises:
            NoPictureEncoder: a picture was given and the bundle cannot look at pictures.
        """
        if isinstance(item, str):
            return self._for_item(
                item, k, exclude, lambda row: neighbours_of("looks", self._looks_like, row), self._content
            )
        alike = self.pictures.alike(item, items=len(self.item_ids), overlay=self._overlay)
        return self._fill((alike, *self._anything()), k, exclude)

    def also_liked(self, item_id: str, k: int, *, exclude: Collection[str] = ()) -> list[Recommendation]:
        """Items that drew the same shoppers, with how many of how many; part ``behaviour``."""
        return self._for_item(
            item_id,
            k,
            exclude,
            lambda row: neighbours_of("liked_next", self._liked_next, row),
            self._liked,
            self._content,
        )

    def bought_together(
        self, item_ids: Sequence[str] | str, k: int, *, exclude: Collection[str] = ()
    ) -> list[Recommendation]:
        """Items bought along with ``item_ids``; what goes with more of them comes first."""
        seeds = [item_ids] if isinstance(item_ids, str) else list(item_ids)
        rows = [self._row_of[item_id] for item_id in dict.fromkeys(seeds) if item_id in self._row_of]

        def sources() -> Iterator[Candidates | None]:
            yield neighbours_of_all("bought_together", self._bought_together, rows)
            yield self._liked(rows[0]) if len(rows) == 1 else neighbours_of_all("also_liked", self._also_liked, rows)
            yield neighbours_of_all("content", self._similar, rows)
            for row in rows:
                yield self._popularity.best_of_category(row)
            yield from self._anything()

        return self._fill(sources(), k, {*exclude, *seeds})

    def for_you(
        self,
        history: History,
        k: int,
        exclude: Collection[str] = (),
        *,
        now: float | None = None,
        name_causes: bool = True,
    ) -> list[Recommendation]:
        """What suits somebody who did ``history``; parts ``text``, ``image`` and ``behaviour``.

        Args:
            history: (item id, kind, time) in any order; items the bundle does not know add nothing.
            k: How many.
            exclude: Public ids that must not appear, such as what was bought.
            now: The moment the shopper comes, seconds since 1970; the present unless told.
            name_causes: Whether to find out which of the shopper's items stand behind each.
        """
        moment = time.time() if now is None else now
        history = as_history(history)

        def sources() -> Iterator[Candidates | None]:
            if self._ranker is not None:
                yield from_ranker(
                    history,
                    k + HISTORY_SPARE,
                    ranker=self._ranker,
                    rows=self._row_of,
                    exclude=self._rows(exclude),
                    allow=self._allow,
                    now=moment,
                    similar=self._similar if self._overlay is not None else None,
                )
            yield from_history(
                history,
                k + HISTORY_SPARE,
                learner=self._history,
                rows=self._row_of,
                item_ids=self.item_ids,
                exclude=self._rows(exclude),
                allow=self._allow,
                now=moment,
                name_causes=name_causes,
            )
            yield self._popularity.trending()
            yield self._popularity.best_of_each_category()
            yield from self._anything()

        return self._fill(sources(), k, exclude)

    def explain(self, item_id: str, history: History, *, now: float) -> list[Contribution]:
        """What each of a shopper's items adds to the score that ``for_you`` gives an item, the most first.

        They add up to that score. It is empty where no cause can be proved: for an item that the
        history does not lead to, and where a ranker made the list, whose scores do not split.
        """
        row = self._row_of.get(item_id)
        if row is None or self._ranker is not None:
            return []
        return explain_history(
            row, as_history(history), learner=self._history, rows=self._row_of, item_ids=self.item_ids, now=now
        )

    def pick_up(
        self, history: History, k: int, exclude: Collection[str] = (), *, now: float | None = None
    ) -> list[Recommendation]:
        """What somebody touched and did not buy, best first; part ``behaviour``.

        It is never filled up: where nothing was touched there is nothing to return to.

        Args:
            history: As for ``for_you``; what is bought in it is left out. Items the bundle does not know
                count too, except in a session that is ``among`` some items.
            k: How many at most.
            exclude: Public ids that must not appear, such as what is in the cart.
            now: As for ``for_you``.
        """
        moment = time.time() if now is None else now
        ids, found = own_items(
            as_history(history), weigh=lambda kinds, times: self._history.weights(kinds, times, now=moment)
        )
        ranked = None
        if self._ranker is not None:
            ranked = own_by_ranker(as_history(history), ids, ranker=self._ranker, rows=self._row_of, now=moment)
        never = set(exclude)
        banned = {place for place, each in enumerate(ids) if each in never or not self._may_have(each)}
        return fill([each for each in (ranked, found) if each is not None], item_ids=ids, k=k, banned=banned)

    def trending(self, k: int, *, exclude: Collection[str] = ()) -> list[Recommendation]:
        """What drew attention lately, as seen from the end of the log."""
        return self._fill((self._popularity.trending(), *self._anything()), k, exclude)

    def start_here(self, k: int, *, exclude: Collection[str] = ()) -> list[Recommendation]:
        """For somebody nothing is known of: the best sellers of all categories, taking turns."""
        return self._fill((self._popularity.best_of_each_category(), *self._anything()), k, exclude)

    @property
    def sees_pictures(self) -> bool:
        """Whether the bundle can look at a picture and knows pictures of items to compare it with."""
        return self.pictures.is_whole

    def prepare_pictures(self) -> None:
        """Open the picture model now instead of at the first picture.

        Raises:
            BundleBroken: the model's files cannot be used.
        """
        if self.pictures.has_model:
            self.pictures.encoder()

    def likeness(self, item_ids: Sequence[str]) -> FloatArray:
        """How alike these items are, (m, m): their *similar* scores, 0 between items that are no neighbours."""
        return likeness_among(self._similar, [self._row_of.get(item_id, NO_NEIGHBOUR) for item_id in item_ids])

    def seldom_seen(self, k: int, *, seed: int, exclude: Collection[str] = ()) -> list[Recommendation]:
        """Items that hardly anybody has acted on yet, drawn by chance: only being shown can tell what they are worth."""
        return self._fill((self._popularity.seldom_seen(np.random.default_rng(seed)),), k, exclude)

    def _take_in(self, overlay: Overlay) -> None:
        """Rows after the bundle's last, and lists that name them."""
        added = {item_id: len(self.bundle.item_ids) + place for place, item_id in enumerate(overlay.item_ids)}
        self.item_ids = [*self.bundle.item_ids, *added]
        self._row_of = ChainMap(added, self.bundle.row_of)
        self._overlay = overlay
        self._similar, self._looks_like = overlay.similar, overlay.looks_like
        self._also_liked = longer(self._also_liked, len(self.item_ids))
        self._bought_together = longer(self._bought_together, len(self.item_ids))
        self._liked_next = longer(self._liked_next, len(self.item_ids))
        self._popularity = self._popularity.with_newcomers(overlay.categories, overlay.newest)
        self._history = HistorySum(also_liked=self._also_liked, similar=self._similar, options=self._history.options)

    def _may_have(self, item_id: str) -> bool:
        """Whether the item is among those that this session is about."""
        row = self._row_of.get(item_id)
        return self._allow is None or (row is not None and bool(self._allow[row]))

    def _rows(self, item_ids: Iterable[str]) -> set[int]:
        return {self._row_of[item_id] for item_id in item_ids if item_id in self._row_of}

    def _fill(self, sources: Iterable[Candidates | None], k: int, exclude: Collection[str]) -> list[Recommendation]:
        wanted = (each for each in sources if each is not None and each.source not in self._skip)
        return fill(wanted, item_ids=self.item_ids, k=k, banned=self._rows(exclude), allow=self._allow)

    def _for_item(
        self, item_id: str, k: int, exclude: Collection[str], *own: Callable[[int], Candidates | None]
    ) -> list[Recommendation]:
        """The item's own sources in order, then the best of its category, then anything."""
        row = self._row_of.get(item_id)

        def sources() -> Iterator[Candidates | None]:
            if row is not None:
                for source in own:
                    yield source(row)
                yield self._popularity.best_of_category(row)
            yield from self._anything()

        return self._fill(sources(), k, {*exclude, item_id})

    def _anything(self) -> Iterator[Candidates | None]:
        """What can always be shown: best sellers, then the newest."""
        yield self._popularity.best_sellers()
        yield self._popularity.newest()

    def _content(self, row: int) -> Candidates | None:
        return neighbours_of("content", self._similar, row)

    def _liked(self, row: int) -> Candidates | None:
        shoppers = self._popularity.shoppers
        return neighbours_of(
            "also_liked", self._also_liked, row, population=0 if shoppers is None else int(shoppers[row])
        )


class FallbackSession(Session):
    """What is served while no bundle is: every answer is an empty list."""

    def __init__(self) -> None:
        super().__init__(OpenBundle(Path(), Manifest(version="", seed=0, created_at="")))
