"""A telephone exchange that stands in for Twilio on this machine.

It imports nothing of the product and speaks only HTTP to it: a REST API, signed webhooks, TwiML. For tests:

    clock = VirtualClock(datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki")))
    exchange = Exchange.on(clock, deliver)              # deliver(WebhookRequest) -> WebhookResponse
    exchange.add_line("+358942412345", "http://product.test/ivr/call", status_url=…, sms_url=…)
    clock.add(my_job_runner)                            # next_event_at(), run_due(): jobs happen in between

    phone = exchange.phone("+358401112233")
    call = phone.dial("+358942412345")                  # withheld=True, caller_id="+266696687"
    call.until_asked()                                  # Waiting.DIGITS | RECORDING | TALK; None: the call is over
    call.press("1").until_asked()                       # keys interrupt prompts inside Gather
    call.speak("Printteri ei toimi", seconds=4)         # into a recording, a Gather that hears speech, or to the other end
    call.until_asked()                                  # silence is simply waiting for the next question
    call.words, call.news(), call.heard, call.hang_up()

    helper = exchange.phone("+358405556677")
    helper.answers(after=3)                             # is_busy, does_not_answer, has_voicemail, fails, is_manual
    call = helper.until_rung(); call.until_asked()      # by hand: call.answer(), call.decline()

    exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.ACTION, nth=2)
    exchange.faults.rest(RestFault.LOSE_ANSWER, path="Calls.json")
    assert not exchange.errors                          # what Twilio's debugger would list
    exchange.posted, exchange.recordings, phone.texts   # what was sent, recorded, texted

Keys pressed while the line speaks outside Gather are lost, as at Twilio. `clock.run_for`, `run_to` and
`run_until` let time pass; nothing happens between. `app.make_app(exchange)` is the REST API,
`server.serve_exchange` runs everything in real seconds.
"""

from ivr.exchange.call import Call
from ivr.exchange.faults import Fault, Faults, Kind, RestFault
from ivr.exchange.messages import Deliver, WebhookRequest, WebhookResponse
from ivr.exchange.office import Habits, Line
from ivr.exchange.phones import Phone
from ivr.exchange.switchboard import Exchange
from ivr.exchange.texts import Text, TextFate
from ivr.exchange.timers import VirtualClock
from ivr.exchange.values import (
    Alert,
    Apology,
    Beep,
    CallStatus,
    Connected,
    Heard,
    NotInUse,
    Paused,
    Played,
    RingingTone,
    Said,
    Spoken,
    Waiting,
)

__all__ = [
    "Alert",
    "Apology",
    "Beep",
    "Call",
    "CallStatus",
    "Connected",
    "Deliver",
    "Exchange",
    "Fault",
    "Faults",
    "Habits",
    "Heard",
    "Kind",
    "Line",
    "NotInUse",
    "Paused",
    "Phone",
    "Played",
    "RestFault",
    "RingingTone",
    "Said",
    "Spoken",
    "Text",
    "TextFate",
    "VirtualClock",
    "Waiting",
    "WebhookRequest",
    "WebhookResponse",
]
