"""To which number we ring: the one that shows, or one that is keyed and read back."""

from ivr.conversation import Script
from ivr.dialogue import FellSilent, Paper, choose, key_in
from ivr.numbers import Verdict, judge_caller, judge_keyed
from ivr.steps import Code, Number, Say

MOST_NUMBERS = 5  # keyed before we save what we have


def settle_number(paper: Paper, caller: str) -> Script[None]:
    """The number is read back until the caller says that it is right."""
    if paper.number_confirmed:
        return
    seen = judge_caller(caller)
    if seen.verdict is Verdict.OK and seen.e164:
        if (yield from confirms(paper, seen.e164)):
            return
        menu = paper.says("ask_number")
    elif seen.verdict is Verdict.FOREIGN and seen.e164:
        yield paper.says("number_foreign", number=Number(seen.e164))
        menu = paper.says("ask_number")
    else:
        menu = paper.says("ask_number_withheld")
    for left in reversed(range(MOST_NUMBERS)):
        if (yield from take_number(paper, menu, is_last=not left)):
            return
        menu = paper.says("ask_number")
    raise FellSilent


def take_number(paper: Paper, menu: Say, *, is_last: bool) -> Script[bool]:
    """A keyed number, read back; of one that we cannot ring, why not, and "again" only where it is asked again."""
    keys = yield from key_in(paper, "number", menu, 15)
    keyed = judge_keyed(keys)
    if keyed.verdict is Verdict.OK and keyed.e164:
        return (yield from confirms(paper, keyed.e164))
    if keyed.verdict is Verdict.FOREIGN and keyed.e164:
        yield paper.says("number_foreign", number=Number(keyed.e164))
    else:
        yield paper.says(f"number_{keyed.verdict}", number=Code(keys))
        if not is_last:
            yield paper.says("number_again")
    return False


def confirms(paper: Paper, e164: str) -> Script[bool]:
    """The number, digit by digit, and the caller's yes."""
    question = paper.says("confirm_number", number=Number(e164))
    pressed = yield from choose(paper, "confirm_number", question, "12")
    if pressed == "1":
        paper.number, paper.number_confirmed = e164, True
    return pressed == "1"
