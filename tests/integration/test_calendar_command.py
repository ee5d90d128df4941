"""digilinja calendar: addresses to follow, calendars to read."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from admin.cli import main
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.rota.wishes import BusyCalendar
from tickets.network import Organisation

Command = Callable[..., Result]
CLOCK = "2026-11-24T09:10:00+02:00"


@pytest.fixture
def digilinja(environment: dict[str, str]) -> Command:
    """Runs `digilinja calendar` in the environment of the test."""

    def run(*arguments: str, **changes: str | None) -> Result:
        env = {**environment, "DIGILINJA_CLOCK": CLOCK, **changes}
        return CliRunner().invoke(main, ("calendar", *arguments), env=env)

    return run


def mistake_of(result: Result) -> str:
    """The one line that tells of a mistake."""
    assert "Traceback" not in result.output
    assert result.exit_code != 0
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    return line


def path_of(result: Result) -> str:
    """The address that was printed, as the server sees it."""
    assert result.exit_code == 0, result.output
    (address,) = result.stdout.split()
    return address.removeprefix("http://127.0.0.1:8000")


def test_a_helpers_feed_is_opened_followed_renewed_and_closed(
    digilinja: Command, client: FlaskClient, demo: DemoData
) -> None:
    helper = demo.helpers[0]
    first = path_of(digilinja("add", "--helper", helper.name))
    assert len(Calendar.from_ical(client.get(first).data).events) > 0
    assert helper.name in digilinja("list").stdout
    second = path_of(digilinja("renew", "1"))
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert digilinja("revoke", "2").exit_code == 0
    assert client.get(second).status_code == 404
    assert helper.name not in digilinja("list").stdout
    assert "digilinja calendar list" in mistake_of(digilinja("revoke", "2"))
    assert "digilinja calendar list" in mistake_of(digilinja("renew", "2"))


def test_an_organisations_rota_can_be_followed(
    digilinja: Command, client: FlaskClient, parts: Parts, demo: DemoData
) -> None:
    with parts.sessions() as session:
        name = session.scalar(select(Organisation.name).order_by(Organisation.id))
    assert name is not None
    assert "no feeds" in digilinja("list").stdout
    answer = client.get(path_of(digilinja("add", "--organisation", name)))
    assert len(Calendar.from_ical(answer.data).events) > 0
    assert name in digilinja("list").stdout


def test_a_helpers_calendar_is_read_and_forgotten(digilinja: Command, parts: Parts, demo: DemoData) -> None:
    helper = demo.helpers[0]
    said = digilinja("read", "--helper", helper.phone, "--address", "webcal://calendar.example/x.ics")
    assert said.exit_code == 0
    assert "calendar.example" not in said.output
    with parts.sessions.begin() as session:
        (calendar,) = session.scalars(select(BusyCalendar))
        calendar.failed = "refused"
    assert "its server does not give it out" in digilinja("list").stdout
    assert digilinja("forget", "--helper", helper.name).exit_code == 0
    assert "none is read" in digilinja("list").stdout
    assert helper.name in mistake_of(digilinja("forget", "--helper", helper.name))


def test_each_mistake_is_one_line(digilinja: Command, demo: DemoData) -> None:
    helper = demo.helpers[0].name
    assert "--helper" in mistake_of(digilinja("add"))
    assert "--helper" in mistake_of(digilinja("add", "--helper", helper, "--organisation", "x"))
    assert "Nobody" in mistake_of(digilinja("add", "--helper", "Nobody"))
    assert "Nowhere" in mistake_of(digilinja("add", "--organisation", "Nowhere"))
    assert "https://" in mistake_of(digilinja("read", "--helper", helper, "--address", "http://calendar.example/"))
    assert "DIGILINJA_PUBLIC_URL" in mistake_of(digilinja("add", "--helper", helper, DIGILINJA_PUBLIC_URL=None))
    assert "no feeds" in digilinja("list").stdout
