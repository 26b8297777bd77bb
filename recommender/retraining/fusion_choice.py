"""How much words and pictures count in *similar*: chosen by what the shop's own shoppers did, where they did enough.

What one shopper liked next to another thing is likely to be similar to it. So
the weights are tried out on such pairs, and those that bring the second item of
a pair nearest to the top of the first one's list win, if they win beyond chance;
otherwise the default stays. Simulated shoppers choose nothing: they would only
repeat the taste they were made of. Training only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import IMAGE, TEXT, WEIGHTS_FILE
from recommender.learners.log import CLICK, ActionLog, Rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# The budget: so many weights are tried on so many pairs at most.
TRIALS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
MOST_PAIRS = 2_000
# With fewer pairs, or pairs of fewer shoppers, the default stays.
FEWEST_PAIRS = 300
FEWEST_SHOPPERS = 50
PAIRS_PER_SHOPPER = 5
# The latest part of the log judges the result and must not have chosen it.
LATEST_SHARE = 0.1
# A winner's lead over the default counts from so many standard errors; there are ten to pick from.
STANDARD_ERRORS = 3.0
_BLOCK = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Two items that one shopper liked one after the other; (m,) each.

    Attributes:
        first, second: Item rows.
        shoppers: How many different shoppers stand behind them.
    """

    first: Rows
    second: Rows
    shoppers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionChoice:
    """The weights, and why.

    Attributes:
        text_weight, image_weight: They add up to what the default ones do.
        why: One sentence.
        tried: Mean reciprocal rank by share of the words, empty where nothing was tried.
    """

    text_weight: float
    image_weight: float
    why: str
    tried: tuple[tuple[float, float], ...] = ()

    def save(self, folder: Path) -> None:
        """Write the weights and why into ``folder``; what came later is fused the same way."""
        values = {
            TEXT: self.text_weight,
            IMAGE: self.image_weight,
            "why": self.why,
            "tried": [{"text_share": share, "reciprocal_rank": rank} for share, rank in self.tried],
        }
        text = json.dumps(values, ensure_ascii=False, indent=1)
        (folder / WEIGHTS_FILE).write_text(f"{text}\n", encoding="utf-8")


def choose_fusion_weights(
    text: csr_matrix,
    images: npt.NDArray[np.float32],
    log: ActionLog,
    *,
    default: tuple[float, float],
    seed: int,
) -> FusionChoice:
    """The weights of the words' and the pictures' cosine.

    Args:
        text: (n, terms) unit or empty rows.
        images: (n, d) unit rows or zeros.
        log: What shoppers did.
        default: Weight of text and image where there is too little to choose by.
        seed: Which pairs are drawn where there are many.
    """
    pairs = liked_pairs(log, seed=seed)
    usual = f"{default[0]:g} words, {default[1]:g} pictures, the default"
    if len(pairs.first) < FEWEST_PAIRS or pairs.shoppers < FEWEST_SHOPPERS:
        why = (
            f"Words and pictures: {usual}; {len(pairs.first):,} pairs liked by {pairs.shoppers:,} real shoppers are "
            f"too few to choose by ({FEWEST_PAIRS} of {FEWEST_SHOPPERS} are needed)."
        )
        return FusionChoice(text_weight=default[0], image_weight=default[1], why=why)
    total = sum(default)
    usual_share = default[0] / total if total else 0.0
    shares = sorted({*TRIALS, usual_share})
    gains = reciprocal_ranks(text, images, pairs, shares=shares)
    means = gains.mean(axis=1)
    best, own = int(means.argmax()), shares.index(usual_share)
    tried = tuple(zip(shares, means.tolist(), strict=True))
    lead = gains[best] - gains[own]
    error = float(lead.std(ddof=1)) / len(lead) ** 0.5
    if best == own or lead.mean() <= STANDARD_ERRORS * error:
        why = f"Words and pictures: {usual}; no other weights were better beyond chance on {len(lead):,} pairs."
        return FusionChoice(text_weight=default[0], image_weight=default[1], why=why, tried=tried)
    chosen = shares[best] * total, (1 - shares[best]) * total
    why = (
        f"Words and pictures: {chosen[0]:g} words, {chosen[1]:g} pictures, chosen on {len(lead):,} pairs of items that "
        f"{pairs.shoppers:,} shoppers liked; mean reciprocal rank {means[best]:.4f}, the default's {means[own]:.4f}."
    )
    return FusionChoice(text_weight=chosen[0], image_weight=chosen[1], why=why, tried=tried)


def liked_pairs(log: ActionLog, *, seed: int) -> Pairs:
    """Pairs of different items that a real shopper liked (more than clicked on, or at least clicked) in a row.

    Clicks are taken only where nothing stronger is there in number. The latest part of
    the log is left out; of each shopper some pairs are drawn, and of all some again.
    """
    usable = ~log.simulated & _not_latest(log.times)
    strong = np.flatnonzero(usable & (log.kinds > CLICK))
    pairs = _pairs(log, strong, seed=seed)
    if len(pairs.first) >= FEWEST_PAIRS and pairs.shoppers >= FEWEST_SHOPPERS:
        return pairs
    return _pairs(log, np.flatnonzero(usable), seed=seed)


def reciprocal_ranks(
    text: csr_matrix, images: npt.NDArray[np.float32], pairs: Pairs, *, shares: Sequence[float]
) -> npt.NDArray[np.float64]:
    """1 / place of the second item in the first one's list, per share of the words, (shares, m).

    Equal scores count as half a place each; a score of 0 is no place at all.
    """
    gains = np.zeros((len(shares), len(pairs.first)))
    columns = text.T.tocsr()
    for start in range(0, len(pairs.first), _BLOCK):
        first, second = pairs.first[start : start + _BLOCK], pairs.second[start : start + _BLOCK]
        words = (text[first] @ columns).toarray()
        looks = images[first] @ images.T
        here = np.arange(len(first))
        words[here, first] = looks[here, first] = 0
        for number, share in enumerate(shares):
            scores = np.float32(share) * words + np.float32(1 - share) * looks
            wanted = scores[here, second][:, None]
            places = 1 + (scores > wanted).sum(axis=1) + ((scores == wanted).sum(axis=1) - 1) / 2
            gains[number, start : start + len(first)] = np.where(wanted[:, 0] > 0, 1 / places, 0)
    return gains


def _not_latest(times: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which actions are before the latest part of the log; all where times are unknown."""
    known = times[~np.isnan(times)]
    if not len(known):
        return np.ones(len(times), dtype=np.bool_)
    earlier: npt.NDArray[np.bool_] = np.isnan(times) | (times < np.quantile(known, 1 - LATEST_SHARE))
    return earlier


def _pairs(log: ActionLog, actions: npt.NDArray[np.intp], *, seed: int) -> Pairs:
    """Neighbours in each shopper's row of actions, in order of time, then of the log."""
    random = np.random.default_rng(seed)
    order = actions[np.lexsort((log.times[actions], log.users[actions]))]
    users, items = log.users[order], log.items[order]
    follows = np.flatnonzero((users[1:] == users[:-1]) & (items[1:] != items[:-1]))
    drawn = random.permutation(follows)
    # Of each shopper the first few as drawn: their rank among the shopper's own.
    by_user = drawn[np.argsort(users[drawn], kind="stable")]
    starts = np.searchsorted(users[by_user], users[by_user])
    kept = np.sort(by_user[np.arange(len(by_user)) - starts < PAIRS_PER_SHOPPER])
    if len(kept) > MOST_PAIRS:
        kept = np.sort(random.choice(kept, MOST_PAIRS, replace=False))
    return Pairs(first=items[kept], second=items[kept + 1], shoppers=len(np.unique(users[kept])))
