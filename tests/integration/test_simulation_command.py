"""`digilinja simulate` at the terminal: a database of its own, tables for a coordinator, mistakes told in one line."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from admin import scratch
from admin.commands.simulate import command


def simulate(*options: str) -> Result:
    return CliRunner().invoke(command, options)


def test_the_configured_database_is_left_alone_and_the_scratch_folder_is_gone_afterwards(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def folder(**options: object) -> TemporaryDirectory[str]:
        made.append(Path((real := TemporaryDirectory(**options)).name))  # type: ignore[call-overload]
        return real

    monkeypatch.setenv("DIGILINJA_DATABASE_URL", database)
    monkeypatch.setattr(scratch, "TemporaryDirectory", folder)
    told = simulate("--change", "calls=3", "--json")
    assert set(json.loads(told.stdout)) == {"late"}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM network")).scalar_one() == 0
    assert len(made) == 1
    assert not made[0].exists()


def test_a_coordinator_reads_days_of_calls_by_language_and_what_one_more_would_change() -> None:
    told = simulate("--days", "2", "--by", "language", "--one-more", "wed-afternoon-sv", "--compare", "round-robin")
    assert told.exit_code == 0, told.output
    assert "2 working days" in told.stdout
    assert "Finnish" in told.stdout
    assert "one more helper, Wed 12." in " ".join(told.stdout.split())


@pytest.mark.parametrize(
    "mistake",
    [
        ("--change", "calls"),
        ("--change", "calls=0"),
        ("--change", "swedish_calls=1.5"),
        ("--change", "free_for=3"),
        ("--one-more", "sun-morning-fi"),
        ("--one-more", "mon-morning"),
        ("--days", "0"),
    ],
)
def test_a_mistake_is_told_before_anything_is_played(mistake: tuple[str, str]) -> None:
    told = simulate(*mistake)
    assert told.exit_code == 2
    assert mistake[0] in told.stderr
