"""A browser at the way in, the worker that sends its codes, and whoever receives them."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.errands import Errand
from scheduler.ports import Email
from scheduler.sign_in_codes import send_code
from scheduler.tools import Tools
from scheduler.worker import Worker
from tickets.vocabulary import HelperKind, Role
from voice_prompts.catalogue import Catalogue

CATALOGUE = Catalogue.load()
STRANGER = "+358409999999"
MAIL = {"DIGILINJA_SMTP_URL": "smtp://127.0.0.1:9", "DIGILINJA_MAIL_FROM": "digituki@example.fi"}


@dataclass
class Post:
    """An operator and a mail server that take everything, and remember it."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)
    letters: list[Email] = field(default_factory=list)
    dies: bool = False

    def text(self, *, to: str, shown: str, body: str, status_url: str | None) -> str:
        """Take a text; where the worker `dies`, it never hears that it was taken."""
        self.texts.append((to, shown, body))
        if self.dies:
            self.dies = False
            raise RuntimeError("the worker is gone")
        return f"SM{len(self.texts)}"

    def find_text(self, *, to: str, shown: str, body: str, since: datetime) -> str | None:
        """Such a text, if it was taken."""
        return next((f"SM{place}" for place, text in enumerate(self.texts) if text == (to, shown, body)), None)

    def send(self, email: Email) -> None:
        """Take a letter."""
        self.letters.append(email)

    @property
    def code(self) -> str:
        """The code that came last, by text or by letter."""
        said = [body for _, _, body in self.texts] + [letter.text for letter in self.letters]
        found = re.findall(r"\b\d{6}\b", said[-1])
        assert len(found) == 1, said[-1]
        return str(found[0])


@dataclass
class Clock:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        """The time to which it was set."""
        return self.at


@dataclass
class WayIn:
    """One browser before the way in."""

    app: Flask
    client: FlaskClient
    post: Post
    sessions: sessionmaker[Session]
    clock: Clock

    @classmethod
    def of(cls, app: Flask, parts: Parts, clock: Clock, post: Post | None = None) -> "WayIn":
        """A new browser; several share one post."""
        return cls(app, app.test_client(), post or Post(), parts.sessions, clock)

    def shows(self, path: str = "/sign-in") -> TestResponse:
        """A page, whatever it redirects to."""
        return self.client.get(path, follow_redirects=True)

    def sends(self, path: str, **typed: str) -> TestResponse:
        """A form of a page of ours."""
        with self.client.session_transaction() as kept:
            kept.setdefault("csrf", "word")
            word = kept["csrf"]
        return self.client.post(path, data={"csrf": word, **typed})

    def asks(self, address: str, to: str = "") -> TestResponse:
        """Ask for a code, and let the worker do what is due."""
        answer = self.sends("/sign-in", address=address, to=to)
        self.works()
        return answer

    def types(self, code: str, **more: str) -> TestResponse:
        """Type a code."""
        return self.sends("/sign-in/code", code=code, **more)

    def comes_in(self, address: str, to: str = "", **more: str) -> TestResponse:
        """The whole way."""
        assert self.asks(address, to).location == "/sign-in/code"
        return self.types(self.post.code, **more)

    def works(self) -> None:
        """The worker does what is due."""
        tools = Tools(
            self.sessions, self.clock, self.post, CATALOGUE, None, mail=self.post  # type: ignore[arg-type]
        )  # fmt: skip
        while Worker(tools, {Errand.SIGN_IN_CODE: send_code}, reconcile_every=None).beat():
            pass

    @property
    def is_in(self) -> bool:
        """Whether the browser is let in."""
        return self.client.get("/me").status_code == 200


def phone_of(demo: DemoData, kind: HelperKind = HelperKind.VOLUNTEER) -> str:
    """The number of a helper of this kind."""
    return next(helper.phone for helper in demo.helpers if helper.kind is kind)


def email_of(demo: DemoData, role: Role) -> str:
    """The address of whoever has this role."""
    return next(person.email for person in demo.people if person.role is role)
