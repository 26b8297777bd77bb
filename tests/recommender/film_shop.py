"""A small film shop shaped like MovieLens: stars, two tastes, genres, facts about people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender.learners.context import Context, ItemFacts, UserFacts
from recommender.learners.log import ActionLog
from tests.recommender.logs import DAY

USERS, FILMS = 40, 24
GENRES = ("Comedy", "Drama", "Horror", "Western")


def film_context(*, seed: int = 0) -> Context:
    """Facts about 40 people and 24 films; even films are comedies or horror, odd ones dramas or westerns."""
    genres = [GENRES[film % 4] for film in range(FILMS)]
    return Context(
        published=np.ones(FILMS, dtype=np.bool_),
        users=UserFacts(
            genders=tuple("FM"[user % 2] for user in range(USERS)),
            ages=np.array([18 + user for user in range(USERS)], dtype=np.float64),
            occupations=tuple("writer" if user % 3 else "" for user in range(USERS)),
        ),
        items=ItemFacts(
            titles=tuple(f"The {genre} of Number {film}" for film, genre in enumerate(genres)),
            descriptions=tuple(f"A film: {genre.lower()}." for genre in genres),
            categories=tuple(genres),
            tags=tuple(genres),
            all_tags=tuple((genre, "Film") for genre in genres),
        ),
        seed=seed,
    )


def film_log(*, seed: int = 0, each: int = 12, stars: bool = True) -> ActionLog:
    """Even users give even films 4 or 5 stars and odd ones 1 or 2, odd users the other way; the last film is unseen."""
    generator = np.random.default_rng(seed)
    users = np.repeat(np.arange(USERS), each).astype(np.int32)
    items = np.concatenate([generator.choice(FILMS - 1, each, replace=False) for _ in range(USERS)]).astype(np.int32)
    liked = users % 2 == items % 2
    values = np.where(liked, 4.0, 1.0) + generator.integers(0, 2, len(users))
    log = ActionLog(
        users=users,
        items=items,
        kinds=liked.astype(np.int8),
        times=np.tile(np.arange(each, dtype=np.float64), USERS) * DAY,
        values=values.astype(np.float64),
        simulated=np.zeros(len(users), dtype=np.bool_),
        user_count=USERS,
        item_count=FILMS,
    )
    return log if stars else replace(log, values=np.full(len(users), np.nan))


def own_taste(user: int, films: np.ndarray) -> float:
    """Share of films that are of the user's taste."""
    return float((films % 2 == user % 2).mean())
