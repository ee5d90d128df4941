"""Asking for a code: what was typed as an address, and what this browser remembers of it until the code is there."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from flask import request, session

from admin.connection import network_address
from admin.parts import now, parts, transaction
from admin.wording import page_language
from scheduler.sign_in_codes import ask_for_code
from tickets.email_addresses import plain_address
from tickets.phone_numbers import e164_of, takes_texts
from tickets.sign_in_codes import DIGITS, GOOD_FOR, address_of, may_ask
from voice_prompts.language import Written

ASKED: Final = "asked"
MASK: Final = "•••"
NUMERALS: Final = frozenset("0123456789")
BETWEEN_NUMERALS: Final = frozenset(" -\u00a0")
LONGEST: Final = 254


class WayInMistake(StrEnum):
    """What is wrong with what was typed; nothing of it tells whether somebody is known."""

    NONE = "address_none"
    NO_TEXTS = "address_takes_no_texts"
    NO_MAIL = "address_no_mail"
    TOO_OFTEN = "address_asked_too_often"
    NOT_SIX = "code_not_six"
    NO_KEY = "key_opens_nothing"


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that this browser has asked for: its number, for which address as far as it is shown, and the page wanted.

    `joins`: it was asked for in order to join the account with which somebody came to their person.
    It lies in a cookie that anybody at this desk can read: the address itself does not, and is of no use after the code.
    """

    code_id: int
    shown: str
    to: str
    until: float
    joins: bool = False


def ask(typed: str, to: str, *, joins: bool = False) -> WayInMistake | None:
    """Have a code sent to what was typed, if it is an address to which one can be sent."""
    address = spelled_out(typed)
    if isinstance(address, WayInMistake):
        return address
    with transaction() as rows:
        if not may_ask(rows, address, network_address(), now=now()):
            return WayInMistake.TOO_OFTEN
        code_id = ask_for_code(rows, address, Written(page_language()), now=now())
    session[ASKED] = asdict(Asked(code_id, masked(address), to, (now() + GOOD_FOR).timestamp(), joins))
    return None


def ask_again(asked: Asked) -> WayInMistake | None:
    """Have another code sent to the same address."""
    with transaction() as rows:
        address = address_of(rows, asked.code_id)
    return ask(address or "", asked.to, joins=asked.joins)


def masked(address: str) -> str:
    """So much of an address that its owner sees a slip, and whoever sits there next does not learn it."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}{MASK}{at}{domain}" if at else f"{MASK} {address[-3:]}"


def spelled_out(typed: str) -> str | WayInMistake:
    """A number in E.164 or an address of e-mail as they are kept; or why it is neither."""
    if len(typed) > LONGEST:
        return WayInMistake.NONE
    if "@" in typed:
        address = plain_address(typed)
        return WayInMistake.NO_MAIL if address and parts().settings.smtp is None else address or WayInMistake.NONE
    number = e164_of(typed)
    return number if number and takes_texts(number) else WayInMistake.NO_TEXTS if number else WayInMistake.NONE


def asked_for() -> Asked | None:
    """What this browser has asked for, while nobody has come in by it and it is good for something."""
    kept = session.get(ASKED) or {}
    if kept.get("until", 0) > now().timestamp():
        return Asked(**kept)
    session.pop(ASKED, None)
    return None


def typed_code() -> str | None:
    """The digits that were typed, however they were grouped; None where they are no code, which is no try."""
    typed = "".join(sign for sign in request.form.get("code", "")[:LONGEST] if sign not in BETWEEN_NUMERALS)
    return typed if len(typed) == DIGITS and NUMERALS.issuperset(typed) else None
