"""`digilinja webhooks`: whoever runs the line says which programs are told, and tries whether they hear."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from admin.cli import main
from tests.integration.receivers import receiver
from tests.integration.store.test_webhooks import is_ours

CLOCK = "2026-11-24T09:10:00+02:00"
Run = Callable[..., Result]


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a command in an environment where webhooks may lead to this machine."""

    def invoke(*arguments: str, **changes: str) -> Result:
        env = {**environment, "DIGILINJA_CLOCK": CLOCK, "DIGILINJA_ALLOW_LOOPBACK": "yes", **changes}
        return CliRunner().invoke(main, arguments, env=env)

    assert invoke("demo-data").exit_code == 0
    return invoke


def test_a_webhook_is_added_tried_listed_and_removed(run: Run) -> None:
    with receiver(204) as there:
        added = run("webhooks", "add", "--address", f"{there.url}/x?key=1", "--event", "closed")
        assert added.exit_code == 0, added.output
        secret = added.output.splitlines()[-1]
        assert run("webhooks", "try", "1").output == "webhook 1 took it (204)\n"
        (letter,) = there.letters
        assert is_ours(letter, secret)
        there.status = 500
        refused = run("webhooks", "try", "1")
        assert (refused.exit_code, refused.output) == (1, "Error: Webhook 1 did not take it: it refused (500)\n")
    listed = run("webhooks", "list").output
    assert re.search(r"1\W+127\.0\.0\.1\W+closed", listed)
    assert "key=1" not in listed
    assert secret not in listed
    assert run("webhooks", "resume", "1").exit_code == 1
    assert run("webhooks", "remove", "1").exit_code == 0
    assert "no webhooks" in run("webhooks", "list").output


def test_what_is_wrong_is_said_in_one_line(run: Run) -> None:
    wrong = run("webhooks", "add", "--address", "hooks.example.org")
    assert (wrong.exit_code, len(wrong.output.splitlines())) == (1, 1)
    plain = run("webhooks", "add", "--address", "http://127.0.0.1:9/", DIGILINJA_ALLOW_LOOPBACK="no")
    assert "https://" in plain.output
    inside = run("webhooks", "add", "--address", "https://10.1.2.3/x", DIGILINJA_ALLOW_LOOPBACK="no")
    assert "open internet" in inside.output
    assert "no webhooks" in run("webhooks", "list").output
    for command in ("try", "remove", "resume"):
        assert "There is no webhook 7" in run("webhooks", command, "7").output
