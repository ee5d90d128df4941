"""Telephone numbers as the exchange tells them apart; no more than it needs."""

from __future__ import annotations

import re

WITHHELD = "anonymous"
_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")
_SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+\-_]{1,11}\Z")


def is_e164(number: str) -> bool:
    """Whether this is a number in international form, such as +358401112233."""
    return _E164.match(number) is not None


def is_sender_name(name: str) -> bool:
    """Whether a text may carry this name as its sender: at most 11 letters and digits."""
    return _SENDER_NAME.match(name) is not None
