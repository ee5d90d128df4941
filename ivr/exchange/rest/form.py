"""Parameters of a REST request, read strictly: what the exchange does not know is refused."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from ivr.exchange.rest.errors import refused


class Form:
    """The parameters of one request."""

    def __init__(self, values: MultiDict[str, str], known: Iterable[str]) -> None:
        self._values = values
        unknown = sorted(set(values) - set(known))
        if unknown:
            raise refused(20001, f"This exchange does not know the parameters {', '.join(unknown)}")

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """The value as it stands."""
        return self._values.get(name, default)

    def needed(self, name: str, code: int) -> str:
        """The value, which must be there."""
        value = self.text(name)
        if not value:
            raise refused(code, f"A '{name}' is required")
        return value

    def url(self, name: str, code: int) -> str:
        """A web address, or nothing."""
        value = self.text(name)
        parts = urlsplit(value)
        if value and not (parts.scheme in ("http", "https") and parts.netloc):
            raise refused(code, f"{name} is not a valid URL: {value}")
        return value

    def method(self, name: str) -> str:
        """GET or POST."""
        value = self.text(name, "POST").upper()
        if value not in ("GET", "POST"):
            raise refused(20001, f"{name} must be GET or POST")
        return value

    def seconds(self, name: str, default: int, most: int) -> int:
        """A number of seconds, cut to the most that is possible."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit():
            raise refused(20001, f"{name} must be a number of seconds")
        return max(1, min(int(value), most))

    def words(self, name: str) -> tuple[str, ...]:
        """Words, whether sent one by one or with spaces between."""
        return tuple(word for value in self._values.getlist(name) for word in value.split())
