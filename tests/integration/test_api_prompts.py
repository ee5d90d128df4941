"""A line's own words and its own voice by API: seen side by side, rewritten, heard, recorded."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.studio.machine import Espeak
from tests.integration.programs import Program, told, why
from tickets.network import Line, Network
from tickets.people import Person
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece
from voice_prompts.ulaw import RATE, seconds_of, sound_in

INTRO = "Täällä kiirettä ei ole."
PATH = "sentences/fi/intro"


@dataclass
class Studio:
    """A coordinator's program, at the demo's first line."""

    parts: Parts
    program: Program
    line: int

    def get(self, path: str) -> Any:
        return told(self.program("GET", f"/lines/{self.line}/{path}"))

    def post(self, path: str, **body: object) -> Any:
        return told(self.program("POST", f"/lines/{self.line}/{path}", **body))

    def refuses(self, path: str, **body: object) -> tuple[int, str]:
        return why(self.program("POST", f"/lines/{self.line}/{path}", **body))

    def sentence(self, key: str) -> Any:
        (found,) = [one for one in self.get("sentences")["sentences"] if one["key"] == key]
        return found

    def hears(self, path: str, **body: object) -> bytes:
        """The µ-law that is heard; ValueError where it is none."""
        answer = self.program("POST" if body else "GET", f"/lines/{self.line}/{path}", **body)
        assert answer.status_code == 200, answer.text
        assert answer.content_type == "audio/wav"
        return sound_in(answer.data)

    def records(self, words: str, *, line: int | None = None, sound: bytes | None = None) -> Any:
        piece = Piece(Language.FI, words)
        content = base64.b64encode(Espeak().speak(piece) if sound is None else sound).decode()
        return self.program("POST", "/prompt-recordings", piece=piece.name, line=line, sound=content)

    def rows(self, table: str) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def of_role(parts: Parts, client: FlaskClient, role: Role, now: datetime) -> Program:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        return Program(client, issue_token(session, network, role, now=now))


@pytest.fixture
def studio(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Studio:
    with parts.sessions() as session:
        line = session.scalars(select(Line.id).order_by(Line.id)).first()
        assert line is not None
    return Studio(parts, of_role(parts, client, Role.KOORDINAATTORI, now), line)


def test_every_sentence_is_seen_in_both_languages_in_the_order_of_a_call(studio: Studio) -> None:
    common = Catalogue.load()
    told_here = studio.get("sentences")["sentences"]
    assert [one["key"] for one in told_here] == [key for key, _ in common.in_order()]
    assert told_here[0]["key"] == "choose_language"
    for one in told_here:
        for language in Language:
            assert tuple(one[language]["say"]) == common.entry(language, one["key"]).say
            assert not one[language]["own"]
    booked = studio.sentence("sms.booked")
    assert (booked["chapter"], booked["placeholders"]) == ("texts", ["code", "line", "time"])
    assert booked["when"] == {"fi": "Aika on varattu.", "sv": "En tid har bokats.", "en": "A time was booked."}


def test_a_sentence_is_rewritten_for_one_line_and_can_be_as_everywhere_again(studio: Studio) -> None:
    assert studio.post(PATH, say=[f"  {INTRO} "], version=0) == {"version": 1}
    seen = studio.sentence("intro")
    assert (seen["fi"]["say"], seen["fi"]["own"], seen["fi"]["version"]) == ([INTRO], True, 1)
    assert (seen["sv"]["own"], seen["sv"]["version"]) == (False, 0)
    lines = told(studio.program("GET", "/lines"))["lines"]
    assert [one["own"] for one in lines if one["id"] == studio.line] == [1]
    assert sum(one["own"] for one in lines) == 1
    assert told(studio.program("DELETE", f"/lines/{studio.line}/{PATH}")) == {"version": 2}
    assert studio.sentence("intro")["fi"]["own"] is False
    history = studio.get(f"{PATH}/versions")["versions"]
    assert [(one["version"], one["entry"] and one["entry"]["say"]) for one in history] == [(2, None), (1, [INTRO])]
    assert why(studio.program("DELETE", f"/lines/{studio.line}/{PATH}")) == (409, "not_rewritten")


def test_the_words_of_all_lines_are_no_version_of_ones_own(studio: Studio) -> None:
    common = list(Catalogue.load().entry(Language.FI, "intro").say)
    assert studio.post(PATH, say=common) == {"version": 0}
    assert studio.post(PATH, say=[INTRO]) == studio.post(PATH, say=[INTRO]) == {"version": 1}
    assert studio.post(PATH, say=common) == {"version": 2}
    assert studio.sentence("intro")["fi"]["own"] is False


def test_of_two_who_change_it_at_once_the_second_is_told(studio: Studio) -> None:
    assert studio.post(PATH, say=[INTRO], version=0) == {"version": 1}
    assert studio.refuses(PATH, say=["Kiire ei ole meillä."], version=0) == (409, "changed_meanwhile")
    assert studio.sentence("intro")["fi"]["say"] == [INTRO]


@pytest.mark.parametrize(
    ("path", "body", "mends"),
    [
        (PATH, {"say": ["Klo 12 voit odottaa"]}, ["the voice cannot read “1, 2”", "“klo” is short", "“voit” is too", "no end"]),
        (PATH, {}, ["has no “say”"]),
        (PATH, {"say": [" "], "text": "\n"}, ["has no “say”"]),
        (PATH, {"say": ["Kiirettä ei ole\x00."]}, ["the voice cannot read"]),
        (PATH, {"say": [INTRO], "text": "Ei kiirettä"}, ["not used here"]),
        ("sentences/sv/offer_slot", {"say": ["Vi ringer {weather}."]}, ["nobody fills {weather}", "telephone keys"]),
        ("sentences/fi/sms.booked", {"text": "😀" * 90}, ["dearer"]),
        ("sentences/fi/sms.booked", {"text": "{time} {code} {line} " + "a" * 400}, ["segments when filled"]),
    ],
)  # fmt: skip
def test_words_that_would_mislead_are_refused_with_every_mend_and_nothing_is_saved(
    studio: Studio, path: str, body: dict[str, object], mends: list[str]
) -> None:
    answer = studio.program("POST", f"/lines/{studio.line}/{path}", **body)
    assert why(answer) == (400, "faulty")
    assert answer.json is not None
    for mend in mends:
        assert mend in answer.json["detail"]
    assert why(studio.program("POST", f"/lines/{studio.line}/{path}/sound", **body)) == (400, "faulty")
    assert studio.rows("line_sentence") == 0


@pytest.mark.parametrize("path", ["sentences/fi/narnia", "sentences/en/intro", "sentences/fi/intro%00"])
def test_what_is_not_said_cannot_be_rewritten(studio: Studio, path: str) -> None:
    assert studio.refuses(path, say=[INTRO]) == (404, "not_found")


def test_no_network_changes_or_hears_another_ones_line(studio: Studio, parts: Parts, now: datetime) -> None:
    with parts.sessions.begin() as session:
        other = Network(name="Muualla", created_at=now)
        session.add(other)
        session.flush()
        stranger = Program(studio.program.client, issue_token(session, other.id, Role.KOORDINAATTORI, now=now))
    for path in (PATH, f"{PATH}/sound"):
        assert why(stranger("POST", f"/lines/{studio.line}/{path}", say=[INTRO])) == (404, "not_found")
    assert why(stranger("GET", f"/lines/{studio.line}/sentences")) == (404, "not_found")
    assert told(stranger("GET", "/lines")) == {"lines": []}


def test_a_coordinator_whose_right_ends_at_the_organisation_changes_no_line(
    studio: Studio, parts: Parts, now: datetime
) -> None:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network)).one()
        network.role_rights = {"koordinaattori": {"edit_prompts": "organisation"}}
        person = Person(network_id=network.id, organisation_id=1, role=Role.KOORDINAATTORI, created_at=now)
        person.name_sealed = "x"
        session.add(person)
        session.flush()
        studio.program.token = issue_token(session, network.id, Role.KOORDINAATTORI, now=now, person_id=person.id)
    assert studio.refuses(PATH, say=[INTRO]) == (403, "not_yours")
    assert why(studio.records(INTRO)) == (403, "not_yours")
    assert studio.sentence("intro")["fi"]["own"] is False


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.YHDYSHENKILO, Role.TIETOSUOJAVASTAAVA])
def test_nobody_else_hears_or_changes_a_line(studio: Studio, parts: Parts, now: datetime, role: Role) -> None:
    other = of_role(parts, studio.program.client, role, now)
    for method, path in (("GET", "sentences"), ("GET", f"{PATH}/sound"), ("POST", PATH), ("DELETE", PATH)):
        assert other(method, f"/lines/{studio.line}/{path}").status_code == 403


def test_a_sentence_is_heard_as_the_telephone_carries_it(studio: Studio) -> None:
    whole, repeat = (
        studio.hears("sentences/fi/topic_choice/sound"),
        studio.hears("sentences/fi/topic_choice/sound?repeat=1"),
    )
    assert 5 < seconds_of(repeat) < seconds_of(whole) < 30
    assert seconds_of(studio.hears("sentences/sv/booked/sound")) > 5
    assert why(studio.program("GET", f"/lines/{studio.line}/sentences/fi/sms.booked/sound")) == (404, "not_spoken")
    assert why(studio.program("GET", f"/lines/{studio.line}/{PATH}/sound?repeat=1")) == (404, "not_spoken")


@pytest.mark.parametrize("language", Language)
def test_there_is_an_example_for_everything_that_varies(studio: Studio, language: Language) -> None:
    shortest = {}
    for one in studio.get("sentences")["sentences"]:
        for place in one["placeholders"]:
            if one[language]["say"]:
                shortest.setdefault(place, one["key"])
    assert len(shortest) >= 12
    for key in set(shortest.values()):
        assert seconds_of(studio.hears(f"sentences/{language}/{key}/sound")) > 0.5


def test_words_are_heard_before_they_are_saved(studio: Studio) -> None:
    now_said = studio.hears(f"{PATH}/sound")
    tried = studio.hears(
        f"{PATH}/sound", say=["Täällä ei ole kiirettä, ei tänään eikä huomenna, eikä koskaan muulloinkaan."]
    )
    assert seconds_of(tried) > 2 * seconds_of(now_said)
    assert studio.rows("line_sentence") == 0
    assert abs(seconds_of(studio.hears(f"{PATH}/sound")) - seconds_of(now_said)) < 0.1


def test_a_recorded_sentence_is_heard_in_its_own_voice_until_its_words_change(studio: Studio) -> None:
    by_machine = studio.hears(f"{PATH}/sound")
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    taken = told(studio.records(words))
    assert 0.3 < taken["seconds"] < 5
    recorded = studio.hears(f"{PATH}/sound")
    assert recorded != by_machine
    assert len(recorded) == round(taken["seconds"] * RATE)
    assert (studio.sentence("intro")["fi"]["recorded"], studio.sentence("intro")["fi"]["pieces"]) == (1, 1)
    studio.post(PATH, say=[INTRO])
    assert studio.sentence("intro")["fi"]["recorded"] == 0
    assert seconds_of(studio.hears(f"{PATH}/sound")) > seconds_of(by_machine)
    told(studio.program("DELETE", f"/lines/{studio.line}/{PATH}"))
    assert studio.hears(f"{PATH}/sound") == recorded


def test_the_list_to_record_tells_what_is_there_and_what_is_stale(studio: Studio) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    everything = told(studio.program("GET", "/prompt-recordings?language=fi"))
    assert everything["stale"] == []
    told(studio.records(words))
    missing = told(studio.program("GET", "/prompt-recordings?language=fi&missing=1"))
    assert len(missing["pieces"]) == len(everything["pieces"]) - 1
    for line in told(studio.program("GET", "/lines"))["lines"]:
        told(studio.program("POST", f"/lines/{line['id']}/{PATH}", say=[INTRO]))
    stale = told(studio.program("GET", f"/prompt-recordings?language=fi&line={studio.line}"))["stale"]
    assert [one["text"] for one in stale] == [words]
    told(studio.program("DELETE", f"/prompt-recordings/{stale[0]['piece']}"))
    assert studio.rows("line_recording") == 0
    assert why(studio.program("DELETE", f"/prompt-recordings/{stale[0]['piece']}")) == (404, "no_such_piece")


def test_a_recording_of_one_line_is_heard_on_no_other(studio: Studio) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    others = [one["id"] for one in told(studio.program("GET", "/lines"))["lines"] if one["id"] != studio.line]
    elsewhere = f"/lines/{others[0]}/{PATH}/sound"
    told(studio.records(words, line=studio.line))
    here = [studio.hears(f"{PATH}/sound") for _ in range(2)]
    assert here[0] == here[1] != sound_in(studio.program("GET", elsewhere).data)


@pytest.mark.parametrize(("sound", "code"), [(b"waves", "unreadable"), (b"", "unreadable")])
def test_what_is_no_recording_is_refused_and_not_kept(studio: Studio, sound: bytes, code: str) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    assert why(studio.records(words, sound=sound)) == (400, code)
    assert why(studio.records("Tätä ei sano kukaan.", sound=sound)) == (404, "no_such_piece")
    assert why(studio.records(words, line=999_999)) == (404, "not_found")
    assert studio.rows("line_recording") == 0


def test_a_recording_may_be_larger_than_any_form_and_not_without_end(studio: Studio) -> None:
    words = Catalogue.load().entry(Language.FI, "intro").say[0]
    assert why(studio.records(words, sound=bytes(1_000_000))) == (400, "unreadable")
    assert studio.records(words, sound=bytes(13 * 1024 * 1024)).status_code == 413
    answer = studio.program("POST", f"/lines/{studio.line}/{PATH}", say=["a" * 300_000])
    assert answer.status_code == 413
