"""Fetches helpers' calendars from the web, and from nowhere nearer.

The address is somebody else's choice, so it could lead into our own network. Its host is looked up once, every address it
has must be a public one, and that very address is what is connected to; each hop of a redirect is looked at in the same way.
"""

import ssl
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import SHUT_RDWR, SOCK_STREAM, create_connection, getaddrinfo, socket
from threading import Timer
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from certifi import where

from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Sequence[str]]
LARGEST: Final = 2 * 1024 * 1024  # bytes
PATIENCE_S: Final = 10.0  # for the whole of it, redirects too
MOST_HOPS: Final = 3
CHUNK: Final = 64 * 1024
MOVED: Final = frozenset({301, 302, 303, 307, 308})
PORTS: Final = {"https": 443, "http": 80}
WRAPPED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # an IPv4 address inside (NAT64)
HEADERS: Final = {"User-Agent": "Digilinja", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity"}


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet's, also where an older one hides in it."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in WRAPPED):
            return False
    return address.is_global and not address.is_multicast


def addresses_of(host: str, port: int) -> Sequence[str]:
    """All addresses that a name has, as the system knows them."""
    return [str(found[4][0]) for found in getaddrinfo(host, port, type=SOCK_STREAM)]


class CalendarWeb:
    """The way to calendars elsewhere; only a test allows more than public addresses by HTTPS."""

    def __init__(
        self,
        allows: Callable[[Address], bool] = is_public,
        schemes: Collection[str] = ("https",),
        look_up: LookUp = addresses_of,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._allows = allows
        self._schemes = schemes
        self._look_up = look_up
        self._patience_s = patience_s

    def fetch(self, url: str) -> bytes:
        """What lies at this address, 2 MB at most; raises CalendarUnreadableError."""
        ends = monotonic() + self._patience_s
        for _ in range(MOST_HOPS + 1):
            answer = self._get(url, ends)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise CalendarUnreadableError(CalendarTrouble.MOVED_TOO_OFTEN)

    def _get(self, url: str, ends: float) -> bytes | str:
        """The body, or where it has moved to."""
        try:
            with self._asked(urlsplit(url), ends) as response:
                return _answer(response, ends)
        except (HTTPException, OSError, ValueError) as error:
            slow = isinstance(error, TimeoutError) or monotonic() >= ends
            raise CalendarUnreadableError(CalendarTrouble.TOO_SLOW if slow else CalendarTrouble.UNREACHABLE) from error

    @contextmanager
    def _asked(self, parts: SplitResult, ends: float) -> Iterator[HTTPResponse]:
        if parts.scheme not in self._schemes:
            raise CalendarUnreadableError(CalendarTrouble.NOT_HTTPS)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        with (
            create_connection((self._public_address(host, port), port), _left(ends)) as plain,
            _secured(plain, host if parts.scheme == "https" else None) as line,
            _cut_off(line, ends),
        ):
            connection = HTTPConnection(host, port)
            connection.sock = line
            path = parts._replace(scheme="", netloc="", fragment="").geturl()
            named = parts.netloc.rpartition("@")[2]  # as it was written, without a port where none was
            connection.request("GET", path or "/", headers={"Host": named, **HEADERS})
            with connection.getresponse() as response:
                yield response

    def _public_address(self, host: str, port: int) -> str:
        """The address to connect to; one name may have several, and none of them may be ours."""
        addresses = self._look_up(host, port)
        if not addresses or not all(self._allows(ip_address(address)) for address in addresses):
            raise CalendarUnreadableError(CalendarTrouble.NOT_PUBLIC)
        return addresses[0]


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


def _answer(response: HTTPResponse, ends: float) -> bytes | str:
    moved_to = response.getheader("Location")
    if response.status in MOVED and moved_to:
        return moved_to
    if response.status != 200 or response.getheader("Content-Encoding", "identity").lower() != "identity":
        raise CalendarUnreadableError(CalendarTrouble.REFUSED)
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > LARGEST:
            raise CalendarUnreadableError(CalendarTrouble.TOO_LARGE)
    if response.length or monotonic() >= ends:
        raise HTTPException  # cut off, by them or by us
    return bytes(body)
