"""Fetches helpers' calendars from the web, and from nowhere nearer: each hop of a redirect is looked at in the same way."""

from collections.abc import Callable, Collection
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Final
from urllib.parse import urljoin

from admin.outside.guard import Address, Asking, LookUp, NotOutsideError, Outside, addresses_of, is_public
from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError

LARGEST: Final = 2 * 1024 * 1024  # bytes
PATIENCE_S: Final = 10.0  # for the whole of it, redirects too
MOST_HOPS: Final = 3
CHUNK: Final = 64 * 1024
MOVED: Final = frozenset({301, 302, 303, 307, 308})
HEADERS: Final = {"User-Agent": "Digilinja", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity"}


class CalendarWeb:
    """The way to calendars elsewhere; only a test allows more than public addresses by HTTPS."""

    def __init__(
        self,
        allows: Callable[[Address], bool] = is_public,
        schemes: Collection[str] = ("https",),
        look_up: LookUp = addresses_of,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._outside = Outside(allows, schemes, look_up)
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
            with self._outside.asked(Asking(url, headers=HEADERS), ends) as response:
                return _answer(response, ends)
        except NotOutsideError as error:
            raise CalendarUnreadableError(CalendarTrouble(error.why.value)) from error
        except (HTTPException, OSError, ValueError) as error:
            slow = isinstance(error, TimeoutError) or monotonic() >= ends
            raise CalendarUnreadableError(CalendarTrouble.TOO_SLOW if slow else CalendarTrouble.UNREACHABLE) from error


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
