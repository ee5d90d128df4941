"""An account of an organisation that nobody here has yet: kept a while, until a code has shown whose it is.

What the account says of itself (its e-mail address, its name) is told to whoever sits there, and believed by nobody: whoever
keeps the accounts of an organisation can write there what they like. A code that came to the person's own phone or mailbox
joins the two, and only where it was asked for in order to join them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Final

from flask import render_template, session
from sqlalchemy.orm import Session

from admin.parts import now, parts
from scheduler.people.doors import join_account
from tickets.outside_accounts import Account
from tickets.store import cipher_of
from tickets.tokens import Bearer, actor_of

ACCOUNT: Final = "account"
KEPT_FOR: Final = timedelta(minutes=10)


def keep_account(rows: Session, account: Account) -> None:
    """Remember in this browser which account somebody came with, sealed: the cookie can be read at this desk."""
    sealed = cipher_of(rows).seal(json.dumps(asdict(account)))
    session[ACCOUNT] = {"sealed": sealed, "until": (now() + KEPT_FOR).timestamp()}


def kept_account(rows: Session) -> Account | None:
    """The account that somebody came with a while ago; None where there is none any more."""
    kept = session.get(ACCOUNT) or {}
    if "sealed" not in kept or kept["until"] <= now().timestamp():
        session.pop(ACCOUNT, None)
        return None
    return Account(**json.loads(cipher_of(rows).open(kept["sealed"])))


def joined(rows: Session, who: Bearer) -> bool:
    """The account with which they came is theirs from now on; False where it is gone, or another one is theirs."""
    account = kept_account(rows)
    if account is None or who.person_id is None:
        return False
    return join_account(rows, account, who.person_id, now=now(), actor=actor_of(who))


def join_page(to: str, told: str = "", typed: str = "", mistakes: Mapping[str, str] | None = None) -> str:
    """Where somebody asks for the code that joins the account; `told`: what they are called where they came from."""
    by_mail = parts().settings.smtp is not None
    return render_template("sign_in/join.html", to=to, told=told, typed=typed, mistakes=mistakes or {}, by_mail=by_mail)
