"""A caller without patience: presses 1, speaks when asked to, and follows the line to the end of the call."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

Post = Callable[[str, Mapping[str, str], str], str]  # path, form, signature → TwiML
LONGEST = 40  # turns; a call that takes more goes in circles


@dataclass(frozen=True, slots=True)
class Account:
    """Whose webhooks they are."""

    sid: str
    token: str
    public_url: str

    def signature(self, path: str, form: Mapping[str, str]) -> str:
        """The signature of Twilio."""
        return str(RequestValidator(self.token).compute_signature(self.public_url + path, dict(form)))


@dataclass(frozen=True, slots=True)
class Turn:
    """One webhook and its reply."""

    path: str
    seconds: float
    twiml: str


def whole_call(post: Post, account: Account, caller: str, line: str, number: int) -> Iterator[Turn]:
    """Every turn of one call, from ringing the line to its goodbye."""
    common = {
        "CallSid": f"CA{number:032x}",
        "AccountSid": account.sid,
        "From": caller,
        "To": line,
        "CallStatus": "in-progress",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    path, pressed = "/ivr/call", dict[str, str]()
    for turn in range(LONGEST):
        form = {**common, **pressed}
        signature = account.signature(path, form)
        begun = perf_counter()
        twiml = post(path, form, signature)
        yield Turn(path, perf_counter() - begun, twiml)
        following = _answer(twiml, number, turn)
        if following is None:
            return
        path, pressed = following
    raise AssertionError(f"the call goes in circles: {twiml}")


def _answer(twiml: str, number: int, turn: int) -> tuple[str, dict[str, str]] | None:
    """Where the call goes on, and with what; None when it is over."""
    for verb in ET.fromstring(twiml):
        match verb.tag:
            case "Gather":
                return _path(verb.attrib["action"]), {"Digits": "20100" if verb.get("numDigits") == "5" else "1"}
            case "Record":
                return _path(verb.attrib["action"]), _message(number, turn)
            case "Redirect":
                return _path(verb.text or ""), {}
            case "Hangup":
                return None
    return None


def _message(number: int, turn: int) -> dict[str, str]:
    sid = f"RE{number:026x}{turn:06x}"
    return {"RecordingSid": sid, "RecordingUrl": f"http://127.0.0.1/{sid}", "RecordingDuration": "12", "Digits": ""}


def _path(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
