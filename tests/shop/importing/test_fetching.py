"""``fetch_images``: polite, patient, and deaf to addresses inside the house."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import quote, unquote

import pytest

from shop.catalogue.models import ItemImage
from shop.importing import downloading
from shop.importing.downloading import Fetcher, FetchFailed, found_ahead
from shop.importing.fetching import images_fetch
from shop.importing.public_web import AddressRefused, connect_to_public, is_public
from tests.factories import ItemFactory
from tests.shop.importing.conftest import picture, run
from tests.shop.importing.loopback import serving

LIMIT = 100_000
MORE_THAN_SOCKETS_HOLD = 32 * 1024 * 1024
ANSWERED = b"HTTP/1.1 200 OK\r\n"


class Shop(BaseHTTPRequestHandler):
    """A server with good pictures, bad ones and moods."""

    asked: ClassVar[list[str]] = []
    moved: ClassVar[dict[str, tuple[int, str]]] = {
        "/loop": (302, "/loop"),
        "/moved": (301, "/tired/3.png"),
        "/inside": (302, "http://127.0.0.2:9/secret.png"),
        "/file": (302, "file:///etc/passwd"),
    }

    def do_GET(self) -> None:
        self.asked.append(self.path)
        times = self.asked.count(self.path)
        if self.path.startswith("/tired") and times < 3:
            self.answer(503, b"", {"Retry-After": "7"})
        elif self.path == "/until" and times < 3:
            moments = ["Wed, 21 Oct 2015 07:28:00 GMT", "soon"]
            self.answer(429, b"", {"Retry-After": moments[times - 1]})
        elif self.path == "/later" and times < 2:
            self.answer(429, b"", {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=30))})
        elif self.path.startswith("/asks/") and times < 2:
            self.answer(429, b"", {"Retry-After": unquote(self.path.removeprefix("/asks/"))})
        elif self.path in self.moved:
            status, place = self.moved[self.path]
            self.answer(status, b"", {"Location": place})
        elif self.path == "/gone":
            self.answer(404, b"")
        elif self.path == "/large":
            self.answer(200, b"\0" * (LIMIT + 1))
        elif self.path == "/html":
            self.answer(200, b"<html>")
        elif self.path == "/cut":
            self.answer(200, b"half", {"Content-Length": "8"})
        else:
            self.answer(200, picture(len(self.path)))

    def answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class Trickle(BaseHTTPRequestHandler):
    """A server that begins to answer and then sends a byte now and then."""

    beginnings: ClassVar[dict[str, bytes]] = {
        "/status": b"HTTP/1.1 200 ",
        "/header": ANSWERED + b"X-Slow: ",
        "/chunk": ANSWERED + b"Transfer-Encoding: chunked\r\n\r\n1;slow=",
        "/file": ANSWERED + b"Content-Length: 1000\r\n\r\n",
    }

    def do_GET(self) -> None:
        """Goes on longer than the tests' limit of time, but not without end, so that they fail where it isn't kept."""
        with suppress(OSError):  # who asked has hung up
            self.wfile.write(self.beginnings.get(self.path, b""))
            for _byte in range(30):
                time.sleep(0.05)
                if self.path != "/silence":
                    self.wfile.write(b"a")
        self.close_connection = True

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class LongGoodbye(BaseHTTPRequestHandler):
    """A server whose redirect carries far more than any file may have."""

    hung_up: ClassVar[threading.Event]

    def do_GET(self) -> None:
        if self.path == "/a.png":
            self.wfile.write(ANSWERED + b"\r\n" + picture())
            return
        self.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /a.png\r\n\r\n")
        try:
            self.wfile.write(b"\0" * MORE_THAN_SOCKETS_HOLD)
        except OSError:
            self.hung_up.set()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The server's address."""
    Shop.asked.clear()
    with serving(Shop) as address:
        yield address


@pytest.fixture
def trickle() -> Iterator[str]:
    """The address of a server that is slower than anybody may be."""
    with serving(Trickle) as address:
        yield address


@pytest.fixture
def long_goodbye(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose redirect carries too much."""
    monkeypatch.setattr(LongGoodbye, "hung_up", threading.Event(), raising=False)
    with serving(LongGoodbye) as address:
        yield address


@pytest.fixture
def waits() -> list[float]:
    """How long the fetcher would have slept, in order."""
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Fetcher:
    return Fetcher(user_agent="test", trusted={"127.0.0.1"}, pause=0.0, sleep=waits.append)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # an address to refuse
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("ff02::1", False),
    ],
)
def test_only_public_addresses_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433"])
def test_the_machine_itself_is_refused_however_written(server: str, host: str) -> None:
    port = int(server.rpartition(":")[2])
    with pytest.raises(AddressRefused, match="which is not a public address"):
        connect_to_public(host, port, timeout=1.0, trusted=())
    assert Shop.asked == []


def test_a_name_with_one_inner_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_question: Any, **_kind: Any) -> list[Any]:
        kinds = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kinds, ("93.184.216.34", 80)), (*kinds, ("127.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(AddressRefused, match=r"rebinding\.example leads to 127\.0\.0\.1"):
        connect_to_public("rebinding.example", 80, timeout=1.0, trusted=())


def test_the_checked_answer_is_the_one_connected_to(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once: a second answer never counts."""
    port = int(server.rpartition(":")[2])
    answers = iter([[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_question, **_kind: next(answers))
    fetcher = Fetcher(user_agent="test", trusted={"pictures.example"}, pause=0.0)
    assert fetcher.get(f"http://pictures.example:{port}/a.png", max_bytes=LIMIT) == picture(6)


def test_nothing_inside_is_fetched_without_trust(server: str, waits: list[float]) -> None:
    fetcher = Fetcher(user_agent="test", pause=0.0, sleep=waits.append)
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1, which is not a public address"):
        fetcher.get(f"{server}/a.png", max_bytes=LIMIT)
    assert (Shop.asked, waits) == ([], [])


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/inside", "127.0.0.2, which is not a public address"),
        ("/file", "only http(s) addresses are fetched"),
        ("/loop", "more than 5 redirects"),
        ("/gone", "the server answered 404"),
        ("/large", "the file is larger than 100,000 bytes"),
    ],
)
def test_what_is_not_worth_another_attempt(
    fetcher: Fetcher, server: str, waits: list[float], path: str, problem: str
) -> None:
    with pytest.raises(FetchFailed) as failed:
        fetcher.get(f"{server}{path}", max_bytes=LIMIT)
    assert problem in str(failed.value)
    assert waits == []


@pytest.mark.parametrize("address", ["ftp://a.example/1", "http://name:word@a.example/1", "http://[", "mailto:a"])
def test_other_addresses_are_not_fetched(fetcher: Fetcher, address: str) -> None:
    with pytest.raises(FetchFailed):
        fetcher.get(address, max_bytes=LIMIT)


def test_what_a_redirect_itself_carries_is_not_read(fetcher: Fetcher, long_goodbye: str) -> None:
    assert fetcher.get(f"{long_goodbye}/moved", max_bytes=LIMIT) == picture()
    assert LongGoodbye.hung_up.wait(5.0)


def test_a_tired_server_is_given_the_time_it_asks_for(fetcher: Fetcher, server: str, waits: list[float]) -> None:
    assert fetcher.get(f"{server}/moved", max_bytes=LIMIT) == picture(len("/tired/3.png"))
    assert waits == [7.0, 7.0]


def test_a_server_may_name_a_moment(fetcher: Fetcher, server: str, waits: list[float]) -> None:
    fetcher.get(f"{server}/later", max_bytes=LIMIT)
    assert waits == [pytest.approx(30.0, abs=5.0)]


def test_a_moment_that_is_past_or_none_falls_back_to_growing_waits(
    fetcher: Fetcher, server: str, waits: list[float]
) -> None:
    fetcher.get(f"{server}/until", max_bytes=LIMIT)
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize(
    "moment",
    [
        "Fri, 31 Dec 9999 23:59:59 -2300",  # is after the last moment there is
        "Fri, 31 Dec 99999999999999999999 23:59:59 GMT",
        "Fri, 31 Dec 9999 23:59:59 +9999",
    ],
)
def test_a_moment_that_never_comes_is_not_waited_for(
    fetcher: Fetcher, server: str, waits: list[float], moment: str
) -> None:
    fetcher.get(f"{server}/asks/{quote(moment)}", max_bytes=LIMIT)
    assert waits == [1.0]


def test_a_broken_answer_is_tried_again_with_growing_waits(fetcher: Fetcher, server: str, waits: list[float]) -> None:
    with pytest.raises(FetchFailed, match="the server cannot be reached"):
        fetcher.get(f"{server}/cut", max_bytes=LIMIT)
    assert (len(Shop.asked), waits) == (4, [1.0, 2.0, 4.0])


def test_requests_to_one_host_keep_their_distance(server: str, waits: list[float]) -> None:
    fetcher = Fetcher(user_agent="test", trusted={"127.0.0.1"}, pause=100.0, sleep=waits.append)
    for _time in range(3):
        fetcher.get(f"{server}/a.png", max_bytes=LIMIT)
    assert waits == pytest.approx([100.0, 200.0], abs=5.0)


@pytest.mark.parametrize("path", [*Trickle.beginnings, "/silence"])
def test_a_trickle_ends_at_the_limit_of_time(
    fetcher: Fetcher, trickle: str, waits: list[float], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(downloading, "SECONDS_PER_FILE", 0.2)
    with pytest.raises(FetchFailed) as failed:
        fetcher.get(f"{trickle}{path}", max_bytes=LIMIT)
    assert str(failed.value) == "it took longer than 0 seconds"
    assert waits == []


def test_what_other_threads_get_gives_a_trickle_no_more_time(
    fetcher: Fetcher, server: str, trickle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "SECONDS_PER_FILE", 0.2)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(fetcher.get, f"{trickle}/header", max_bytes=LIMIT)
        while not slow.done():
            with suppress(FetchFailed):  # a busy machine may be slow itself
                fetcher.get(f"{server}/a.png", max_bytes=LIMIT)
    assert str(slow.exception()) == "it took longer than 0 seconds"


def test_a_run_that_ends_early_waits_for_nobody() -> None:
    """A thread sits out a long wait; without ``stop`` the run would sit it out too."""
    waiting, let_go = threading.Event(), threading.Event()

    def find(number: int) -> int:
        if number:
            waiting.set()
            assert let_go.wait(20.0), "nobody called stop"
        return number

    run_of_two = found_ahead(find, [0, 1], concurrency=2, stop=let_go.set)
    assert next(run_of_two) == (0, 0)
    assert waiting.wait(20.0)
    run_of_two.close()
    assert let_go.is_set()


def test_a_stopped_fetcher_neither_waits_nor_asks(server: str) -> None:
    fetcher = Fetcher(user_agent="test", trusted={"127.0.0.1"}, pause=100.0)
    fetcher.get(f"{server}/a.png", max_bytes=LIMIT)
    threading.Timer(0.05, fetcher.stop).start()
    with pytest.raises(FetchFailed, match="it was not waited for"):
        fetcher.get(f"{server}/a.png", max_bytes=LIMIT)
    assert Shop.asked == ["/a.png"]


@pytest.mark.django_db
def test_failures_are_listed_and_stop_nothing(fetcher: Fetcher, server: str) -> None:
    good = ItemFactory.create(image_urls=[f"{server}/a.png", f"{server}/gone", f"{server}/bb.png"])
    bad = ItemFactory.create(image_urls=[f"{server}/html"])
    ItemFactory.create()
    result = images_fetch(fetcher, limit=None, concurrency=2)
    assert (result.items, result.pictures) == (1, 2)
    assert sorted(result.failures) == sorted(
        [
            (good.item_id, f"{server}/gone", "the server answered 404"),
            (bad.item_id, f"{server}/html", "it is not a picture"),
        ]
    )
    assert [image.position for image in ItemImage.objects.filter(item=good)] == [0, 1]


@pytest.mark.django_db
def test_a_second_run_goes_on_where_the_first_ended(fetcher: Fetcher, server: str) -> None:
    for number in range(3):
        ItemFactory.create(image_urls=[f"{server}/{number * 'x'}.png"])
    assert images_fetch(fetcher, limit=2, concurrency=1).items == 2
    assert images_fetch(fetcher, limit=None, concurrency=1).items == 1
    assert images_fetch(fetcher, limit=None, concurrency=1).items == 0
    assert len(Shop.asked) == 3


@pytest.mark.django_db
def test_the_command_never_fails_and_never_reaches_inside(server: str) -> None:
    item = ItemFactory.create(image_urls=[f"{server}/a.png"])
    output = run("fetch_images", limit=5)
    assert output.startswith(f"{item.item_id}: {server}/a.png: 127.0.0.1 leads to 127.0.0.1, which is not a public")
    assert output.endswith("Fetched 0 pictures for 0 items; 1 addresses failed.\n")
    assert Shop.asked == []
