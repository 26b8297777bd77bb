"""Fetches posters and facts of films from the owner's JSON source, ``POSTER_ENDPOINT``.

A film is an item whose title ends with a year in brackets. Each is asked for
once by title and year; answers and posters are kept on disk, so that another
run (after Ctrl-C, or into a shop that was filled anew) asks only for what it
doesn't know yet. Facts fill what is empty and never replace what staff wrote.
The manners are those of ``downloading``; the format is in docs/import.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from django.db import transaction

from shop.catalogue.models import Item, ItemImage
from shop.catalogue.pictures import PictureRefused, limits, picture_save
from shop.catalogue.titles import dated_title
from shop.importing.downloading import Fetcher, FetchFailed, found_ahead
from shop.importing.film_facts import AnswerUnusable, FilmFacts, read_answer, write_facts
from shop.progress import track

if TYPE_CHECKING:
    from shop.importing.kept_files import KeptFiles

ANSWER_MAX_BYTES = 256 * 1024
ITEMS_PER_QUERY = 500


@dataclass(slots=True)
class PosterResult:
    """How a run went.

    Attributes:
        posters: Items that got their poster.
        facts: Items that got facts.
        unknown: Films the source knows nothing of.
        failures: Each failed address as item id, what was asked for, problem.
    """

    posters: int = 0
    facts: int = 0
    unknown: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Film:
    """A film to ask for."""

    key: int
    item_id: str
    address: str
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a film: facts (None: the source knows nothing), its poster's file, and what failed."""

    facts: FilmFacts | None = None
    poster: bytes | None = None
    failure: tuple[str, str] | None = None


class PosterSource:
    """The owner's source of posters, behind what is kept of it on disk.

    Args:
        endpoint: Its address; a query it has already is kept.
        fetcher: Gets the files.
        kept: What earlier runs were told.
    """

    def __init__(self, endpoint: str, *, fetcher: Fetcher, kept: KeptFiles) -> None:
        self._endpoint = endpoint
        self._fetcher = fetcher
        self._kept = kept

    def address_of(self, title: str) -> str:
        """Where this film is asked for."""
        name, year = dated_title(title)
        joint = "&" if urlsplit(self._endpoint).query else "?"
        return f"{self._endpoint}{joint}{urlencode({'title': name, 'year': year})}"

    def find(self, film: Film) -> Found:
        """The facts of a film, and its poster where it has no picture; never raises."""
        try:
            answer = self._get(film.address, max_bytes=ANSWER_MAX_BYTES, accept="application/json")
            facts = read_answer(answer) if answer else None
        except FetchFailed as failure:
            return Found(failure=("the film", str(failure)))
        except AnswerUnusable as problem:
            self._kept.forget(film.address)
            return Found(failure=("the film", str(problem)))
        if facts is None or not facts.poster or film.has_picture:
            return Found(facts)
        try:
            poster = self._get(self.poster_address(facts), max_bytes=limits().max_bytes, accept="image/*")
        except FetchFailed as failure:
            return Found(facts, failure=(facts.poster, str(failure)))
        return (
            Found(facts, poster) if poster else Found(facts, failure=(facts.poster, "there is nothing at this address"))
        )

    def is_settled(self, film: Film) -> bool:
        """Whether all there is to know of a film's addresses is known, so that nothing need be asked.

        It is where the poster's address is none: nobody can be asked for that.
        """
        answer = self._kept.read(film.address)
        if answer is None:
            return False
        try:
            facts = read_answer(answer) if answer else None
        except AnswerUnusable:
            return False
        if not facts or not facts.poster or film.has_picture:
            return True
        try:
            return self._kept.has(self.poster_address(facts))
        except FetchFailed:
            return True

    def stop(self) -> None:
        """Ask nothing more."""
        self._fetcher.stop()

    def note_outcome(self, film: Film, *, failed: bool) -> None:
        """Remember whether the last attempt at a film failed."""
        if failed:
            self._kept.keep(_failure_note(film), b"")
        else:
            self._kept.forget(_failure_note(film))

    def has_failed(self, film: Film) -> bool:
        """Whether the last attempt at a film failed."""
        return self._kept.has(_failure_note(film))

    def poster_address(self, facts: FilmFacts) -> str:
        """The poster's whole address; sources may give it relative to their own.

        Raises:
            FetchFailed: What the source gives is not an address.
        """
        try:
            return urljoin(self._endpoint, facts.poster)
        except ValueError as error:
            raise FetchFailed("it is not an address") from error

    def forget_poster(self, facts: FilmFacts) -> None:
        """Ask for this poster again next time."""
        self._kept.forget(self.poster_address(facts))

    def _get(self, address: str, *, max_bytes: int, accept: str) -> bytes:
        """The kept file, else the one that is fetched now and kept; empty where the server has none."""
        content = self._kept.read(address)
        if content is None:
            try:
                content = self._fetcher.get(address, max_bytes=max_bytes, accept=accept)
            except FetchFailed as failure:
                if not failure.not_there:
                    raise
                content = b""
            self._kept.keep(address, content)
        return content


def _failure_note(film: Film) -> str:
    """Under what a failed attempt is noted, beside the addresses."""
    return f"failed {film.address}"


def trusted_place(endpoint: str) -> str:
    """``host:port`` of the endpoint: whoever sets the environment may name a server of their own network.

    What the endpoint answers is trusted no further than this one place.
    """
    parts = urlsplit(endpoint)
    return f"{parts.hostname}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"


def posters_fetch(source: PosterSource, *, limit: int | None, concurrency: int) -> PosterResult:
    """Give films their posters and facts.

    Args:
        source: Where they come from.
        limit: Ask for at most so many films; what is known from earlier runs is used anyway.
        concurrency: How many are asked for at a time.
    """
    result = PosterResult()
    films = _films_to_do(source, limit)
    found = found_ahead(source.find, films, concurrency=concurrency, stop=source.stop)
    for film, what in track(found, total=len(films), what="Fetching posters"):
        _take(film, what, source, result)
    return result


def _films_to_do(source: PosterSource, limit: int | None) -> list[Film]:
    """Films to look at: all whose questions are answered already, and up to the limit of the others.

    Those that failed in an earlier run come last, so that they never keep a limited run from going on.
    """
    settled, unasked, failed = [], [], []
    dated = Item.objects.filter(title__regex=r"[(（][0-9]{4}[)）]\s*$").order_by("id")
    rows = dated.values_list("id", "item_id", "title", "cover_id")
    for key, item_id, title, cover in rows.iterator(chunk_size=ITEMS_PER_QUERY):
        film = Film(key, item_id, source.address_of(title), cover is not None)
        if source.is_settled(film):
            settled.append(film)
        elif source.has_failed(film):
            failed.append(film)
        else:
            unasked.append(film)
    return [*settled, *(unasked + failed)[:limit]]


def _take(film: Film, found: Found, source: PosterSource, result: PosterResult) -> None:
    """Write what was found; what staff did meanwhile comes first."""
    source.note_outcome(film, failed=found.failure is not None)
    if found.failure:
        result.failures.append((film.item_id, *found.failure))
    elif found.facts is None:
        result.unknown += 1
    if found.facts is None:
        return
    with transaction.atomic():
        item = Item.objects.select_for_update().filter(pk=film.key).first()
        if item is None:
            return
        result.facts += write_facts(item, found.facts)
    if found.poster and not ItemImage.objects.filter(item=item).exists():
        try:
            picture_save(item=item, source=found.poster)
        except PictureRefused as refused:
            source.forget_poster(found.facts)
            result.failures.append((film.item_id, found.facts.poster, refused.problem))
        else:
            result.posters += 1
