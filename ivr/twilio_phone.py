"""The telephony port, by the operator's REST API. Imported by the worker only: it is heavy."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from scheduler.ports import OperatorCall, OperatorRecording, OperatorText, Ringing, TelephonyError

TWILIO: Final = "https://api.twilio.com"
PATIENCE: Final = 20.0  # seconds to connect, and again to answer; the SDK itself would wait for ever
ABSENT: Final = "absent"  # silent, or too short to be anything
RECORDED: Final = frozenset({"completed", ABSENT})
LOOK_BACK: Final = 200  # rows of a list
CALL_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]
NOT_READY: Final = 20009
NOT_FOUND: Final = 20404
TOO_MANY: Final = 20429
AWAY: Final = frozenset({401, 403, 429})  # a wrong token is mended by a person; until then everything waits

_RINGING: Final[Mapping[str, Ringing]] = {
    "completed": Ringing.ANSWERED,
    "busy": Ringing.BUSY,
    "no-answer": Ringing.NO_ANSWER,
    "canceled": Ringing.NO_ANSWER,
    "failed": Ringing.FAILED,
}

R = TypeVar("R")


class TwilioPhone:
    """Rings and texts through Twilio, or through whatever speaks its REST API at `api_url`."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        api_url: str = TWILIO,
        session: requests.Session | None = None,
    ) -> None:
        self._session = session or requests.Session()
        self._auth = (account_sid, auth_token)
        self._account = f"{api_url}/2010-04-01/Accounts/{account_sid}"
        http = _Http(api_url, self._session)
        self._api = Client(account_sid, auth_token, http_client=http).api.v2010.account

    def ring(self, *, to: str, shown: str, url: str, status_url: str, seconds: int) -> str:
        """Ring a number, showing a line's own; the call's sid."""
        call = _asking(
            lambda: self._api.calls.create(
                to=to,
                from_=shown,
                url=url,
                method="POST",
                timeout=seconds,
                status_callback=status_url,
                status_callback_event=CALL_EVENTS,
                status_callback_method="POST",
            )
        )
        return str(call.sid)

    def find_call(self, *, to: str, shown: str, since: datetime) -> str | None:
        """The sid of the newest call that we placed since then, if there is one."""
        calls = _asking(lambda: self._api.calls.list(to=to, from_=shown, limit=LOOK_BACK))
        placed = [call for call in calls if _moment(call.date_created) >= _second(since)]
        newest = max(placed, key=lambda call: _moment(call.date_created), default=None)
        return None if newest is None else str(newest.sid)

    def call(self, call_sid: str) -> OperatorCall | None:
        """How a call is doing."""
        try:
            return _call(_asking(lambda: self._api.calls(call_sid).fetch()))
        except TelephonyError as error:
            if error.code == NOT_FOUND:
                return None
            raise

    def text(self, *, to: str, shown: str, body: str, status_url: str | None) -> str:
        """Send a text; its sid. Without a `status_url` we are not told what becomes of it."""
        told = {} if status_url is None else {"status_callback": status_url}
        message = _asking(lambda: self._api.messages.create(to=to, from_=shown, body=body, **told))
        return str(message.sid)

    def find_text(self, *, to: str, shown: str, body: str, since: datetime) -> str | None:
        """The sid of such a text sent since then, if there is one."""
        texts = _asking(lambda: self._api.messages.list(to=to, from_=shown, limit=LOOK_BACK))
        for text in texts:
            if text.body == body and _moment(text.date_created) >= _second(since):
                return str(text.sid)
        return None

    def fetch_recording(self, recording_sid: str) -> bytes | None:
        """The sound, as WAV; nothing while it is not ready."""
        url = f"{self._account}/Recordings/{recording_sid}.wav"
        try:
            answer = self._session.get(url, auth=self._auth, timeout=PATIENCE)
        except requests.RequestException as error:
            raise TelephonyError(f"fetching a recording: {type(error).__name__}", permanent=False) from None
        if answer.status_code == requests.codes.not_found:
            return None
        if not answer.ok:
            raise TelephonyError(
                f"fetching a recording: {answer.status_code}",
                permanent=False,
            )
        return answer.content

    def delete_recording(self, recording_sid: str) -> None:
        """Forget a recording; one that is gone already is no error."""
        try:
            _asking(lambda: self._api.recordings(recording_sid).delete())
        except TelephonyError as error:
            if error.code == NOT_READY:
                raise TelephonyError(str(error), permanent=False, code=error.code) from error
            if error.code != NOT_FOUND:
                raise

    def calls_since(self, since: datetime) -> tuple[OperatorCall, ...]:
        """The calls to our lines since then."""
        calls = _asking(lambda: self._api.calls.list(start_time_after=_second(since), limit=1000))
        return tuple(_call(call) for call in calls)

    def recordings_since(self, since: datetime) -> tuple[OperatorRecording, ...]:
        """The recordings made since then of which the operator knows by now what is on them."""
        found = _asking(lambda: self._api.recordings.list(date_created_after=_second(since), limit=1000))
        return tuple(
            OperatorRecording(
                str(one.sid),
                str(one.call_sid),
                max(0, int(one.duration or 0)),
                _moment(one.date_created),
                empty=str(one.status) == ABSENT or str(one.duration) == "0",
            )
            for one in found
            if str(one.status) in RECORDED
        )

    def texts_since(self, since: datetime) -> tuple[OperatorText, ...]:
        """The texts that came to our lines since then, the oldest first."""
        texts = _asking(lambda: self._api.messages.list(date_sent_after=_second(since), limit=1000))
        found = [
            OperatorText(
                str(text.sid),
                str(text.from_ or ""),
                str(text.to or ""),
                str(text.body or ""),
                _moment(text.date_sent or text.date_created),
            )
            for text in texts
            if text.direction == "inbound"
        ]
        return tuple(sorted(found, key=lambda text: text.sent_at))

    def connect_line(self, e164: str, **webhooks: str) -> bool:
        """Tell the operator which webhooks a line's number has; False for a number it does not know."""
        numbers = _asking(lambda: self._api.incoming_phone_numbers.list(phone_number=e164, limit=1))
        if not numbers:
            return False
        _asking(lambda: numbers[0].update(**webhooks))
        return True


class _Http(TwilioHttpClient):
    """The SDK's own client, with a time limit and, where asked, another address."""

    def __init__(self, api_url: str, session: requests.Session) -> None:
        super().__init__(pool_connections=False)
        self.session = session
        self._api_url = api_url.rstrip("/")

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Response:
        """One request; the timeout is ours, for the SDK has none."""
        options["timeout"] = PATIENCE
        return super().request(method, url.replace(TWILIO, self._api_url, 1), *args, **options)


def _asking(question: Callable[[], R]) -> R:
    # The operator's own words and addresses hold numbers: only the code goes on, into a log.
    try:
        return question()
    except TwilioRestException as error:
        away = error.status >= 500 or error.status in AWAY or error.code == TOO_MANY
        raise TelephonyError(
            f"the operator says {error.status}, {error.code}", permanent=not away, code=error.code
        ) from None
    except requests.RequestException as error:
        raise TelephonyError(f"the operator did not answer: {type(error).__name__}", permanent=False) from None


def _call(call: Any) -> OperatorCall:
    return OperatorCall(
        str(call.sid),
        str(call._from or ""),  # noqa: SLF001 - the SDK names it so, as `from` is a keyword
        str(call.to or ""),
        _RINGING.get(str(call.status), Ringing.GOING_ON),
        str(call.direction) == "inbound",
        _moment(call.start_time or call.date_created),
    )


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _second(at: datetime) -> datetime:
    """The operator's stamps have whole seconds, in UTC."""
    return at.astimezone(UTC).replace(microsecond=0)
