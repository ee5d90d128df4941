"""All pages of tickets: each module adds its own to the one blueprint as it is read."""

from typing import Final

from admin.cases import board, logs, refining, registered, relaying, saved, sending_on, sharing, terms, ticket, times
from admin.cases.blueprint import cases

MODULES: Final = (board, logs, refining, registered, relaying, saved, sending_on, sharing, terms, ticket, times)
__all__ = ["MODULES", "cases"]
