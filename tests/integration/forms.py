"""A visitor who fills the public form, and takes their time over it."""

import re
from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from admin.public.seals import FormSeal

SECRET = "s" * 32  # of the tests' settings
ASKED = {
    "language": "fi",
    "topic": "PUHELIN",
    "number": "050 555 0201",
    "postcode": "20100",
    "text": "Näyttö on musta.",
}


def hidden(page: TestResponse, name: str) -> str:
    """A hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, f"no hidden field {name}"
    return found[1]


def filled(front: TestResponse, changes: dict[str, str] | None = None) -> dict[str, str]:
    """The form's fields, a minute after it was shown: so long a person takes."""
    seal = FormSeal.read(hidden(front, "seal"), SECRET, datetime(2026, 11, 24, 7, 10, tzinfo=UTC))
    assert seal is not None
    earlier = FormSeal(seal.name, seal.shown_at - timedelta(minutes=1))
    return {"csrf": hidden(front, "csrf"), "seal": earlier.written(SECRET), **ASKED, **(changes or {})}


def send(client: FlaskClient, changes: dict[str, str] | None = None) -> TestResponse:
    """Fill the form and send it."""
    return client.post("/", data=filled(client.get("/?lang=fi"), changes))
