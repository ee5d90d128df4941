"""A turn as TwiML: the sentences in their voices, then the one thing that is waited for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from ivr.addresses import Addresses
from ivr.conversation import Speech, Turn
from ivr.line_voices import LineVoice, named
from ivr.spoken_keys import hints
from ivr.steps import (
    Address,
    Ask,
    Bridge,
    Code,
    Connect,
    Count,
    Key,
    Listen,
    Moment,
    Number,
    Pause,
    PlayMessage,
    Postcode,
    Say,
    Word,
)
from tickets.vocabulary import Topic
from voice_prompts import speech
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Spelled, in_pieces

VOICES = {Language.FI: "Polly.Suvi-Neural", Language.SV: "Polly.Elin-Neural"}
LOCALES = {Language.FI: "fi-FI", Language.SV: "sv-SE"}
RATE = "88%"  # an old caller's ear, domain.md section 6
SLOW_RATE = "72%"  # for who has asked for it, and louder
PAUSE = "700ms"  # between options
AFTER_SPEECH = 2  # seconds of silence that end what is said
CALLBACK_EVENTS = "initiated ringing answered completed"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns what a script yields into the operator's words."""

    voice: LineVoice
    addresses: Addresses
    line_id: int | None = None
    written_along: bool = False  # the operator writes down messages while they are spoken
    hears_speech: bool = False  # a key may be said

    def render(self, turn: Turn, number: int, now: datetime) -> str:
        """TwiML for the reply to turn `number`, spoken at `now`."""
        response = VoiceResponse()
        if self.written_along and isinstance(turn.after, Listen):
            response.stop().transcription(name=_name_of(number))
        aloud, interruptible = _split(turn)
        self._speak(response, aloud, now)
        following = self.addresses.turn(number + 1)
        match turn.asked:
            case Ask() as ask:
                gather = _gather(ask, following, self._language_heard(turn) if ask.said else None)
                self._speak(gather, interruptible, now)
                if ask.digits > 1:  # the operator's own timeout is that between two keys, and the first one's too
                    gather.pause(length=ask.wait - ask.between)
                response.append(gather)
            case Listen() as listen:
                self._listen(response, listen, number + 1)
            case Connect() as connect:
                _dial(response, connect, following, self.addresses)
            case Moment():
                response.redirect(following, method="POST")
            case Bridge():
                pass  # a whisper that ends without a verb joins the two
            case _:
                response.hangup()
        return str(response)

    def _language_heard(self, turn: Turn) -> Language | None:
        """The language in which something may be said: that of what has just been asked; of both, the line's own."""
        asked_in = (one.language for one in turn.said if isinstance(one, Say))
        return next(asked_in, None) if self.hears_speech else None

    def _listen(self, response: VoiceResponse, listen: Listen, turn: int) -> None:
        if self.written_along:
            _write_along(response, listen, turn, self.addresses)
        _record(response, listen, self.addresses.turn(turn), self.addresses.recording)

    def _speak(self, verb: VoiceResponse | Gather, said: Iterable[Speech], now: datetime) -> None:
        for one in said:
            if isinstance(one, Say):
                self._say(verb, one, now)
            elif isinstance(one, Pause):
                verb.pause(length=one.seconds)
            elif isinstance(one, PlayMessage):
                verb.play(self.addresses.message(one.recording_sid))

    def _say(self, verb: VoiceResponse | Gather, said: Say, now: datetime) -> None:
        """In the voice of whoever has recorded all of it; else, and where it is to be slow, in the machine's."""
        catalogue = self.voice.catalogue
        words = {name: spelled(word, said.language, now, catalogue) for name, word in said.words.items()}
        if self.line_id is not None and self.voice.recorded and not said.slow:
            pieces = in_pieces(catalogue, said.language, said.key, words, again=said.again)
            if self.voice.plays(pieces):
                verb.play(self.addresses.prompt(self.line_id, named(pieces)))
                return
        texts = {name: word.text for name, word in words.items()}
        parts = catalogue.spoken(said.language, said.key, again=said.again, **texts)
        verb.append(voice(said.language, parts, slow=said.slow))


def voice(language: Language, parts: Iterable[str], *, slow: bool = False) -> SayVerb:
    """Sentences in the voice of their language, unhurried, with a pause between."""
    manner = {"rate": SLOW_RATE, "volume": "loud"} if slow else {"rate": RATE}
    verb = SayVerb(language=LOCALES[language], voice=VOICES[language])
    for place, part in enumerate(parts):
        if place:
            verb.break_(time=PAUSE)
        verb.prosody(part, **manner)
    return verb


def spelled(word: Word, language: Language, now: datetime, catalogue: Catalogue) -> Spelled:
    """A word of a sentence, fully spelled for a voice of the language; times and digits are recorded word by word."""
    by_word = isinstance(word, datetime | Number | Code | Postcode)
    return Spelled(_spell(word, language, now, catalogue), by_word=by_word)


def _spell(word: Word, language: Language, now: datetime, catalogue: Catalogue) -> str:
    match word:
        case datetime():
            return speech.spoken_time(word, now=now, language=language)
        case Number(e164):
            return speech.spoken_number(e164, language)
        case Code(digits):
            return speech.spoken_code(digits, language)
        case Postcode(digits):
            return speech.spoken_postcode(digits, language)
        case Address(text):
            return speech.spoken_address(text, language)
        case Key(digit):
            return speech.spoken_key(digit, language)
        case Count(number):
            return speech.spoken_count(number, language)
        case Topic():
            return catalogue.word(language, f"topic.{word}")
        case Language():
            return catalogue.word(language, f"language.{word}")
        case _:
            return speech.spoken_name(word, language)


def _split(turn: Turn) -> tuple[tuple[Speech, ...], tuple[Speech, ...]]:
    """What is heard to its end, and what a key may cut short."""
    if not isinstance(turn.asked, Ask):
        return turn.said, ()
    whole = [place for place, one in enumerate(turn.said) if isinstance(one, Say) and one.whole]
    cut = whole[-1] + 1 if whole else 0
    return turn.said[:cut], turn.said[cut:]


def _gather(ask: Ask, action: str, heard: Language | None) -> Gather:
    speech = {}
    if heard is not None:  # speechModel stays "default", which alone knows both languages
        speech = {
            "language": LOCALES[heard],
            "hints": hints(heard),
            "speech_timeout": str(AFTER_SPEECH),
            "profanity_filter": False,
        }
    return Gather(
        input="dtmf" if heard is None else "dtmf speech",
        num_digits=ask.digits,
        timeout=ask.between if ask.digits > 1 else ask.wait,
        action=action,
        method="POST",
        action_on_empty_result=True,
        **speech,
    )


def _write_along(response: VoiceResponse, listen: Listen, turn: int, addresses: Addresses) -> None:
    """Until the turn in which the message has been told; nothing else of the call is written down."""
    response.start().transcription(
        name=_name_of(turn),
        track="inbound_track",
        status_callback_url=addresses.transcription(turn),
        status_callback_method="POST",
        partial_results=False,
        language_code=LOCALES[listen.language],
        transcription_engine="google",
        profanity_filter=False,
        enable_automatic_punctuation=True,
    )


def _name_of(turn: int) -> str:
    return f"turn-{turn}"


def _record(response: VoiceResponse, listen: Listen, action: str, status: str) -> None:
    response.record(
        action=action,
        method="POST",
        timeout=listen.silence,
        max_length=listen.longest,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=status,
        recording_status_callback_event="completed absent",
    )
    # The operator goes on here, without the action, when it has heard nothing at all.
    response.redirect(action, method="POST")


def _dial(response: VoiceResponse, connect: Connect, action: str, addresses: Addresses) -> None:
    dial = Dial(
        caller_id=connect.caller_id,
        timeout=connect.ring_seconds,
        time_limit=connect.talk_seconds,
        action=action,
        method="POST",
    )
    dial.number(
        connect.to,
        url=addresses.resident(connect.attempt),
        status_callback=addresses.status_of(connect.attempt, resident=True),
        status_callback_event=CALLBACK_EVENTS,
    )
    response.append(dial)
