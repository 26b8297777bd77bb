"""Facts about users and items as the arrays that networks take in: codes of categories, words, and dense features.

Everything is by row and fits any log: rows that the context doesn't know are
unknown. Code 0 always means unknown, so what a network learns of code 0 is
what it says about newcomers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from recommender.encoders.tokens import tokens
from recommender.learners.context import Context, ItemFacts, UserFacts

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Ages are told apart by decades up to 90, code 0 is unknown.
DECADES = 10
TITLE_WORDS = 15
MOST_TAGS = 8
MOST_WORDS = 20_000
# A word of one title alone tells a network nothing about others.
FEWEST_TITLES = 2
TEXT_DIMS = 64
IMAGE_DIMS = 64

Number = TypeVar("Number", np.int32, np.float32)
Codes = npt.NDArray[np.int32]
Features = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Field:
    """One categorical fact: codes int32 (r,) or, where there are several, (r, w); 0 unknown, all below ``size``."""

    codes: Codes
    size: int


@dataclass(frozen=True, kw_only=True)
class UserFields:
    """What is known of u users."""

    gender: Field
    age: Field
    occupation: Field

    @property
    def all(self) -> tuple[Field, ...]:
        """The fields in their order."""
        return self.gender, self.age, self.occupation


@dataclass(frozen=True, kw_only=True)
class ItemFields:
    """What is known of n items.

    Attributes:
        category, tag: One code each.
        tags: int32 (n, w), all tags of each item, 0 where there are fewer than the most.
        title: int32 (n, 15), the first words of each title, 0 where it is shorter or a word is rare.
        words: How many word codes there are, 0 included.
    """

    category: Field
    tag: Field
    tags: Field
    title: Codes
    words: int

    @property
    def all(self) -> tuple[Field, ...]:
        """The categorical fields in their order."""
        return self.category, self.tag


def user_fields(facts: UserFacts | None, count: int) -> UserFields:
    """The facts of ``count`` users as codes; ages by decade."""
    if facts is None:
        nothing = Field(np.zeros(count, dtype=np.int32), 1)
        return UserFields(gender=nothing, age=nothing, occupation=nothing)
    decades = np.where(np.isnan(facts.ages), -1, np.clip(facts.ages // 10, 0, DECADES - 1)).astype(np.int32) + 1
    return UserFields(
        gender=_field(facts.genders, count),
        age=Field(_fitted(decades, count), DECADES + 1),
        occupation=_field(facts.occupations, count),
    )


def item_fields(facts: ItemFacts | None, count: int) -> ItemFields:
    """The facts of ``count`` items as codes."""
    if facts is None:
        nothing = Field(np.zeros(count, dtype=np.int32), 1)
        several = Field(np.zeros((count, 1), dtype=np.int32), 1)
        return ItemFields(
            category=nothing, tag=nothing, tags=several, title=np.zeros((count, TITLE_WORDS), dtype=np.int32), words=1
        )
    title, words = title_words(facts.titles)
    return ItemFields(
        category=_field(facts.categories, count),
        tag=_field(facts.tags, count),
        tags=_tags(facts, count),
        title=_fitted(title, count),
        words=words,
    )


def title_words(titles: Sequence[str]) -> tuple[Codes, int]:
    """The first words of each title as codes (t, 15), and how many codes there are; rare words are 0."""
    cut = [tokens(title)[:TITLE_WORDS] for title in titles]
    counts = Counter(word for words in cut for word in set(words))
    common = sorted((-count, word) for word, count in counts.items() if count >= FEWEST_TITLES)[:MOST_WORDS]
    code = {word: place for place, (_negative, word) in enumerate(common, start=1)}
    codes = np.zeros((len(titles), TITLE_WORDS), dtype=np.int32)
    for row, words in enumerate(cut):
        codes[row, : len(words)] = [code.get(word, 0) for word in words]
    return codes, len(code) + 1


def item_features(context: Context | None, count: int) -> Features:
    """Words and pictures of ``count`` items as dense rows, float32 (n, up to 128), each block of unit size on average.

    Words are TF-IDF reduced by a truncated SVD, pictures by their principal
    components. Items without either have zeros there. Training only: imports
    scikit-learn.
    """
    blocks = []
    if context is not None:
        text = context.items.text
        if text is None:
            text = _tf_idf(context.items)
        blocks.append(_reduced(text, TEXT_DIMS, seed=context.seed))
        if context.items.images is not None:
            blocks.append(_reduced(context.items.images, IMAGE_DIMS, seed=context.seed))
    blocks = [_fitted(block, count) for block in blocks if block.shape[1]]
    return np.hstack(blocks).astype(np.float32) if blocks else np.zeros((count, 0), dtype=np.float32)


def _tf_idf(facts: ItemFacts) -> csr_matrix:
    """TF-IDF of titles and descriptions, where the context brings none."""
    from recommender.encoders.text import fit_text_encoder

    return fit_text_encoder(
        [f"{title}\n{words}" for title, words in zip(facts.titles, facts.descriptions, strict=True)]
    ).matrix


def _reduced(matrix: csr_matrix | Features, dims: int, *, seed: int) -> Features:
    """The first principal directions of a matrix, scaled so that rows have length 1 on average."""
    from sklearn.utils.extmath import randomized_svd

    rows, columns = matrix.shape
    dims = min(dims, rows, columns)
    if dims == 0 or not _anything(matrix):
        return np.zeros((rows, 0), dtype=np.float32)
    left, strength, _right = randomized_svd(matrix, n_components=dims, random_state=seed)
    reduced = left * strength
    length = float(np.sqrt(np.mean(np.square(reduced).sum(axis=1))))
    scaled: Features = (reduced / length).astype(np.float32)
    return scaled


def _anything(matrix: csr_matrix | Features) -> bool:
    """Whether a matrix has an entry that isn't zero."""
    return bool(abs(matrix).max() > 0)


def _tags(facts: ItemFacts, count: int) -> Field:
    """All tags of each item side by side, at most ``MOST_TAGS``; the first alone where no others are given."""
    several = facts.all_tags or tuple((tag,) for tag in facts.tags)
    known = sorted({tag for tags in several for tag in tags if tag})
    code = {tag: place for place, tag in enumerate(known, start=1)}
    width = min(MOST_TAGS, max([1, *(len(tags) for tags in several)]))
    codes = np.zeros((len(several), width), dtype=np.int32)
    for row, tags in enumerate(several):
        for place, tag in enumerate(tags[:width]):
            codes[row, place] = code.get(tag, 0)
    return Field(_fitted(codes, count), len(known) + 1)


def _field(values: Iterable[str], count: int) -> Field:
    """Codes in the order of the alphabet, 0 for the empty string."""
    texts = list(values)
    known = sorted({text for text in texts if text})
    code = {text: place for place, text in enumerate(known, start=1)}
    codes = np.array([code.get(text, 0) for text in texts], dtype=np.int32)
    return Field(_fitted(codes, count), len(known) + 1)


def _fitted(array: npt.NDArray[Number], count: int) -> npt.NDArray[Number]:
    """The first ``count`` rows, zeros where there are fewer."""
    fitted = np.zeros((count, *array.shape[1:]), dtype=array.dtype)
    fitted[: len(array)] = array[:count]
    return fitted
