"""The ways to a talk that many scenarios share: who was chosen, who took it, how far the two have come."""

from ivr.exchange import Phone, Waiting
from tests.calls.days import MOBILE, Day
from tests.calls.phones import Play


def taken(day: Day, number: str = MOBILE) -> tuple[Play, Play]:
    """The only helper has taken the callback, and the resident has picked up."""
    (helper,) = {phone.number for phone in day.exchange.phones.values() if phone.number.startswith("+35850")}
    rung = day.rings(helper, within=9000).hears("helper_options").presses("1")
    resident = day.rings(number).hears("callback_intro")
    return rung, resident


def in_talk(day: Day) -> tuple[Play, Play]:
    """A helper and the resident whom the line has rung, and who is through to them."""
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("1")
    assert resident.call.until_asked() is Waiting.TALK
    rung.call.until_asked()
    return rung, resident


def after_talk(day: Day, number: str = MOBILE) -> Play:
    """The two have talked, and the helper is asked how it went."""
    rung, resident = taken(day, number)
    resident.presses("1").talks()
    return rung.hears("helper_outcome")


def chosen_phone(day: Day) -> Phone:
    """The phone of the helper who was chosen last."""
    (number,) = day.fetch("SELECT helper_id FROM attempt ORDER BY id DESC LIMIT 1")[0]
    return day.phone(f"+35850{number:07}")
