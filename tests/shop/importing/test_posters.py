"""``fetch_posters`` against a server with every bad habit."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from shop.catalogue.models import Item, ItemImage
from shop.catalogue.pictures import picture_save
from shop.importing import downloading, posters
from shop.importing.downloading import Fetcher, FetchFailed
from shop.importing.film_facts import write_facts
from shop.importing.kept_files import KeptFiles
from shop.importing.posters import PosterResult, PosterSource, posters_fetch, trusted_place
from tests.factories import ItemFactory
from tests.shop.importing.conftest import picture, refusal, run
from tests.shop.importing.loopback import serving

MANY_BYTES = 300 * 1024


class FilmSource(BaseHTTPRequestHandler):
    """Answers by the film's title, which names the mood it meets."""

    asked: ClassVar[list[str]] = []
    headers_seen: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        title = parse_qs(parts.query).get("title", [parts.path])[0]
        self.asked.append(title)
        self.headers_seen.append((parts.path, self.headers["Accept"]))
        again = self.asked.count(title) > 1
        moods: dict[str, Callable[[], None]] = {
            "Unknown": lambda: self.answer(404, b""),
            "Nothing": self.tell,
            "No poster": lambda: self.tell(director="Ada"),
            "Busy": lambda: self.tell(director="Ada") if again else self.answer(429, b"", {"Retry-After": "7"}),
            "Ill": lambda: self.tell(director="Ada") if again else self.answer(500, b""),
            "Dead": lambda: self.answer(500, b""),
            "Forbidden": lambda: self.answer(403, b""),
            "Broken": lambda: self.answer(200, b'{"poster": '),
            "Page": lambda: self.answer(200, b"<html>", {"Content-Type": "text/html"}),
            "Huge": lambda: self.answer(200, b" " * MANY_BYTES),
            "Endless": lambda: self.answer(200, b" ", {"Content-Length": "9"}),
            "Slow": self.wait,
            "Loop": lambda: self.answer(302, b"", {"Location": self.path}),
            "Moved": lambda: self.answer(301, b"", {"Location": "/films?title=No+poster"}),
            "Inside": lambda: self.answer(302, b"", {"Location": "http://127.0.0.2:9/films"}),
            "Other port": lambda: self.answer(302, b"", {"Location": "http://127.0.0.1:9/films"}),
            "Page as poster": lambda: self.tell(poster="/page.jpg"),
            "Poster gone": lambda: self.tell(poster="/gone.jpg"),
            "Poster huge": lambda: self.tell(poster="/huge.jpg"),
            "Poster inside": lambda: self.tell(poster="http://169.254.169.254/latest/meta-data"),
            "Poster in a file": lambda: self.tell(poster="file:///etc/passwd"),
            "Open bracket": lambda: self.tell(poster="http://[bad/p.jpg", director="Ada"),
            "Slash in a name": lambda: self.tell(poster="http://ex℀mple.com/p", director="Ada"),
            "/page.jpg": lambda: self.answer(200, b"<html>", {"Content-Type": "image/jpeg"}),
            "/gone.jpg": lambda: self.answer(410, b""),
            "/huge.jpg": lambda: self.answer(200, b"\xff" * MANY_BYTES),
            "/good.png": lambda: self.answer(200, picture(40)),
        }
        moods.get(title, lambda: self.tell(poster="/good.png", overview=f"About {title}.", director=["Ada", "Bo"]))()

    def tell(self, **facts: Any) -> None:
        self.answer(200, json.dumps(facts).encode(), {"Content-Type": "application/json"})

    def wait(self) -> None:
        time.sleep(0.4)
        self.tell(director="late")

    def answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def handle(self) -> None:
        """A client that hung up is no news."""
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """The source's address."""
    FilmSource.asked.clear()
    FilmSource.headers_seen.clear()
    with serving(FilmSource) as address:
        yield f"{address}/films?key=secret"


@pytest.fixture
def waits() -> list[float]:
    """How long the fetcher would have slept, in order."""
    return []


@pytest.fixture
def fetch(endpoint: str, waits: list[float], tmp_path: Path) -> Callable[..., PosterResult]:
    """Run over the films of the shop."""

    def go(limit: int | None = None) -> PosterResult:
        place = trusted_place(endpoint)
        fetcher = Fetcher(user_agent="test", trusted={place}, pause=0.0, sleep=waits.append)
        source = PosterSource(endpoint, fetcher=fetcher, kept=KeptFiles(tmp_path / "kept"))
        return posters_fetch(source, limit=limit, concurrency=1)

    return go


def film(title: str, **fields: Any) -> Item:
    return ItemFactory.create(title=f"{title} (1999)", description="", **fields)


pytestmark = pytest.mark.django_db


def test_a_film_gets_its_poster_and_facts(fetch: Callable[..., PosterResult]) -> None:
    item = film("Good")
    assert fetch() == PosterResult(posters=1, facts=1)
    item.refresh_from_db()
    assert (item.description, item.attributes) == ("About Good.", {"director": "Ada, Bo"})
    assert item.cover is not None
    assert FilmSource.headers_seen == [("/films", "application/json"), ("/good.png", "image/*")]


def test_only_what_carries_a_year_is_a_film(fetch: Callable[..., PosterResult]) -> None:
    ItemFactory.create(title="A chair")
    ItemFactory.create(title="", description="Words only (1999)")
    assert fetch() == PosterResult()
    assert FilmSource.asked == []


@pytest.mark.parametrize("title", ["Good", "Unknown", "Nothing", "No poster", "Poster gone"])
def test_a_second_run_asks_nothing_anew(fetch: Callable[..., PosterResult], title: str) -> None:
    film(title)
    first = fetch()
    asked = len(FilmSource.asked)
    second = fetch()
    assert len(FilmSource.asked) == asked
    assert (second.unknown, second.failures) == (first.unknown, first.failures)
    assert (second.posters, second.facts) == (0, 0)


def test_a_shop_filled_anew_gets_all_from_the_disk(fetch: Callable[..., PosterResult]) -> None:
    film("Good").delete()
    film("Good")
    fetch()
    Item.objects.all().delete()
    film("Good")
    asked = len(FilmSource.asked)
    assert fetch(limit=1) == PosterResult(posters=1, facts=1)
    assert len(FilmSource.asked) == asked


def test_the_limit_counts_questions_and_the_next_run_goes_on(fetch: Callable[..., PosterResult]) -> None:
    for number in range(3):
        film(f"Film {number}")
    assert fetch(limit=2).posters == 2
    assert fetch(limit=2).posters == 1
    assert ItemImage.objects.count() == 3


@pytest.mark.parametrize("title", ["Forbidden", "Poster inside"])
def test_what_failed_never_keeps_a_limited_run_from_going_on(fetch: Callable[..., PosterResult], title: str) -> None:
    film(title)
    film("Good")
    film("Better")
    assert [len(fetch(limit=1).failures) for _run in range(4)] == [1, 0, 0, 1]
    assert ItemImage.objects.count() == 2


def test_an_item_with_a_picture_keeps_it_and_asks_for_no_poster(fetch: Callable[..., PosterResult]) -> None:
    item = film("Good")
    picture_save(item=item, source=picture(9))
    assert fetch() == PosterResult(facts=1)
    assert item.images.count() == 1
    assert FilmSource.asked == ["Good"]


def test_a_picture_staff_uploaded_meanwhile_stays_alone(
    fetch: Callable[..., PosterResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = film("Good")

    def upload_meanwhile(*arguments: Any) -> bool:
        picture_save(item=item, source=picture(9))
        return write_facts(*arguments)

    monkeypatch.setattr(posters, "write_facts", upload_meanwhile)
    assert fetch().posters == 0
    assert item.images.count() == 1


def test_an_item_deleted_meanwhile_is_passed_over(
    fetch: Callable[..., PosterResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    film("Good")
    take = posters._take

    def delete_first(*arguments: Any) -> None:
        Item.objects.all().delete()
        take(*arguments)

    monkeypatch.setattr(posters, "_take", delete_first)
    assert fetch() == PosterResult()


@pytest.mark.parametrize(("title", "waited"), [("Busy", [7.0]), ("Ill", [1.0])])
def test_a_tired_source_is_asked_again_later(
    fetch: Callable[..., PosterResult], waits: list[float], title: str, waited: list[float]
) -> None:
    film(title)
    assert fetch() == PosterResult(facts=1)
    assert waits == waited


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("Dead", "the server answered 500"),
        ("Forbidden", "the server answered 403"),
        ("Broken", "the answer is not JSON"),
        ("Page", "the answer is not JSON"),
        ("Huge", "the file is larger than 262,144 bytes"),
        ("Endless", "the server cannot be reached"),
        ("Loop", "more than 5 redirects"),
        ("Inside", "127.0.0.2, which is not a public address"),
        ("Other port", "127.0.0.1, which is not a public address"),
    ],
)
def test_a_failed_question_is_told_without_the_key_and_asked_again(
    fetch: Callable[..., PosterResult], title: str, problem: str
) -> None:
    item = film(title)
    film("Good")
    result = fetch()
    ((item_id, asked_for, told),) = result.failures
    assert (item_id, asked_for) == (item.item_id, "the film")
    assert problem in told
    assert "secret" not in told
    assert result.posters == 1
    asked = len(FilmSource.asked)
    fetch()
    assert set(FilmSource.asked[asked:]) == {title}


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("Page as poster", "it is not a picture"),
        ("Poster gone", "there is nothing at this address"),
        ("Poster huge", "the file is larger than 100,000 bytes"),
        ("Poster inside", "169.254.169.254, which is not a public address"),
        ("Poster in a file", "only http(s) addresses are fetched"),
    ],
)
def test_a_bad_poster_is_told_and_stops_nothing(
    fetch: Callable[..., PosterResult], settings: Any, title: str, problem: str
) -> None:
    settings.PICTURE_MAX_BYTES = 100_000
    item = film(title)
    film("Good")
    result = fetch()
    ((item_id, _address, told),) = result.failures
    assert item_id == item.item_id
    assert problem in told
    assert result.posters == 1


@pytest.mark.parametrize(
    ("title", "poster"), [("Open bracket", "http://[bad/p.jpg"), ("Slash in a name", "http://ex℀mple.com/p")]
)
def test_a_poster_address_that_is_none_is_told_in_each_run_and_stops_none(
    fetch: Callable[..., PosterResult], monkeypatch: pytest.MonkeyPatch, title: str, poster: str
) -> None:
    """The answer that names it stays on the disk, so a later run meets it even when the server is gone."""
    item = film(title)
    film("Good")
    told = (item.item_id, poster, "it is not an address")
    assert fetch() == PosterResult(posters=1, facts=2, failures=[told])
    assert fetch() == PosterResult(failures=[told])

    def be_gone(*_question: Any, **_manners: Any) -> bytes:
        raise FetchFailed("the server cannot be reached")

    monkeypatch.setattr(Fetcher, "get", be_gone)
    assert fetch() == PosterResult(failures=[told])


def test_a_poster_address_that_is_none_takes_no_place_in_a_limited_run(fetch: Callable[..., PosterResult]) -> None:
    for title in ("Open bracket", "Good", "Better"):
        film(title)
    runs = [fetch(limit=1) for _run in range(3)]
    assert [(run.posters, len(run.failures)) for run in runs] == [(0, 1), (1, 1), (1, 1)]


def test_the_command_tells_of_a_poster_address_that_is_none(endpoint: str, settings: Any, tmp_path: Path) -> None:
    settings.POSTER_ENDPOINT = endpoint
    settings.POSTER_CACHE = tmp_path / "kept"
    item = film("Open bracket")
    for _run in range(2):
        assert f"{item.item_id}: http://[bad/p.jpg: it is not an address\n" in run("fetch_posters")


def test_a_silent_source_is_not_waited_for(
    fetch: Callable[..., PosterResult], monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    monkeypatch.setattr(downloading, "SECONDS_OF_SILENCE", 0.1)
    film("Slow")
    ((_item, _address, told),) = fetch().failures
    assert told == "the server cannot be reached (ReadTimeout)"
    assert waits == [1.0, 2.0, 4.0]


def test_redirects_within_the_source_are_followed(fetch: Callable[..., PosterResult]) -> None:
    film("Moved")
    assert fetch() == PosterResult(facts=1)


def test_nothing_is_cut_on_the_disk(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path / "kept")
    assert (kept.read("a"), kept.has("a")) == (None, False)
    kept.keep("a", b"one")
    kept.keep("a", b"two")
    assert (kept.read("a"), kept.has("a")) == (b"two", True)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    kept.forget("a")
    kept.forget("a")
    assert not kept.has("a")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://films.example/x?y", "films.example:443"),
        ("http://films.example", "films.example:80"),
        ("http://127.0.0.1:81", "127.0.0.1:81"),
    ],
)
def test_trust_is_for_one_place(address: str, place: str) -> None:
    assert trusted_place(address) == place


def test_the_command(endpoint: str, settings: Any, tmp_path: Path) -> None:
    settings.POSTER_ENDPOINT = endpoint
    settings.POSTER_CACHE = tmp_path / "kept"
    film("Good")
    item = film("Page")
    assert run("fetch_posters", limit=5).splitlines() == [
        f"{item.item_id}: the film: the answer is not JSON",
        "Fetched 1 posters; 1 items got facts; 0 films are unknown to the source; 1 addresses failed.",
    ]


@pytest.mark.parametrize(
    ("address", "cure"), [("", "Set POSTER_ENDPOINT"), ("http://a.example:99999", "cannot be used")]
)
def test_the_command_without_a_source(settings: Any, address: str, cure: str) -> None:
    settings.POSTER_ENDPOINT = address
    assert cure in refusal("fetch_posters")
