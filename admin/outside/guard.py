"""The way to the open internet, and to nowhere nearer.

An address that somebody else chose could lead into our own network. Its host is looked up once, every address it has must
be a public one, and that very address is what is connected to.
"""

import ssl
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, socket
from threading import Timer
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, urlsplit

from certifi import where

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Sequence[str]]
PORTS: Final = {"https": 443, "http": 80}
# An IPv4 address inside: by NAT64, or as it was first meant.
WRAPPED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))


class NotOutside(StrEnum):
    """Why an address is not gone to."""

    NOT_HTTPS = "not_https"
    NOT_PUBLIC = "not_public"


class NotOutsideError(Exception):
    """An address does not lead out, or not safely; `why` says which."""

    def __init__(self, why: NotOutside) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: what is asked of which address, and what is sent along."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet's, also where an older one hides in it."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or any(address in network for network in WRAPPED):
            return False
    return address.is_global and not address.is_multicast


def is_public_or_here(address: Address) -> bool:
    """The open internet or this very machine: for tests and demos, where the other end runs beside us."""
    return address.is_loopback or is_public(address)


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses that a name has, as the system knows them."""
    return [str(found[4][0]) for found in getaddrinfo(host, port, type=SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Outside:
    """The way out; only a test or a demo allows more than public addresses by HTTPS."""

    allows: Callable[[Address], bool] = is_public
    schemes: Collection[str] = ("https",)
    look_up: LookUp = addresses_of

    @contextmanager
    def asked(self, asking: Asking, ends: float) -> Iterator[HTTPResponse]:
        """The answer to one request, over by `ends` (monotonic seconds), redirects not followed.

        Raises NotOutsideError; else what sockets, TLS and HTTP raise, and ValueError for what is no address.
        """
        parts = urlsplit(asking.url)
        if parts.scheme not in self.schemes:
            raise NotOutsideError(NotOutside.NOT_HTTPS)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        with (
            create_connection((self._public_address(host, port), port), _left(ends)) as plain,
            _secured(plain, host if parts.scheme == "https" else None) as line,
            _cut_off(line, ends),
        ):
            connection = HTTPConnection(host, port)
            connection.sock = line
            connection.request(asking.method, _path(parts), asking.body, {"Host": _named(parts), **asking.headers})
            with connection.getresponse() as response:
                yield response

    def refuses(self, url: str) -> NotOutside | None:
        """Why this address would not be gone to, as far as can be told today; a name that nobody knows may be known later."""
        parts = urlsplit(url)
        if parts.scheme not in self.schemes:
            return NotOutside.NOT_HTTPS
        try:
            self._public_address(parts.hostname or "", parts.port or PORTS[parts.scheme])
        except NotOutsideError as error:
            return error.why
        except (OSError, ValueError):
            return None
        return None

    def _public_address(self, host: str, port: int) -> str:
        """The address to connect to; one name may have several, and none of them may be ours."""
        addresses = self.look_up(host, port)
        if not addresses or not all(self.allows(ip_address(address)) for address in addresses):
            raise NotOutsideError(NotOutside.NOT_PUBLIC)
        return addresses[0]


def outside_of(*, loopback: bool) -> Outside:
    """The way out of this program: by HTTPS to the open internet; in a demo also to this very machine."""
    return Outside(is_public_or_here, ("https", "http")) if loopback else Outside()


def _path(parts: SplitResult) -> str:
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"


def _named(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]  # as it was written, without a port where none was


def _secured(plain: socket, host: str | None) -> socket:
    """The connection under TLS to whoever can prove to be this host; the handshake comes with the first word."""
    if host is None:
        return plain
    context = ssl.create_default_context(cafile=where())
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


@contextmanager
def _cut_off(line: socket, ends: float) -> Iterator[None]:
    """Hang up when the time is over: a time limit of the socket's own begins anew with every byte that drips in."""
    timer = Timer(_left(ends), _hang_up, [line])
    timer.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        yield
    finally:
        timer.cancel()


def _hang_up(line: socket) -> None:
    try:
        socket.shutdown(line, SHUT_RDWR)
    except OSError:
        return  # over already


def _left(ends: float) -> float:
    return max(0.01, ends - monotonic())
