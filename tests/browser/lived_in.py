"""An office in which work has been done: something of everything that a page can show, made as people make it."""

import io
import wave
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from twilio.request_validator import RequestValidator

from admin.public.seals import BookingSeal, TicketSeal
from scheduler.mail.boxes import add_mailbox
from scheduler.ports import MailAccount
from tests.browser.office import Office
from tests.integration.ticket_office import PARAINEN, TURKU
from tests.integration.ticket_office import Office as TicketOffice
from tickets.intake import Matter, open_ticket
from tickets.recordings import attach_recording, keep_sound, note_recording
from tickets.tokens import issue_token
from tickets.transcripts import keep_transcript
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

BOOKING = ("one_booking", "other_times", "sure", "feedback")
CALLER, SPOKEN, CALL = "+358401234567", "RE" + "1" * 32, "CA" + "1" * 32
CASES: tuple[tuple[Language, Topic, str, str | None], ...] = (
    (Language.FI, Topic.PUHELIN, TURKU, "Puhelin ei soi, vaikka äänet ovat päällä."),
    (Language.SV, Topic.TIETOKONE, PARAINEN, "Datorn startar inte längre."),
    (Language.FI, Topic.KELA, TURKU, None),
    (Language.FI, Topic.TUNNIST, TURKU, "<b>En pääse</b> kirjautumaan & tilaamaan aikaa."),
    (Language.SV, Topic.PUHELIN, PARAINEN, None),
    (Language.FI, Topic.TABLETTI, TURKU, None),
)


class LivedIn:
    """What was done, by the names that addresses of pages are made of."""

    def __init__(self, office: Office) -> None:
        self.office, self.now = office, office.now
        self._client = office.app.test_client()
        self._tickets = TicketOffice(office.parts, self._client, office.now)
        self._keys = {role: self._key(role) for role in (Role.KOORDINAATTORI, Role.PAAKAYTTAJA, Role.DIGITUKIJA)}
        self.codes = [self._ticket(number, *case) for number, case in enumerate(CASES)]
        self.code = self.codes[0]
        self._speak()
        self.callbacks = [self._promise(code) for code in (self.codes[0], self.codes[1], self.codes[3])]
        self.helped = self.codes[1]  # the case of the helper who is staff
        self._work()
        self._read_post()
        self._ring()
        self._choose(self.callbacks[1])

    def at(self, endpoint: str, place: str) -> object:
        """What stands at a place of a page's address; None where nothing here fills it yet."""
        room = endpoint.split(".", maxsplit=1)[0]
        known = (f"{endpoint} {place}", f"{room} {place}", place)
        return next((_PLACES[name](self) for name in known if name in _PLACES), None)

    def did(self, role: Role, method: str, path: str, **body: object) -> Any:
        """Somebody of this role did something by the API, and it was done."""
        headers = {"Authorization": f"Bearer {self._keys[role]}"}
        answer = self._client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json

    def fetch(self, statement: str) -> Any:
        """One value of the database."""
        with self.office.parts.sessions() as session:
            return session.execute(text(statement)).scalar()

    def booking(self) -> str:
        """What opens the booking of a ticket to whoever knows its number and code."""
        ticket = self.fetch(f"SELECT id FROM ticket WHERE code = '{self.code}'")
        return BookingSeal(ticket, self.now).written(self.office.parts.settings.secret_key)

    def seal(self) -> str:
        """The address that was shown to whoever sent the form, before they choose a time."""
        ticket = self.fetch(f"SELECT id FROM ticket WHERE code = '{self.codes[2]}'")
        return TicketSeal(ticket, None, self.now).written("s" * 32)

    def _key(self, role: Role) -> str:
        with self.office.parts.sessions.begin() as session:
            return issue_token(session, self.office.network, role, now=self.now, person_id=self.office.person(role))

    def _ticket(self, number: int, language: Language, topic: Topic, municipality: str, said: str | None) -> str:
        caller = CALLER if number in (0, 2) else f"+35840123456{number}"
        line = self.fetch("SELECT id FROM line ORDER BY id LIMIT 1")
        told = (self.office.network, line, Channel.FORM, language, caller, f"form:{number}")
        matter = Matter(*told, topic=topic, municipality=municipality, text=said)
        with self.office.parts.sessions.begin() as session:
            return open_ticket(session, matter, now=self.now - timedelta(hours=number)).code

    def _speak(self) -> None:
        with self.office.parts.sessions.begin() as session:
            note_recording(session, CALL, SPOKEN, turn=4, duration_s=2, now=self.now)
            ticket = self.fetch(f"SELECT id FROM ticket WHERE code = '{self.code}'")
            attach_recording(session, CALL, ticket)
            keep_sound(session, SPOKEN, _silence(), "audio/wav")
            keep_transcript(session, SPOKEN, "Puhelin on mykkä.", now=self.now, actor="system")

    def _promise(self, code: str) -> int:
        self._tickets.promised(code)
        ticket = self.fetch(f"SELECT id FROM ticket WHERE code = '{code}'")
        return int(self.fetch(f"SELECT id FROM callback WHERE ticket_id = {ticket} ORDER BY id DESC LIMIT 1"))

    def _choose(self, callback: int) -> None:
        chosen = text(
            "UPDATE callback SET assigned_helper_id = p.helper_id FROM person p WHERE callback.id = :id AND p.id = :who"
        )
        with self.office.parts.sessions.begin() as session:
            session.execute(chosen, {"id": callback, "who": self.office.person(Role.DIGITUKIJA)})

    def _read_post(self) -> None:
        account = MailAccount("imap.example.fi", 993, "digituki", "salainen")
        line = self.fetch("SELECT min(id) FROM line")
        with self.office.parts.sessions.begin() as session:
            add_mailbox(session, line, "digituki@example.fi", account, now=self.now, actor="coordinator:command-line")

    def _work(self) -> None:
        coordinator, administrator = Role.KOORDINAATTORI, Role.PAAKAYTTAJA
        day, weeks = self.now.date(), timedelta(weeks=4)
        self.did(coordinator, "POST", f"/tickets/{self.code}/notes", text="Soitettu kahdesti, ei vastannut.")
        self.did(
            coordinator, "POST", f"/tickets/{self.codes[3]}/owner", deadline=(self.now + timedelta(hours=3)).isoformat()
        )
        self.did(
            coordinator,
            "POST",
            f"/tickets/{self.codes[5]}/closing",
            outcome="RATKAISTU",
            did_themselves="yes",
            minutes=20,
        )
        self.relay = self.did(coordinator, "POST", f"/tickets/{self.codes[4]}/relay")["relay"]["number"]
        self.did(coordinator, "POST", f"/relays/{self.relay}/publication")
        self.did(
            coordinator,
            "POST",
            f"/tickets/{self.codes[2]}/hold",
            reason="Selvitys kesken",
            until=(self.now + weeks).isoformat(),
        )
        self.did(
            coordinator,
            "POST",
            "/rules",
            text_fi="Emme kirjaudu kenenkään puolesta.",
            text_sv="Vi loggar inte in för någon.",
        )
        self.did(coordinator, "POST", "/board", title="Koulutus torstaina", text="Kello 14 etänä.")
        self.did(
            coordinator, "POST", "/campaigns",
            name="Syyskampanja", begins=str(day - weeks), ends=str(day), medium="advert", municipalities=[TURKU],
        )  # fmt: skip
        self.did(
            coordinator, "POST", "/indicators",
            name="Sähköisten asiointien osuus", value=27.8, unit="%", begins="2025-01-01", ends="2025-12-31",
            source="Oma seuranta", source_date="2026-01-15",
        )  # fmt: skip
        self.did(
            coordinator, "POST", "/bulletins",
            fi="Palvelussa on tänään häiriö.", sv="Det är en störning i tjänsten i dag.", ends_at=str(self.now + timedelta(hours=3)),
        )  # fmt: skip
        self.did(administrator, "POST", "/webhooks", address="https://example.org/digilinja")
        span = {
            "begins": (self.now + timedelta(days=9)).isoformat(),
            "ends": (self.now + timedelta(days=9, hours=3)).isoformat(),
        }
        self.did(coordinator, "POST", "/closures", during=span, reason="Koulutuspäivä")
        week = {
            "since": (self.now + timedelta(days=35)).isoformat(),
            "until": (self.now + timedelta(days=37)).isoformat(),
        }
        template = self.fetch("SELECT id FROM template LIMIT 1")
        drafted = {"first": str(day + timedelta(days=34)), "last": str(day + timedelta(days=40)), "draft": True}
        self.did(coordinator, "POST", f"/templates/{template}/publication", **drafted)
        self.did(coordinator, "POST", "/rota/proposals", **week)

    def _ring(self) -> None:
        line = self.fetch("SELECT e164 FROM line ORDER BY id LIMIT 1")
        form = {
            "CallSid": "CA" + "2" * 32,
            "From": "+358407654321",
            "To": line,
            "CallStatus": "ringing",
            "AccountSid": "AC" + "0" * 32,
        }
        self._webhook("/ivr/call", form)
        self._webhook("/ivr/turn/1", {**form, "Digits": "1"})

    def _webhook(self, path: str, form: dict[str, str]) -> None:
        address = f"http://127.0.0.1:8000{path}"
        signature = RequestValidator("token").compute_signature(address, form)
        answer = self._client.post(
            path, data=form, headers={"X-Twilio-Signature": signature}, base_url="http://127.0.0.1:8000"
        )
        assert answer.status_code == 200, (path, answer.text)


def _first(table: str, column: str = "id") -> Callable[[LivedIn], Any]:
    return lambda lived: lived.fetch(f"SELECT {column} FROM {table} ORDER BY id LIMIT 1")


_PLACES: Mapping[str, Callable[[LivedIn], Any]] = {
    "code": lambda lived: lived.code,
    "helper code": lambda lived: lived.helped,
    "points code": _first("referral_point", "code"),
    "gatherings code": _first("gathering", "code"),
    "gatherings day": _first("gathering", "first_day"),
    "materials code": _first("material", "code"),
    "campaign": _first("campaign"),
    "indicator": _first("indicator"),
    "number": lambda lived: lived.relay,
    "post": _first("board_post"),
    "call_id": lambda lived: lived.fetch("SELECT max(id) FROM call"),
    "organisation": _first("organisation"),
    "person": _first("person"),
    "line_id": _first("line"),
    "lines.one line": _first("line"),
    "webhook": _first("webhook"),
    "mailbox": _first("mailbox"),
    "language": lambda _: "fi",
    "key": lambda _: "offer_slot",
    "role": lambda _: "neuvoja",
    "place_id": _first("place"),
    "proposal_id": _first("proposal"),
    "shift_id": _first("shift"),
    "template_id": _first("template"),
    "seal": lambda lived: lived.seal(),
    **{f"public.{page} seal": lambda lived: lived.booking() for page in BOOKING},
    "batch_id": _first("rota_batch"),
}


def _silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 16000)
    return file.getvalue()
