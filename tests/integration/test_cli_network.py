"""digilinja network: what holds for a network and its lines is changed as on its pages, with the same checks and the same log."""

import pytest
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.test_cli import Command, digilinja, line_of
from tickets.network import Network
from tickets.people_log import Changed, PeopleChangeKind, changes_of

__all__ = ["digilinja"]
LINE = "+35825550100"


def changes(parts: Parts) -> tuple[Changed, ...]:
    """The log of changes of the one network, the newest first."""
    with parts.sessions() as session:
        return changes_of(session, session.scalars(select(Network.id)).one())


def newest(parts: Parts) -> tuple[str, PeopleChangeKind, object]:
    """Who changed what last, and which fields."""
    change = changes(parts)[0]
    return change.actor, change.kind, change.details.get("fields")


def test_a_networks_settings_are_changed_by_name_and_a_wrong_one_changes_nothing(
    digilinja: Command, demo: DemoData, parts: Parts
) -> None:
    said = digilinja("network", "set", "--call", "PERUSPUH=30", "--alert-phone", "0401234567")
    assert said.exit_code == 0, said.output
    shown = digilinja("network", "show").output
    assert "PERUSPUH 30 min" in shown
    assert "texted about broken promises: yes" in shown
    assert "401234567" not in shown
    assert "TOPIC=MINUTES" in line_of(digilinja("network", "set", "--call", "PUHELU=30"))
    assert "--call: A call takes 15, 30" in line_of(digilinja("network", "set", "--call", "PERUSPUH=25"))
    assert "--alert-phone: Write it as 040" in line_of(digilinja("network", "set", "--alert-phone", "soita"))
    assert "PERUSPUH 30 min" in digilinja("network", "show").output
    number = shown.partition("line ")[2].partition(",")[0]
    assert shown.count("hears keys only") == shown.count("line +358")
    assert f"{number} is changed" in digilinja("network", "line", number, "--hears-speech").output
    assert digilinja("network", "show").output.count("hears speech and keys") == 1
    assert "is no line" in line_of(digilinja("network", "line", "+358401", "--keys-only"))


def test_what_is_changed_by_command_stands_in_the_log_of_changes(
    digilinja: Command, demo: DemoData, parts: Parts
) -> None:
    settings, by = PeopleChangeKind.SETTINGS_CHANGED, "coordinator:command-line"
    digilinja("network", "set", "--call", "PERUSPUH=30")
    assert newest(parts) == (by, settings, ["call_minutes"])
    digilinja("network", "set", "--alert-phone", "040 123 4567", "--swedish-release-hours", "48")
    assert newest(parts) == (by, settings, ["swedish_release_hours", "alert_phone"])
    digilinja("network", "set", "--alert-phone", "none")
    assert newest(parts) == (by, settings, ["alert_phone"])
    digilinja("network", "set", "--call", "PERUSPUH=0")
    assert newest(parts) == (by, settings, ["call_minutes"])
    shown = digilinja("network", "show").stdout
    assert ("PERUSPUH" in shown, "broken promises: nobody" in shown, "until 48 hours" in shown) == (False, True, True)
    digilinja("network", "line", LINE, "--hears-speech", "--other-name", "Digistöd")
    line = PeopleChangeKind.LINE_CHANGED
    assert newest(parts) == (by, line, ["other_name", "hears_speech"])


def test_what_changes_nothing_is_not_noted(digilinja: Command, demo: DemoData, parts: Parts) -> None:
    before = changes(parts)
    assert digilinja("network", "set").exit_code == 0
    assert digilinja("network", "set", "--alert-phone", "none").exit_code == 0
    assert changes(parts) == before


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("set", "--swedish-release-hours", "1081"), "--swedish-release-hours: Write the hours, 0 to 1080."),
        (("set", "--swedish-release-hours", "-1"), "--swedish-release-hours: Write the hours, 0 to 1080."),
        (("set", "--alert-phone", "040"), "--alert-phone: Write it as 040 123 4567."),
        (("set", "--alert-phone", " "), "--alert-phone is empty: leave it out"),
        (("line", LINE, "--other-name", ""), "--other-name is empty: leave it out"),
        (("set", "--call", "PERUSPUH=255"), "--call: A call takes 15, 30, 45 … or 240 minutes."),
        (("set", "--call", "PERUSPUH=" + "9" * 5000), "is not TOPIC=MINUTES"),
        (("line", LINE, "--other-name", "Digi 24/7 <b>"), f"{LINE} stays as it is: The voice cannot read the name."),
        (("line", LINE, "--other-name", "a" * 81), f"{LINE} stays as it is: The name is too long."),
        (("line", "soita", "--keys-only"), "soita is no line"),
    ],
)
def test_what_the_pages_refuse_is_refused_here_in_one_line_and_nothing_is_changed(
    digilinja: Command, demo: DemoData, parts: Parts, asked: tuple[str, ...], told: str
) -> None:
    before, shown = changes(parts), digilinja("network", "show").stdout
    assert told in line_of(digilinja("network", *asked))
    assert digilinja("network", "show").stdout == shown
    assert changes(parts) == before
