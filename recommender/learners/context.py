"""What learners may know besides the log: facts about users and items, all by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.learners.log import Floats, Mask
from recommender.neighbours import NeighbourTable

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, kw_only=True)
class UserFacts:
    """What u users told of themselves.

    Attributes:
        genders, occupations: u strings, empty where unknown.
        ages: float64 (u,), nan where unknown.
    """

    genders: tuple[str, ...]
    ages: Floats
    occupations: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """What is known of n items before anybody acts on them.

    Attributes:
        titles: n strings, empty where there is none.
        descriptions: n strings.
        categories: n category paths, empty where there is none.
        tags: n strings, the first tag of each, empty where there is none.
        all_tags: The tags of each item, the first one included; only the first are known where absent.
        text: float32 (n, terms), TF-IDF rows of unit length, or absent.
        images: float32 (n, d), the mean of each item's picture vectors, zeros without pictures, or absent.
    """

    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    all_tags: tuple[tuple[str, ...], ...] = ()
    text: csr_matrix | None = None
    images: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything but the log.

    Attributes:
        published: bool (n,), may be recommended.
        users: Facts by user row.
        items: Facts by item row.
        similar: Content neighbours, or absent.
        seed: Where all chance comes from.
    """

    published: Mask
    users: UserFacts
    items: ItemFacts
    similar: NeighbourTable | None = None
    seed: int = field(default=0)
