"""Picking up: who rings or is rung, and which play begins. And what is saved when it goes wrong."""

from collections.abc import Mapping

from flask import Response, abort
from sqlalchemy.orm import Session

from ivr.briefing import changed_of_callback, news_of_callback, offered_of_callback, task_of_attempt
from ivr.desk import Desk
from ivr.helper_line import OwnCall
from ivr.journal import FROM_OUTSIDE, NewCall, Part, lock_call, read_journal
from ivr.matters import matter_of
from ivr.numbers import judge_caller
from ivr.script import Answering
from ivr.stage import Facts, facts_of, paper_of
from ivr.turns import Reply, UnknownCall, first_turn
from tickets.bulletins import heard_on
from tickets.directory import LineCard, helper_with_phone, line_of
from tickets.intake import Matter, open_ticket
from tickets.nearby import knows_any
from tickets.recordings import sound_of
from tickets.vocabulary import Channel
from voice_prompts.language import Language

Form = Mapping[str, str]
OTHER = {Language.FI: Language.SV, Language.SV: Language.FI}


def answer_caller(session: Session, desk: Desk, form: Form) -> Reply | None:
    """A resident rings, or a helper from their own phone; nothing when the number is no line of ours."""
    line = line_of(session, form["To"])
    if line is None:
        return None
    facts = Answering(
        line.name,
        (line.first_language, OTHER[line.first_language]),
        line.municipality,
        form.get("From", ""),
        knows_any(session, line.network_id, now=desk.clock.now()),
        line.other_name,
        heard_on(session, line.network_id, line.id, now=desk.clock.now()),
    )
    own = _own_call(session, line, facts)
    if own is not None:
        return _begin(session, desk, form, Part.HELPER_LINE, own, (line.network_id, line.id))
    return _begin(session, desk, form, Part.CALLER, facts, (line.network_id, line.id))


def answer_helper(session: Session, desk: Desk, form: Form, attempt_id: int) -> Reply:
    """The helper whom we ring has answered."""
    return _begin_task(session, desk, form, attempt_id, Part.HELPER)


def answer_resident(session: Session, desk: Desk, form: Form, attempt_id: int) -> Reply:
    """The resident has answered, and hears the code before being connected."""
    return _begin_task(session, desk, form, attempt_id, Part.RESIDENT)


def answer_announcement(session: Session, desk: Desk, form: Form, callback_id: int, *, sorry: bool) -> Reply:
    """A resident whose number takes no texts has answered."""
    found = news_of_callback(session, callback_id, sorry=sorry)
    if found is None:
        raise UnknownCall(f"callback {callback_id}")
    news, network_id, line_id = found
    return _begin(session, desk, form, Part.ANNOUNCEMENT, news, (network_id, line_id))


def answer_offer(session: Session, desk: Desk, form: Form, callback_id: int) -> Reply:
    """Somebody who waits and takes no texts has answered: there is a time."""
    found = offered_of_callback(session, callback_id)
    if found is None:
        raise UnknownCall(f"callback {callback_id}")
    offered, network_id, line_id = found
    return _begin(session, desk, form, Part.OFFER, offered, (network_id, line_id))


def answer_change(session: Session, desk: Desk, form: Form, callback_id: int) -> Reply:
    """A resident whose time cannot be kept and who takes no texts has answered."""
    found = changed_of_callback(session, callback_id)
    if found is None:
        raise UnknownCall(f"callback {callback_id}")
    changed, network_id, line_id = found
    return _begin(session, desk, form, Part.CHANGE, changed, (network_id, line_id))


def play_message(desk: Desk, token: str) -> Response:
    """The caller's message, for whoever was given a link to it in a call; 404 when it is gone."""
    recording_sid = desk.addresses.recording_of(token)
    if recording_sid is None:
        abort(404)
    with desk.sessions() as session:
        sound = sound_of(session, recording_sid)
    if sound is None:
        abort(404)
    response = Response(sound.media, mimetype=sound.media_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def rescue(session: Session, desk: Desk, form: Form) -> Language | None:
    """Save what was gathered before a fault of ours; the caller's language, where it is known."""
    call = lock_call(session, form.get("CallSid", ""))
    if call is None:
        _save_bare(session, desk, form, line_of(session, form.get("To", "")))
        return None
    try:
        paper = paper_of(call, read_journal(session, call))
    except ValueError:  # the facts are those of another version: what is left is who rang which line
        _save_bare(session, desk, form, line_of(session, form.get("To", "")))
        return None
    if call.part in FROM_OUTSIDE and paper.held is None:
        open_ticket(session, matter_of(call, paper.draft()), now=desk.clock.now())
    return paper.language if paper.spoken_to else None


def _own_call(session: Session, line: LineCard, facts: Answering) -> OwnCall | None:
    """A helper at work in this line's network, by the number that is shown."""
    number = judge_caller(facts.caller).e164
    card = None if number is None else helper_with_phone(session, line.network_id, number)
    if card is None or not card.active or number is None:
        return None
    return OwnCall(facts, card.id, number, card.languages[0] if card.languages else line.first_language)


def _begin_task(session: Session, desk: Desk, form: Form, attempt_id: int, part: Part) -> Reply:
    found = task_of_attempt(session, attempt_id)
    if found is None:
        raise UnknownCall(f"attempt {attempt_id}")
    task, network_id, line_id = found
    return _begin(session, desk, form, part, task, (network_id, line_id), attempt_id)


def _begin(
    session: Session,
    desk: Desk,
    form: Form,
    part: Part,
    facts: Facts,
    where: tuple[int, int],
    attempt_id: int | None = None,
) -> Reply:
    network_id, line_id = where
    new = NewCall(form["CallSid"], part, network_id, line_id, attempt_id, facts_of(facts))
    return first_turn(session, new, desk.performing, desk.clock.now())


def _save_bare(session: Session, desk: Desk, form: Form, line: LineCard | None) -> None:
    """A call of which we have no journal: who rang which line is all there is to save."""
    caller = judge_caller(form.get("From", "")).e164
    if line is None or caller is None:
        return
    now = desk.clock.now()
    matter = Matter(
        line.network_id,
        line.id,
        Channel.PHONE,
        line.first_language,
        caller,
        key=f"call:{form.get('CallSid') or now.isoformat()}:1",
    )
    open_ticket(session, matter, now=now)
