"""Downloads the pictures of items that have addresses but no pictures yet.

Good manners: few requests a second per host, back-off when a server is tired
(its own ``Retry-After`` above all), a limit of time and bytes per picture.
A failed address is reported and never stops the others; an item is done when
at least one picture is saved, so a second run goes on where the first ended.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from django.db import transaction

from shop.catalogue.models import Item
from shop.catalogue.pictures import PictureRefused, limits, picture_save
from shop.importing.public_web import AddressRefused, public_session
from shop.progress import track

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

SECONDS_BETWEEN_REQUESTS = 0.25
SECONDS_TO_CONNECT = 5.0
SECONDS_OF_SILENCE = 15.0
SECONDS_PER_PICTURE = 60.0
LONGEST_WAIT = 60.0
ATTEMPTS = 4
MOST_REDIRECTS = 5
BYTES_AT_ONCE = 64 * 1024
TIRED = frozenset({408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
ITEMS_WAITING_PER_THREAD = 4


class FetchFailed(Exception):
    """An address gave no picture; ``later`` tells after how many seconds to try again, None for never."""

    def __init__(self, problem: str, *, later: float | None = None) -> None:
        self.later = later
        super().__init__(problem)


@dataclass(slots=True)
class FetchResult:
    """How a run went: items that got pictures, pictures saved, and each failed address with its problem."""

    items: int = 0
    pictures: int = 0
    failures: list[tuple[str, str, str]] = field(default_factory=list)


class Fetcher:
    """Gets files from the public web, politely; usable from several threads.

    Args:
        user_agent: Who asks.
        trusted: Hosts that are taken though they are not public; only tests have any.
        pause: Seconds between two requests to one host.
        sleep: Waits so many seconds; tests put in their own.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        trusted: Collection[str] = frozenset(),
        pause: float = SECONDS_BETWEEN_REQUESTS,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._user_agent = user_agent
        self._trusted = trusted
        self._pause = pause
        self._sleep = sleep
        self._next_request: dict[str, float] = {}
        self._lock = threading.Lock()
        self._local = threading.local()

    def get(self, address: str, *, max_bytes: int) -> bytes:
        """The file at an address, after as many attempts as it deserves.

        Raises:
            FetchFailed: There is none to be had.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._try(address, max_bytes=max_bytes)
            except FetchFailed as failure:
                if failure.later is None or attempt == ATTEMPTS:
                    raise
                self._sleep(min(max(failure.later, 2.0 ** (attempt - 1)), LONGEST_WAIT))
        raise FetchFailed("no attempt was made")

    def _try(self, address: str, *, max_bytes: int) -> bytes:
        """One attempt, redirects followed."""
        until = time.monotonic() + SECONDS_PER_PICTURE
        for _redirect in range(MOST_REDIRECTS + 1):
            self._wait_for_turn(_host_of(address))
            try:
                with self._session().get(
                    address, stream=True, allow_redirects=False, timeout=(SECONDS_TO_CONNECT, SECONDS_OF_SILENCE)
                ) as response:
                    if response.status_code in REDIRECTS and "Location" in response.headers:
                        address = urljoin(address, response.headers["Location"])
                        continue
                    return _content(response, max_bytes=max_bytes, until=until)
            except AddressRefused as error:
                raise FetchFailed(str(error)) from error
            except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
                raise FetchFailed(f"the server cannot be reached ({type(error).__name__})", later=1.0) from error
            except (requests.RequestException, ValueError) as error:
                raise FetchFailed(f"the address cannot be used ({error})") from error
        raise FetchFailed(f"more than {MOST_REDIRECTS} redirects")

    def _wait_for_turn(self, host: str) -> None:
        """Keep the polite distance to the last request to the same host."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next_request.get(host, now))
            self._next_request[host] = turn + self._pause
        if turn > now:
            self._sleep(turn - now)

    def _session(self) -> requests.Session:
        """A session per thread, for sessions are not made to be shared."""
        if not hasattr(self._local, "session"):
            self._local.session = public_session(user_agent=self._user_agent, trusted=self._trusted)
        session: requests.Session = self._local.session
        return session


def images_fetch(fetcher: Fetcher, *, limit: int | None, concurrency: int) -> FetchResult:
    """Download and save pictures for items that have addresses but no picture.

    Args:
        fetcher: Gets the files.
        limit: At most so many items; all of them where None.
        concurrency: Downloads at a time.
    """
    waiting = Item.objects.filter(images=None).exclude(image_urls=[]).order_by("id")
    items = list(waiting.only("id", "item_id", "image_urls")[:limit])
    result = FetchResult()
    downloads = _downloads(fetcher, items, concurrency)
    for item, files in track(downloads, total=len(items), what="Fetching pictures"):
        _save(item, files, result)
    return result


Files = list[tuple[str, bytes | FetchFailed]]


def _downloads(fetcher: Fetcher, items: Iterable[Item], concurrency: int) -> Iterator[tuple[Item, Files]]:
    """The files of the items, in order; only few items ahead are kept in memory."""
    max_bytes = limits().max_bytes
    waiting: deque[tuple[Item, Future[Files]]] = deque()
    remaining = iter(items)
    with ThreadPoolExecutor(concurrency) as pool:

        def submit(count: int) -> None:
            for item in islice(remaining, count):
                waiting.append((item, pool.submit(_files_of, fetcher, item, max_bytes)))

        try:
            submit(concurrency * ITEMS_WAITING_PER_THREAD)
            while waiting:
                item, future = waiting.popleft()
                files = future.result()
                submit(1)
                yield item, files
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _files_of(fetcher: Fetcher, item: Item, max_bytes: int) -> Files:
    """What each of an item's addresses gave."""
    files: Files = []
    for address in item.image_urls:
        try:
            files.append((address, fetcher.get(address, max_bytes=max_bytes)))
        except FetchFailed as failure:
            files.append((address, failure))
    return files


def _save(item: Item, files: Files, result: FetchResult) -> None:
    """Save an item's pictures, all good ones together."""
    saved = 0
    with transaction.atomic():
        for address, content in files:
            if isinstance(content, FetchFailed):
                result.failures.append((item.item_id, address, str(content)))
                continue
            try:
                picture_save(item=item, source=content)
            except PictureRefused as refused:
                result.failures.append((item.item_id, address, refused.problem))
                continue
            saved += 1
    result.pictures += saved
    result.items += saved > 0


def _content(response: requests.Response, *, max_bytes: int, until: float) -> bytes:
    """The body, as long as it is short and quick enough."""
    if response.status_code in TIRED:
        raise FetchFailed(f"the server answered {response.status_code}", later=_retry_after(response))
    if response.status_code != requests.codes.ok:
        raise FetchFailed(f"the server answered {response.status_code}")
    content = bytearray()
    # read1 gives what has arrived instead of waiting for more, so that a trickle meets the limit of time.
    while some := response.raw.read1(BYTES_AT_ONCE, decode_content=False):
        content += some
        if len(content) > max_bytes:
            raise FetchFailed(f"the file is larger than {max_bytes:,} bytes")
        if time.monotonic() > until:
            raise FetchFailed(f"it took longer than {SECONDS_PER_PICTURE:.0f} seconds")
    return bytes(content)


def _retry_after(response: requests.Response) -> float:
    """How long the server asks to be left alone; a second where it doesn't say."""
    asked = response.headers.get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else 1.0


def _host_of(address: str) -> str:
    """The host of an http(s) address.

    Raises:
        FetchFailed: It is another kind of address, or carries a password.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError as error:
        raise FetchFailed("it is not an address") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise FetchFailed("only http(s) addresses are fetched")
    if parts.username or parts.password:
        raise FetchFailed("addresses with a password are not fetched")
    return host
