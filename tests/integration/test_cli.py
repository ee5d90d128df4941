"""The digilinja command: what it prints, and one clear line for each mistake."""

import json
import re
import socket
from collections.abc import Callable
from datetime import datetime

import phonenumbers
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.cli import COMMANDS, main
from admin.demo.data import DemoData
from admin.parts import Parts
from tickets.intake import Matter, open_ticket
from tickets.network import Network
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

Command = Callable[..., Result]
CLOCK = "2026-11-24T09:10:00+02:00"


@pytest.fixture
def digilinja(environment: dict[str, str]) -> Command:
    """Runs a command in the environment of the test; changes to it by keyword, None to unset."""

    def run(*arguments: str, **changes: str | None) -> Result:
        return CliRunner().invoke(main, arguments, env={**environment, "DIGILINJA_CLOCK": CLOCK, **changes})

    return run


def line_of(result: Result) -> str:
    """The one line that tells of a mistake."""
    assert "Traceback" not in result.output
    assert result.exit_code != 0
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    return line


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        (
            ("--language", "fi", "--time", "2026-11-24T14:00+02:00", "--now", "2026-11-20T10:00+02:00"),
            "tiistaina kahdeskymmenesneljäs marraskuuta kello neljätoista",
        ),
        (
            ("--language", "sv", "--time", "2026-11-24T14:00+02:00", "--now", "2026-11-20T10:00+02:00"),
            "tisdag den tjugofjärde november klockan fjorton",
        ),
        (
            ("--language", "fi", "--number", "+358401234567"),
            "nolla neljä nolla, yksi kaksi kolme, neljä viisi kuusi seitsemän",
        ),
        (("--language", "sv", "--code", "4721"), "fyra sju två ett"),
    ],
)
def test_times_numbers_and_codes_are_printed_as_the_voice_is_given_them(
    digilinja: Command, words: tuple[str, ...], spoken: str
) -> None:
    assert digilinja("prompts", "speak", *words).stdout.strip() == spoken


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--time", "tomorrow"),
        ("--time", "2026-11-24T14:00"),
        ("--number", "soita"),
        ("--code", "x"),
    ],
)
def test_what_cannot_be_spoken_is_refused_in_one_line(digilinja: Command, words: tuple[str, ...]) -> None:
    line_of(digilinja("prompts", "speak", "--language", "fi", *words))


def test_the_sentences_can_be_checked_and_listed(digilinja: Command) -> None:
    assert digilinja("prompts", "check").exit_code == 0
    listed = digilinja("prompts", "list", "--language", "sv").stdout
    assert "choose_language" in listed
    assert "tryck" in listed


def test_demo_data_prints_the_lines_and_helpers_for_a_program(digilinja: Command) -> None:
    told = json.loads(digilinja("demo-data", "--seed", "7", "--json").stdout)
    assert set(told["lines"][0]) >= {"e164", "name"}
    assert len(told["helpers"]) == 12
    assert set(told["helpers"][0]) >= {"name", "phone", "languages", "kind"}
    assert told["rota_from"] == "2026-11-24"
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(helper["phone"])) for helper in told["helpers"])


def test_demo_data_goes_into_an_empty_and_migrated_database_only(digilinja: Command, empty_database: str) -> None:
    assert digilinja("demo-data").exit_code == 0
    assert "not empty" in line_of(digilinja("demo-data"))
    assert "digilinja migrate" in line_of(digilinja("demo-data", DIGILINJA_DATABASE_URL=empty_database))


def test_an_empty_database_is_migrated_once_and_again_without_harm(digilinja: Command, empty_database: str) -> None:
    first = digilinja("migrate", DIGILINJA_DATABASE_URL=empty_database)
    again = digilinja("migrate", DIGILINJA_DATABASE_URL=empty_database)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "went to" in first.stdout
    assert "is at" in again.stdout


def test_a_coordinators_token_opens_the_api(digilinja: Command, client: FlaskClient, demo: DemoData) -> None:
    token = digilinja("token", "--role", "koordinaattori").stdout.strip()
    assert re.fullmatch(r"[\w-]{40,}", token)
    answer = client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"})
    assert answer.json == {"tickets": [], "next": None}


def test_a_helpers_token_is_made_by_name_or_number_and_for_nobody_else(digilinja: Command, demo: DemoData) -> None:
    helper = demo.helpers[0]
    assert digilinja("token", "--helper", helper.name).exit_code == 0
    assert digilinja("token", "--helper", helper.phone).exit_code == 0
    assert "Matti" in line_of(digilinja("token", "--helper", "Matti"))
    assert "--helper" in line_of(digilinja("token", "--role", "opastaja"))
    assert "--role" in line_of(digilinja("token"))


def test_a_persons_token_is_theirs_with_the_role_they_have(
    digilinja: Command, client: FlaskClient, demo: DemoData
) -> None:
    person = demo.people[0]
    for wanted in (person.name, person.email, str(person.id)):
        token = digilinja("token", "--person", wanted).stdout.strip()
        me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json
        assert me is not None
        assert (me["person"], me["role"]) == (person.id, person.role)
    assert "people list" in line_of(digilinja("token", "--person", "Matti"))
    assert "--person alone" in line_of(digilinja("token", "--person", person.name, "--role", "neuvoja"))


def test_people_join_sign_are_given_a_role_leave_and_come_back(digilinja: Command, demo: DemoData) -> None:
    added = digilinja(
        "people", "add", "--name", "Salla Esimerkki", "--role", "neuvoja", "--email", "salla@esimerkki.fi"
    )
    assert added.exit_code == 0, added.output
    assert "2026-11-24" in digilinja("people", "commitment", "salla@esimerkki.fi").stdout
    assert digilinja("people", "role", "Salla Esimerkki", "--role", "jasen").exit_code == 0
    helper = demo.helpers[0].name
    would = digilinja("people", "leave", helper, "--preview").stdout
    assert "20 places free" in would
    assert "has left: 20 places free" in digilinja("people", "leave", helper).stdout
    assert helper not in digilinja("people", "list").stdout
    listed = digilinja("people", "list", COLUMNS="80").stdout
    assert all(len(line) <= 80 for line in listed.splitlines())
    assert all(f"  {role} " in listed for role in ("jasen", "koordinaattori"))
    assert "…" not in listed
    assert "is back" in digilinja("people", "return", helper).stdout
    joined = ("add-helper", "--name", "Uusi Auttaja", "--organisation", demo.organisations[0], "--kind", "volunteer")
    assert digilinja("people", *joined, "--language", "fi", "--phone", "0405550888").exit_code == 0


def test_what_is_wrong_with_somebody_is_one_line(digilinja: Command, demo: DemoData) -> None:
    add = ("people", "add", "--name", "Salla", "--role", "neuvoja")
    assert "name@example.fi" in line_of(digilinja(*add, "--email", "salla"))
    assert "+358401234567" in line_of(digilinja(*add, "--phone", "112"))
    assert demo.organisations[0] in line_of(digilinja(*add, "--organisation", "Turku"))
    assert "add-helper" in line_of(digilinja("people", "add", "--name", "Salla", "--role", "opastaja"))
    assert "people list" in line_of(digilinja("people", "leave", "Salla"))


def test_tokens_need_a_network(digilinja: Command) -> None:
    assert "demo-data" in line_of(digilinja("token", "--role", "koordinaattori"))


def test_tickets_are_narrowed_and_found_by_topic_after_indexing_anew(
    digilinja: Command, parts: Parts, demo: DemoData, now: datetime
) -> None:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        for number, topic in enumerate((Topic.KELA, Topic.VERO)):
            matter = Matter(network, None, Channel.FORM, Language.FI, None, f"form:{number}", topic, "853")
            open_ticket(session, matter, now=now)
        session.execute(text("DELETE FROM ticket_word"))

    def topics(*options: str) -> list[str]:
        return [ticket["topic"] for ticket in json.loads(digilinja("tickets", "--json", *options).stdout)["tickets"]]

    assert topics("--municipality", "Turku", "--open") == topics("--municipality", "853") == ["VERO", "KELA"]
    assert topics("--municipality", "Salo") == topics("--language", "sv") == topics("--overdue") == []
    assert topics("--topic", "KELA") == []
    assert digilinja("tickets", "--reindex").exit_code == 0
    assert topics("--topic", "KELA") == ["KELA"]
    assert "Atlantis" in digilinja("tickets", "--municipality", "Atlantis").stderr


def test_tickets_are_shown_as_a_table_or_as_json(digilinja: Command, demo: DemoData) -> None:
    assert "no tickets" in digilinja("tickets").stdout
    assert json.loads(digilinja("tickets", "--json").stdout) == {"tickets": [], "next": None}


def test_a_simulated_day_gives_its_shares_for_a_program(digilinja: Command) -> None:
    told = json.loads(
        digilinja("simulate", "--preset", "demo", "--seed", "3", "--compare", "round-robin", "--json").stdout
    )
    assert set(told) == {"late", "round_robin"}
    for shares in told.values():
        assert set(shares) == {"refused", "refused_sv", "kept"}
        assert all(0 <= share <= 1 for share in shares.values())


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        ("serve", "DIGILINJA_PUBLIC_URL"),
        ("serve", "TWILIO_ACCOUNT_SID"),
        ("work", "TWILIO_AUTH_TOKEN"),
        ("connect-lines", "DIGILINJA_PUBLIC_URL"),
        ("migrate", "DIGILINJA_SECRET_KEY"),
        ("tickets", "DIGILINJA_DATA_KEYS"),
        ("doctor", "DIGILINJA_SECRET_KEY"),
        ("exchange", "TWILIO_ACCOUNT_SID"),
    ],
)
def test_a_missing_setting_is_named_in_one_line_and_the_exit_code_is_two(
    digilinja: Command, command: str, setting: str
) -> None:
    result = digilinja(command, **{setting: None})
    assert setting in line_of(result)
    assert result.exit_code == 2


def test_a_database_that_is_away_is_told_in_one_line(digilinja: Command) -> None:
    away = "postgresql://nobody@127.0.0.1:9/nothing"
    for command in ("migrate", "tickets", "work"):
        assert "database cannot be reached" in line_of(digilinja(command, DIGILINJA_DATABASE_URL=away))


def test_a_real_account_with_a_false_clock_is_refused(digilinja: Command) -> None:
    result = digilinja("tickets", DIGILINJA_TWILIO_API_URL=None)
    assert "DIGILINJA_CLOCK" in line_of(result)
    assert result.exit_code == 2


def test_lines_that_the_operator_does_not_take_are_named_and_their_pages_know_of_it(
    digilinja: Command, parts: Parts, demo: DemoData
) -> None:
    assert demo
    result = digilinja("connect-lines")
    assert result.exit_code == 1
    assert "+35825550100" in result.stdout
    assert "Not every line" in line_of(result)
    with parts.sessions() as session:
        assert set(session.scalars(text("SELECT connect_trouble FROM line"))) == {"unreachable"}


def test_a_line_is_opened_by_command_and_what_is_wrong_is_one_line(digilinja: Command, demo: DemoData) -> None:
    told = ("network", "open-line", "02 555 0300", "--name", "Naantalin digituki", "--first-language", "fi")
    assert demo
    said = digilinja(*told)
    assert said.exit_code == 0, said.output
    assert "+35825550300, Naantalin digituki: hears keys only" in digilinja("network", "show").stdout
    assert "already" in line_of(digilinja(*told))
    assert "no such phone number" in line_of(digilinja(*told[:2], "12", *told[3:]))


def test_the_hours_are_changed_by_command_and_what_is_wrong_is_one_line(digilinja: Command, demo: DemoData) -> None:
    said = digilinja("network", "hours", "--closes", "18:30", "--notice-minutes", "60")
    assert said.exit_code == 0, (said.output, demo.network)
    assert "hours: 09:00-18:30; times are offered from 60 minutes to 10 working" in digilinja("network", "show").stdout
    assert "at least an hour" in line_of(digilinja("network", "hours", "--opens", "18:00"))
    assert "09:00-18:30" in digilinja("network", "hours").stdout


def test_every_command_says_what_it_is_for(digilinja: Command) -> None:
    shown = digilinja("--help").stdout
    for name in COMMANDS:
        assert name in shown
        assert digilinja(name, "--help").exit_code == 0


def test_a_demo_whose_port_is_taken_says_which_and_how_to_give_another(digilinja: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "--port" in line_of(digilinja("demo", "--port", str(port)))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            other = free.getsockname()[1]
        assert "--exchange-port" in line_of(digilinja("demo", "--port", str(other), "--exchange-port", str(port)))


def test_a_demo_that_is_to_begin_at_no_time_is_refused(digilinja: Command) -> None:
    assert "--at" in line_of(digilinja("demo", "--at", "soon"))


def test_after_rotating_the_data_keys_the_old_one_can_be_thrown_away(digilinja: Command, demo: DemoData) -> None:
    old, new = "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc=", "qL7m2Vw0xT9cB4nZ8aYkR5uJ1sE6dGfHi3PoKtXvMlA="
    name = demo.helpers[0].name
    assert "DIGILINJA_DATA_KEYS" in line_of(digilinja("token", "--helper", name, DIGILINJA_DATA_KEYS=new))
    assert digilinja("rotate-keys", DIGILINJA_DATA_KEYS=f"{new},{old}").exit_code == 0
    assert digilinja("token", "--helper", name, DIGILINJA_DATA_KEYS=new).exit_code == 0


def test_rotating_without_the_old_key_says_so_and_changes_nothing(digilinja: Command, demo: DemoData) -> None:
    new = "qL7m2Vw0xT9cB4nZ8aYkR5uJ1sE6dGfHi3PoKtXvMlA="
    assert "DIGILINJA_DATA_KEYS lacks a key" in line_of(digilinja("rotate-keys", DIGILINJA_DATA_KEYS=new))
    assert digilinja("token", "--helper", demo.helpers[0].name).exit_code == 0
