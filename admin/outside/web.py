"""Posts to addresses on the open internet: a webhook's, a Teams channel's. No redirect is followed."""

from collections.abc import Mapping
from http.client import HTTPException
from time import monotonic
from typing import Final

from admin.outside.guard import Asking, NotOutsideError, Outside
from scheduler.ports import WebError, WebTrouble

PATIENCE_S: Final = 15.0  # for the whole of it
LATER: Final = frozenset({408, 409, 423, 425, 429})  # refusals that another hour may lift
HEADERS: Final = {"User-Agent": "Digilinja", "Accept": "*/*"}


class OutsideWeb:
    """The Web port on real sockets."""

    def __init__(self, outside: Outside | None = None, patience_s: float = PATIENCE_S) -> None:
        self._outside = outside or Outside()
        self._patience_s = patience_s

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post this and give the status of the answer; raises WebError unless it is 2xx."""
        ends = monotonic() + self._patience_s
        try:
            with self._outside.asked(Asking(url, "POST", body, {**HEADERS, **headers}), ends) as response:
                status = response.status
        except NotOutsideError as error:
            raise WebError(WebTrouble(error.why.value), permanent=True) from error
        except (HTTPException, OSError) as error:
            slow = isinstance(error, TimeoutError) or monotonic() >= ends
            raise WebError(WebTrouble.TOO_SLOW if slow else WebTrouble.UNREACHABLE, permanent=False) from error
        except ValueError as error:
            raise WebError(WebTrouble.NOT_AN_ADDRESS, permanent=True) from error
        return _accepted(status)


def _accepted(status: int) -> int:
    if 200 <= status < 300:
        return status
    if 300 <= status < 400:
        raise WebError(WebTrouble.MOVED, permanent=False, code=status)
    raise WebError(WebTrouble.REFUSED, permanent=400 <= status < 500 and status not in LATER, code=status)
