"""The doctor: says what is in order, what is not, and what only the operator can tell."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from admin.checks import Verdict, examine
from admin.demo.data import DemoData
from admin.parts import Parts, assemble
from admin.settings import Settings
from scheduler.jobs import NewJob, enqueue


def verdicts(parts: Parts) -> dict[str, Verdict]:
    return {finding.what: finding.verdict for finding in examine(parts)}


def test_a_line_in_order_leaves_only_questions_for_the_operator(parts: Parts, demo: DemoData) -> None:
    found = verdicts(parts)
    assert found.pop("operator") is Verdict.WRONG  # nobody listens there in a test
    assert {what for what, verdict in found.items() if verdict is Verdict.ASK} == {"caller ID", "SMS sender"}
    assert Verdict.WRONG not in found.values()


def test_a_lost_data_key_is_found(environment: dict[str, str], parts: Parts, demo: DemoData) -> None:
    other = Settings.read({**environment, "DIGILINJA_DATA_KEYS": Fernet.generate_key().decode()})
    with_other_key = assemble(other)
    assert verdicts(with_other_key)["keys"] is Verdict.WRONG
    with_other_key.engine.dispose()


def test_a_database_that_was_never_migrated_is_found(environment: dict[str, str], empty_database: str) -> None:
    fresh = assemble(Settings.read({**environment, "DIGILINJA_DATABASE_URL": empty_database}))
    found = verdicts(fresh)
    fresh.engine.dispose()
    assert found["database"] is Verdict.WRONG
    assert "jobs" not in found


@pytest.mark.parametrize("missing", ["DIGILINJA_PUBLIC_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"])
def test_a_missing_setting_of_the_line_is_found(environment: dict[str, str], missing: str) -> None:
    lacking = assemble(Settings.read({**environment, missing: ""}))
    found = {finding.what: finding for finding in examine(lacking)}
    lacking.engine.dispose()
    assert found["settings"].verdict is Verdict.WRONG
    assert missing in found["settings"].line


def test_a_worker_that_does_not_keep_up_is_found(parts: Parts, demo: DemoData) -> None:
    with parts.sessions.begin() as session:
        enqueue(session, NewJob("ring", "ring:callback-1:try-1", parts.clock.now() - timedelta(hours=1)))
    assert verdicts(parts)["jobs"] is Verdict.WRONG


def test_a_line_is_wanted(parts: Parts) -> None:
    assert verdicts(parts)["lines"] is Verdict.WRONG


def test_transcripts_that_nobody_can_write_are_found(environment: dict[str, str], parts: Parts) -> None:
    assert verdicts(parts)["transcripts"] is Verdict.OK
    wishing = assemble(Settings.read({**environment, "DIGILINJA_TRANSCRIBER": "faster-whisper:small"}))
    (found,) = [finding for finding in examine(wishing) if finding.what == "transcripts"]
    wishing.engine.dispose()
    assert found.verdict is Verdict.WRONG
    assert "not installed" in found.line
