"""Connects to public web servers only.

Addresses come from files, and a file can name anything: the machine itself,
the network behind it, a cloud's metadata service. So every connection (the
first one and each after a redirect) looks the name up, refuses it if any
answer is not a public address, and connects to the very answer it checked,
which leaves a name server no chance to change its mind in between. Proxies
from the environment are not used, for they would look names up themselves.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

if TYPE_CHECKING:
    from collections.abc import Collection

NAT64 = ipaddress.ip_network("64:ff9b::/96")
IPV4_BITS = 0xFFFFFFFF


class AddressRefused(Exception):
    """A name leads to a machine that is not on the public internet."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, an IPv4 address hidden in it included."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner: list[ipaddress.IPv4Address | ipaddress.IPv6Address] = [ip]
    if isinstance(ip, ipaddress.IPv6Address):
        inner += [hidden for hidden in (ip.ipv4_mapped, ip.sixtofour) if hidden]
        inner += ip.teredo or ()
        if ip in NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & IPV4_BITS))
        if ip.ipv4_mapped:
            inner.remove(ip)  # how Python judges the wrapper itself differs between versions
    return all(part.is_global and not part.is_multicast and not part.is_reserved for part in inner)


def connect_to_public(host: str, port: int, *, timeout: float | None, trusted: Collection[str]) -> socket.socket:
    """Open a connection to a public server.

    Args:
        host: Its name or address.
        port: Its port.
        timeout: Seconds to wait for each of its addresses.
        trusted: Places (``host`` or ``host:port``) that are taken whatever their address: what the shop's
            owner named in the environment, and servers of tests. Never anything out of a file.

    Raises:
        AddressRefused: One of the host's addresses is not public.
        OSError: None of them answers.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    is_trusted = host in trusted or f"{host}:{port}" in trusted
    for *_kind, place in answers:
        if not is_trusted and not is_public(str(place[0])):
            raise AddressRefused(f"{host} leads to {place[0]}, which is not a public address")
    problem: OSError | None = None
    for family, kind, protocol, _name, place in answers:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(timeout)
        try:
            connection.connect(place)
        except OSError as error:
            connection.close()
            problem = error
        else:
            return connection
    raise problem or OSError(f"{host} has no address")


def public_session(*, user_agent: str, trusted: Collection[str] = frozenset()) -> requests.Session:
    """A session that reaches public servers only.

    Args:
        user_agent: Who asks.
        trusted: Places (``host`` or ``host:port``) that are taken whatever their address: what the shop's
            owner named in the environment, and servers of tests. Never anything out of a file.
    """
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "identity"})
    adapter = _PublicAdapter(trusted)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _PublicAdapter(HTTPAdapter):
    """Makes ``requests`` connect through ``connect_to_public``."""

    def __init__(self, trusted: Collection[str]) -> None:
        self._trusted = trusted
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002  # the signature of requests
        """Pools whose connections check where they go."""
        trusted = self._trusted

        class PublicHTTPConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(self, trusted)

        class PublicHTTPSConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _checked(self, trusted)

        class PublicHTTPPool(HTTPConnectionPool):
            ConnectionCls = PublicHTTPConnection

        class PublicHTTPSPool(HTTPSConnectionPool):
            ConnectionCls = PublicHTTPSConnection

        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": PublicHTTPPool, "https": PublicHTTPSPool}


def _checked(connection: HTTPConnection, trusted: Collection[str]) -> socket.socket:
    """The socket under a connection of urllib3."""
    timeout = connection.timeout
    seconds = timeout if isinstance(timeout, (int, float)) else None
    try:
        return connect_to_public(
            connection.host,
            connection.port,
            timeout=seconds,
            trusted=trusted,
        )
    except OSError as error:
        raise NewConnectionError(connection, f"no connection: {error}") from error
