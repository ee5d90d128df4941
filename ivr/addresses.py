"""Where the operator finds us: every URL that goes into TwiML, plain ASCII and without a name."""

from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

MESSAGE_LIFE = 3600  # seconds that a link to a caller's message can be played


@dataclass(frozen=True, slots=True)
class Addresses:
    """The webhooks' URLs below the public one that the operator calls."""

    public_url: str
    secret_key: str

    def turn(self, number: int) -> str:
        """Where the answer of turn `number` is sent."""
        return f"{self.public_url}/ivr/turn/{number}"

    @property
    def call(self) -> str:
        """Where a line's calls come in."""
        return f"{self.public_url}/ivr/call"

    @property
    def status(self) -> str:
        """Where the operator tells how a call is doing."""
        return f"{self.public_url}/ivr/status"

    def status_of(self, attempt_id: int, *, resident: bool = False) -> str:
        """The same for a call that keeps a promise; the attempt is known before the call's sid is."""
        leg = "resident" if resident else "helper"
        return f"{self.status}?{leg}={attempt_id}"

    @property
    def recording(self) -> str:
        """Where the operator tells that a recording is ready."""
        return f"{self.public_url}/ivr/recording"

    def transcription(self, turn: int) -> str:
        """Where the operator tells what it hears in the message of this turn."""
        return f"{self.public_url}/ivr/transcription?turn={turn}"

    @property
    def text(self) -> str:
        """Where texts come in."""
        return f"{self.public_url}/ivr/sms"

    def text_status(self, message_id: int) -> str:
        """Where the operator tells what became of a text of ours."""
        return f"{self.text}?message={message_id}"

    @property
    def fallback(self) -> str:
        """The static answer for the day when nothing else works."""
        return f"{self.public_url}/ivr/fallback"

    @property
    def webhooks(self) -> Mapping[str, str]:
        """What a line's number has at the operator, under the operator's own names; every one is a POST."""
        addresses = {
            "voice_url": self.call,
            "voice_fallback_url": self.fallback,
            "status_callback": self.status,
            "sms_url": self.text,
        }
        methods = {f"{name.removesuffix('_url')}_method": "POST" for name in addresses}
        return {**addresses, **methods}

    def helper(self, attempt_id: int) -> str:
        """What a helper hears who answers this attempt."""
        return f"{self.public_url}/ivr/helper/{attempt_id}"

    def resident(self, attempt_id: int) -> str:
        """What the resident hears before the two are connected."""
        return f"{self.public_url}/ivr/resident/{attempt_id}"

    def announcement(self, callback_id: int, *, sorry: bool) -> str:
        """What a resident hears whose number takes no texts: a new time, or that one was not kept."""
        return f"{self.public_url}/ivr/announcement/{callback_id}" + ("?sorry=1" if sorry else "")

    def offer(self, callback_id: int) -> str:
        """What a waiting caller hears whose number takes no texts: a time that is kept free for an answer."""
        return f"{self.public_url}/ivr/offer/{callback_id}"

    def change(self, callback_id: int) -> str:
        """What a resident hears whose time cannot be kept and whose number takes no texts: another, or none yet."""
        return f"{self.public_url}/ivr/change/{callback_id}"

    def message(self, recording_sid: str) -> str:
        """A link to a caller's message that works for an hour, for whoever plays it in a call."""
        return f"{self.public_url}/ivr/message/{self._seal().dumps(recording_sid)}.wav"

    def recording_of(self, token: str) -> str | None:
        """The recording that a message link stands for, unless it is forged or too old."""
        try:
            return str(self._seal().loads(token, max_age=MESSAGE_LIFE))
        except BadSignature:
            return None

    def prompt(self, line_id: int, spoken: tuple[str | int, ...]) -> str:
        """A sentence of recorded pieces; the same sentence has the same address, so that an operator keeps the sound."""
        return f"{self.public_url}/ivr/prompt/{self._prompts().dumps([line_id, *spoken])}.wav"

    def prompt_of(self, token: str) -> tuple[int, tuple[str | int, ...]] | None:
        """The line and the pieces that such an address stands for, unless it is forged."""
        try:
            line_id, *spoken = self._prompts().loads(token)
        except BadSignature:
            return None
        return line_id, tuple(spoken)

    def _prompts(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret_key, salt="prompt")

    def _seal(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt="message")
