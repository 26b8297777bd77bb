"""Gets files from the public web with good manners.

Few requests a second per host, back-off when a server is tired (its own
``Retry-After`` above all), a limit of time and bytes per file, only public
http(s) addresses, each redirect looked at as if it were the first address.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from shop.importing.public_web import AddressRefused, public_session

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable

Thing = TypeVar("Thing")
Found = TypeVar("Found")

SECONDS_BETWEEN_REQUESTS = 0.25
SECONDS_TO_CONNECT = 5.0
SECONDS_OF_SILENCE = 15.0
SECONDS_PER_FILE = 60.0
LONGEST_WAIT = 60.0
ATTEMPTS = 4
MOST_REDIRECTS = 5
BYTES_AT_ONCE = 64 * 1024
TIRED = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_THERE = frozenset({404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
THINGS_WAITING_PER_THREAD = 4


class FetchFailed(Exception):
    """An address gave no file.

    Attributes:
        later: After how many seconds to try again; None for never.
        not_there: The server answered that there is nothing at this address.
    """

    def __init__(self, problem: str, *, later: float | None = None, not_there: bool = False) -> None:
        self.later = later
        self.not_there = not_there
        super().__init__(problem)


class Fetcher:
    """Gets files from the public web, politely; usable from several threads.

    Args:
        user_agent: Who asks.
        trusted: Places (``host`` or ``host:port``) that are taken though they are not public.
        pause: Seconds between two requests to one host.
        sleep: Waits so many seconds; tests put in their own. What ``stop`` ends, unless given.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        trusted: Collection[str] = frozenset(),
        pause: float = SECONDS_BETWEEN_REQUESTS,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._user_agent = user_agent
        self._trusted = trusted
        self._pause = pause
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._next_request: dict[str, float] = {}
        self._lock = threading.Lock()
        self._local = threading.local()

    def get(self, address: str, *, max_bytes: int, accept: str = "image/*") -> bytes:
        """The file at an address, after as many attempts as it deserves.

        Args:
            address: Where it is.
            max_bytes: How large it may be.
            accept: What kind of file is asked for, as the header ``Accept`` says it.

        Raises:
            FetchFailed: There is none to be had.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._try(address, max_bytes=max_bytes, accept=accept)
            except FetchFailed as failure:
                if failure.later is None or attempt == ATTEMPTS:
                    raise
                self._sleep(min(max(failure.later, 2.0 ** (attempt - 1)), LONGEST_WAIT))
        raise FetchFailed("no attempt was made")

    def stop(self) -> None:
        """Begin no further attempt and wait no longer, in any thread: whoever started the run has ended it."""
        self._stopped.set()

    def _try(self, address: str, *, max_bytes: int, accept: str) -> bytes:
        """One attempt, redirects followed."""
        until = time.monotonic() + SECONDS_PER_FILE
        for _redirect in range(MOST_REDIRECTS + 1):
            self._wait_for_turn(_host_of(address))
            if self._stopped.is_set():
                raise FetchFailed("it was not waited for")
            try:
                with self._session().get(
                    address,
                    stream=True,
                    allow_redirects=False,
                    timeout=(SECONDS_TO_CONNECT, SECONDS_OF_SILENCE),
                    headers={"Accept": accept},
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


def found_ahead(
    find: Callable[[Thing], Found], things: Iterable[Thing], *, concurrency: int, stop: Callable[[], object]
) -> Generator[tuple[Thing, Found], None, None]:
    """What ``find`` gives for each thing, in order, found by several threads; only few are kept in memory.

    Args:
        find: Works one thing out; must not raise.
        things: What is looked up.
        concurrency: How many at a time.
        stop: Called where the run ends early (Ctrl-C), so that nobody waits for what the threads still do.
    """
    waiting: deque[tuple[Thing, Future[Found]]] = deque()
    remaining = iter(things)
    with ThreadPoolExecutor(concurrency) as pool:

        def submit(count: int) -> None:
            for thing in islice(remaining, count):
                waiting.append((thing, pool.submit(find, thing)))

        try:
            submit(concurrency * THINGS_WAITING_PER_THREAD)
            while waiting:
                thing, future = waiting.popleft()
                found = future.result()
                submit(1)
                yield thing, found
        except (KeyboardInterrupt, GeneratorExit):
            stop()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _content(response: requests.Response, *, max_bytes: int, until: float) -> bytes:
    """The body, as long as it is short and quick enough."""
    if response.status_code in TIRED:
        raise FetchFailed(f"the server answered {response.status_code}", later=_retry_after(response))
    if response.status_code != requests.codes.ok:
        problem = f"the server answered {response.status_code}"
        raise FetchFailed(problem, not_there=response.status_code in NOT_THERE)
    content = bytearray()
    # read1 gives what has arrived instead of waiting for more, so that a trickle meets the limit of time.
    while some := response.raw.read1(BYTES_AT_ONCE, decode_content=False):
        content += some
        if len(content) > max_bytes:
            raise FetchFailed(f"the file is larger than {max_bytes:,} bytes")
        if time.monotonic() > until:
            raise FetchFailed(f"it took longer than {SECONDS_PER_FILE:.0f} seconds")
    return bytes(content)


def _retry_after(response: requests.Response) -> float:
    """How many seconds the server asks to be left alone, told as a number or a moment; one where it doesn't say."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return 1.0
    return max((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)


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
