"""The static answers: what is heard when our own systems are away, in both languages.

They need no database, and the first of them still records; the operator keeps the message until
the reconciliation finds it.
"""

from twilio.twiml.voice_response import VoiceResponse

from ivr.addresses import Addresses
from ivr.twiml import voice
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

LONGEST = 180  # seconds of message
SILENCE = 5  # seconds that end it


def still_records(catalogue: Catalogue, addresses: Addresses) -> str:
    """We are away: leave a message all the same."""
    response = VoiceResponse()
    for key in ("fallback_greeting", "fallback_record"):
        _say(response, catalogue, key)
    response.record(
        action=f"{addresses.fallback}?done=1",
        method="POST",
        timeout=SILENCE,
        max_length=LONGEST,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=addresses.recording,
        recording_status_callback_event="completed absent",
    )
    response.redirect(f"{addresses.fallback}?done=1", method="POST")
    return str(response)


def thanks(catalogue: Catalogue) -> str:
    """After the fallback's message."""
    return _last_words(catalogue, "fallback_thanks")


def apology(catalogue: Catalogue, language: Language | None) -> str:
    """A fault of ours, after what the caller said has been saved; both languages when none is known."""
    return _last_words(catalogue, "apology", language)


def text_later(catalogue: Catalogue) -> str:
    """A text that we cannot take just now: we shall read it."""
    return "\n".join(catalogue.text(language, "sms.later") for language in Language)


def not_in_use(catalogue: Catalogue) -> str:
    """Somebody rang a number that is no line of ours."""
    return _last_words(catalogue, "not_in_use")


def _last_words(catalogue: Catalogue, key: str, language: Language | None = None) -> str:
    response = VoiceResponse()
    _say(response, catalogue, key, language)
    response.hangup()
    return str(response)


def _say(response: VoiceResponse, catalogue: Catalogue, key: str, language: Language | None = None) -> None:
    for spoken in (language,) if language else tuple(Language):
        response.append(voice(spoken, catalogue.spoken(spoken, key)))
