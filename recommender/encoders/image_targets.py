"""What the picture network learns to tell from a picture: its tag, and the words that stand beside it.

Tags teach kinds; words teach what tags don't say (colours, patterns, materials),
and they teach it from untagged pictures too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.encoders.colour import subjects
from recommender.encoders.tokens import tokens

UNTAGGED = -1
FEWEST_TAGS = 2
# With fewer pictures a tag can neither be learned nor checked.
FEWEST_PICTURES_OF_TAG = 5
FEWEST_PICTURES_WITH_WORD = 20
MOST_WORDS = 400
# With fewer pictures of one item there is nothing to tell it by; with more items it would take a network of its own.
FEWEST_PICTURES_OF_ITEM = 4
MOST_ITEMS = 1_000
# A word in more than this share of the pictures tells nothing about one.
MOST_COMMON_WORD = 0.5
# What a tag's other tags get of its certainty, so that the network isn't driven to extremes.
SMOOTHING = 0.1

# Without tags and words: one group of silhouettes for so many pictures, seen on a grid so fine.
PICTURES_PER_GROUP = 20
MOST_GROUPS = 40
OUTLINE_SIDE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What to learn, per picture.

    Attributes:
        labels: (p,) int32 into ``tags``, -1 where there is none or it is too rare.
        tags: The names of the tags that are learned; empty where there are fewer than two.
        tag_shares: (p, tags) float32, rows adding up to 1, or zeros without a tag.
        word_shares: (p, words) float32, rows adding up to 1, or zeros without a word.
        item_shares: (p, items) float32, rows adding up to 1, or zeros: items with several pictures are
            learned by themselves, so that another photo of one is known again.
        notes: What had to be left out.
    """

    labels: npt.NDArray[np.int32]
    tags: tuple[str, ...]
    tag_shares: npt.NDArray[np.float32]
    word_shares: npt.NDArray[np.float32]
    item_shares: npt.NDArray[np.float32]
    notes: tuple[str, ...]

    @property
    def has_tags(self) -> bool:
        """Whether the labels are the shop's own tags."""
        return bool(self.tags)

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """(p,): which pictures have anything to learn from."""
        shares = (self.tag_shares, self.word_shares, self.item_shares)
        usable: npt.NDArray[np.bool_] = np.any([part.any(axis=1) for part in shares], axis=0)
        return usable

    @property
    def anything(self) -> bool:
        """Whether there is anything to learn."""
        return bool(self.usable.any())


def make_targets(  # noqa: PLR0913 - all but three by keyword
    labels: npt.NDArray[np.int32],
    tags: Sequence[str],
    texts: Sequence[str] | None,
    *,
    pictures: npt.NDArray[np.uint8],
    seed: int,
    groups: npt.NDArray[np.int32] | None = None,
) -> Targets:
    """Choose the tags and words that can be learned; where there are none, silhouettes.

    Args:
        labels: (p,) int32 into ``tags``, -1 for untagged pictures.
        tags: The names.
        texts: One per picture, or None.
        pictures: (p, size, size, 3), for the silhouettes.
        seed: Where the grouping of silhouettes starts from.
        groups: (p,) the item of each picture; every picture for itself where None.
    """
    new_labels, names, notes = learnable_tags(labels, tags)
    tag_shares = _label_shares(new_labels, len(names))
    word_shares = _word_shares(texts, len(labels))
    item_shares = _item_shares(groups, len(labels))
    if not names and not word_shares.any() and not item_shares.any():
        outlines = _silhouette_groups(pictures, seed)
        if outlines is None:
            notes.append("Too few pictures to train the picture network; colours are compared, shapes only roughly.")
        else:
            notes.append("Neither tags nor words: the picture network learned to tell silhouettes apart.")
            tag_shares = _label_shares(outlines, int(outlines.max()) + 1)
    elif not names:
        what = "the words" if word_shares.any() else "items that have several pictures"
        notes.append(f"The picture network learned from {what} alone.")
    return Targets(
        labels=new_labels,
        tags=names,
        tag_shares=tag_shares,
        word_shares=word_shares,
        item_shares=item_shares,
        notes=tuple(notes),
    )


def split_for_validation(
    labels: npt.NDArray[np.int32],
    groups: npt.NDArray[np.int32] | None,
    *,
    share: float,
    random: np.random.Generator,
) -> npt.NDArray[np.bool_]:
    """Choose pictures to check the learning with: (p,) bool, the same share of every tag.

    Pictures of one group (one item) stay together, for one of them would give the
    others away. Each tag keeps at least one group to learn from; untagged pictures
    are never chosen.
    """
    owners = np.arange(len(labels), dtype=np.int32) if groups is None else groups
    chosen = np.zeros(len(labels), dtype=np.bool_)
    for label in range(int(labels.max(initial=UNTAGGED)) + 1):
        members = np.flatnonzero(labels == label)
        parts = random.permutation(np.unique(owners[members]))
        wanted = min(round(len(parts) * share), len(parts) - 1)
        chosen[members[np.isin(owners[members], parts[:wanted])]] = True
    return chosen


def learnable_tags(
    labels: npt.NDArray[np.int32], tags: Sequence[str]
) -> tuple[npt.NDArray[np.int32], tuple[str, ...], list[str]]:
    """New labels, -1 for what is left out: the labels with the tags that have pictures enough, their names, and what was left out."""
    counts = np.bincount(labels[labels >= 0], minlength=len(tags))
    kept = np.flatnonzero(counts >= FEWEST_PICTURES_OF_TAG)
    notes = []
    rare = int(np.count_nonzero((counts > 0) & (counts < FEWEST_PICTURES_OF_TAG)))
    if rare:
        notes.append(f"{rare:,} tags have fewer than {FEWEST_PICTURES_OF_TAG} pictures and don't train the network.")
    if len(kept) < FEWEST_TAGS:
        what = "Only one tag has pictures enough" if len(kept) else "No tag has pictures enough"
        notes.append(f"{what if counts.any() else 'No tags'}: the picture network cannot learn from tags.")
        kept = kept[:0]
    place = np.full(len(tags) + 1, UNTAGGED, dtype=np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    return place[labels], tuple(tags[number] for number in kept.tolist()), notes


def _silhouette_groups(pictures: npt.NDArray[np.uint8], seed: int) -> npt.NDArray[np.int32] | None:
    """Group pictures whose subjects have nearly the same outline; None where there are too few to group."""
    from sklearn.cluster import KMeans

    groups = min(len(pictures) // PICTURES_PER_GROUP, MOST_GROUPS)
    if groups < FEWEST_TAGS:
        return None
    size = pictures.shape[1]
    edges = np.linspace(0, size, OUTLINE_SIDE + 1).astype(int)[:-1]
    outlines = np.add.reduceat(np.add.reduceat(subjects(pictures).astype(np.float64), edges, axis=1), edges, axis=2)
    outlines = outlines.reshape(len(pictures), -1)
    if len(np.unique(outlines, axis=0)) < groups:
        return None
    found: npt.NDArray[np.int32] = KMeans(groups, n_init=1, random_state=seed).fit_predict(outlines).astype(np.int32)
    return found


def _label_shares(labels: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.float32]:
    """Smoothed one-hot rows, zeros for pictures without a label."""
    shares = np.zeros((len(labels), count), dtype=np.float32)
    labelled = np.flatnonzero(labels >= 0)
    if count:
        shares[labelled] = SMOOTHING / count
        shares[labelled, labels[labelled]] += 1 - SMOOTHING
    return shares


def _item_shares(groups: npt.NDArray[np.int32] | None, pictures: int) -> npt.NDArray[np.float32]:
    """Which item each picture shows, where it has pictures enough; no columns where few or very many items have."""
    nothing = np.zeros((pictures, 0), dtype=np.float32)
    if groups is None or not pictures:
        return nothing
    items, own, counts = np.unique(groups, return_inverse=True, return_counts=True)
    kept = np.flatnonzero(counts >= FEWEST_PICTURES_OF_ITEM)
    if not FEWEST_TAGS <= len(kept) <= MOST_ITEMS:
        return nothing
    place = np.full(len(items), UNTAGGED, dtype=np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    return _label_shares(place[own], len(kept))


def _word_shares(texts: Sequence[str] | None, pictures: int) -> npt.NDArray[np.float32]:
    """Each picture's frequent words, the rarer the heavier, as shares of 1."""
    words = [set(tokens(text)) for text in texts or ()]
    counts = Counter(word for present in words for word in present)
    usable = [
        (-count, word)
        for word, count in counts.items()
        if FEWEST_PICTURES_WITH_WORD <= count <= MOST_COMMON_WORD * len(words)
    ]
    chosen = [(word, np.log(len(words) / -negative)) for negative, word in sorted(usable)[:MOST_WORDS]]
    place = {word: (column, weight) for column, (word, weight) in enumerate(chosen)}
    shares = np.zeros((pictures, len(chosen)), dtype=np.float32)
    for row, present in enumerate(words):
        for word in present & place.keys():
            column, weight = place[word]
            shares[row, column] = weight
    totals = shares.sum(axis=1, keepdims=True)
    shares /= np.where(totals > 0, totals, 1)
    return shares
