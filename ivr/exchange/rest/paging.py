"""Lists, page by page, with filters on when things happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from flask import Request

from ivr.exchange.rest.errors import refused

T = TypeVar("T")
Json = dict[str, object]
PAGING = ("Page", "PageSize", "PageToken")


def page_of(request: Request, name: str, items: Sequence[T], shape: Callable[[T], Json]) -> Json:
    """One page of a list, with the addresses of its neighbours."""
    size = _whole(request, "PageSize", 50)
    number = _whole(request, "Page", 0)
    size = min(max(size, 1), 1000)
    start = number * size
    chosen = items[start : start + size]
    more = start + size < len(items)
    return {
        name: [shape(item) for item in chosen],
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + len(chosen) - 1 if chosen else start,
        "uri": _uri(request, number, size),
        "first_page_uri": _uri(request, 0, size),
        "next_page_uri": _uri(request, number + 1, size) if more else None,
        "previous_page_uri": _uri(request, number - 1, size) if number else None,
    }


def happened_within(request: Request, name: str, at: datetime) -> bool:
    """Whether a moment meets the filters on it: `Name` (that day), `Name<`, `Name>` (or equal)."""
    day, before, after = (request.args.get(name + sign, "") for sign in ("", "<", ">"))
    if day and not _moment(day) <= at < _moment(day) + timedelta(days=1):
        return False
    if before and at > _end(before):
        return False
    return not (after and at < _moment(after))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise refused(20001, f"{text!r} is not a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    """A bare date as an upper bound takes in its whole day."""
    moment = _moment(text)
    whole_day = len(text) == len(date.min.isoformat())
    return moment + timedelta(days=1) if whole_day else moment


def _whole(request: Request, name: str, default: int) -> int:
    value = request.args.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise refused(20001, f"{name} must be a whole number")
    return int(value)


def _uri(request: Request, number: int, size: int) -> str:
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in PAGING]
    token = [("PageToken", f"PA{number}")] if number else []
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', number), *token])}"
