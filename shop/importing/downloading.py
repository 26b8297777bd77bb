"""Gets files from the public web with good manners.

Few requests a second per host, back-off when a server is tired (its own
``Retry-After`` above all), a limit of time and bytes per file, only public
http(s) addresses, each redirect looked at as if it were the first address.
"""

from __future__ import annotations

import io
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from shop.importing.public_web import AddressRefused, public_session

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Collection, Generator, Iterable

    from _typeshed import WriteableBuffer

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
        self._local.until = time.monotonic() + SECONDS_PER_FILE
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
                    return _content(response, max_bytes=max_bytes)
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
            _read_in_time(self._local.session, self._seconds_left)
            # requests reads all of a redirect's own body, however large, where it sees that it is one.
            self._local.session.get_redirect_target = lambda _response: None
        session: requests.Session = self._local.session
        return session

    def _seconds_left(self) -> float:
        """How long the file this thread is getting may still take.

        Raises:
            FetchFailed: Its time is over.
        """
        left: float = self._local.until - time.monotonic()
        if left <= 0:
            raise FetchFailed(f"it took longer than {SECONDS_PER_FILE:.0f} seconds")
        return left


class _TimedReads(io.RawIOBase):
    """What a server sends, as long as there is time for it.

    A socket's own timeout begins anew with each byte, so a server that sends
    one now and then would be waited for without end, be it in a header, in
    the length of a chunk or in the file itself.

    Args:
        connection: Where it comes from.
        reads: The connection's reading end.
        seconds_left: Tells how long reading may still take; raises when its time is over.
    """

    def __init__(self, connection: socket.socket, reads: io.RawIOBase, seconds_left: Callable[[], float]) -> None:
        self._connection = connection
        self._reads = reads
        self._seconds_left = seconds_left

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """What has arrived, waited for until the server was silent too long or the time is over."""
        self._connection.settimeout(min(SECONDS_OF_SILENCE, self._seconds_left()))
        try:
            return self._reads.readinto(buffer)
        except TimeoutError:
            self._seconds_left()
            raise

    def close(self) -> None:
        """Close the connection's reading end too."""
        self._reads.close()
        super().close()


def _read_in_time(session: requests.Session, seconds_left: Callable[[], float]) -> None:
    """Make a session read whatever servers answer, headers included, through ``_TimedReads``.

    urllib3 lets the classes of its connections be chosen, so no thread has to watch over another.
    """

    class TimedAnswer(HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
            super().__init__(sock, *arguments, **options)
            self.fp = io.BufferedReader(_TimedReads(sock, self.fp.detach(), seconds_left))

    for adapter in set(session.adapters.values()):
        if isinstance(adapter, HTTPAdapter):
            pools = adapter.poolmanager.pool_classes_by_scheme
            adapter.poolmanager.pool_classes_by_scheme = {
                scheme: _pool_answering_with(TimedAnswer, pool) for scheme, pool in pools.items()
            }


def _pool_answering_with(
    answer: type[HTTPResponse], pool: type[urllib3.HTTPConnectionPool]
) -> type[urllib3.HTTPConnectionPool]:
    """The same kind of pool, whose connections read answers with this class."""
    connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": answer})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


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


def _content(response: requests.Response, *, max_bytes: int) -> bytes:
    """The body, as long as it is short enough."""
    if response.status_code in TIRED:
        raise FetchFailed(f"the server answered {response.status_code}", later=_retry_after(response))
    if response.status_code != requests.codes.ok:
        problem = f"the server answered {response.status_code}"
        raise FetchFailed(problem, not_there=response.status_code in NOT_THERE)
    content = bytearray()
    while some := response.raw.read1(BYTES_AT_ONCE, decode_content=False):
        content += some
        if len(content) > max_bytes:
            raise FetchFailed(f"the file is larger than {max_bytes:,} bytes")
    return bytes(content)


def _retry_after(response: requests.Response) -> float:
    """How many seconds the server asks to be left alone, told as a number or a moment; one where it doesn't say."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        moment = parsedate_to_datetime(asked).astimezone(UTC)
    except (ValueError, OverflowError):
        return 1.0
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


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
