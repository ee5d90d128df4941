"""Addresses of e-mail as they are kept: one spelling for each, and none that no mail could reach."""

import re
from typing import Final

LONGEST: Final = 254  # RFC 5321
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


def plain_address(typed: str) -> str | None:
    """The address in small letters and without blanks around it; None where it is none."""
    address = typed.strip().casefold()
    return address if len(address) <= LONGEST and _ADDRESS.fullmatch(address) else None
