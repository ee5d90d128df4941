"""Where something of somebody stands, table by table, and what becomes of it: one table of data for all that forgets.

The nightly job, an erasure and the copy that the registered may ask for all read it, so that none of them can know of a
place that the others do not. A column that is sealed, an index, free text or json and stands neither here nor among what is
harmless fails tests/architecture/test_traces.py. Tables are named, not imported: some belong to the rooms above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tickets.retention import Kept


@dataclass(frozen=True, slots=True)
class Trace:
    """Rows of a table that belong to somebody, and what becomes of them: columns with new values, or the rows go.

    `whose` picks the rows of the tickets, helpers or persons numbered :ids, `but` those among them that are meant. In values, :blank and :nothing are an empty text
    and a JSON null, sealed; :now is the moment. `anew`: what is only ever added to is written again, under the same
    number, without these columns.
    """

    table: str
    whose: str
    becomes: Mapping[str, str] | None = None
    anew: bool = False
    but: str = "true"


_OF_TICKET: Final = "ticket_id = ANY(:ids)"
_OF_HELPER: Final = "helper_id = ANY(:ids)"
_OF_PERSON: Final = "person_id = ANY(:ids)"
_NULL: Final = "NULL"
_CALLBACKS: Final = "SELECT id FROM callback WHERE ticket_id = ANY(:ids)"
# The operator's names of the calls in which a ticket was told of, or rung about.
SIDS_OF_TICKETS: Final = f"""
    SELECT call_sid FROM recording WHERE ticket_id = ANY({{ids}})
    UNION SELECT split_part(intake_key, ':', 2) FROM ticket WHERE id = ANY({{ids}}) AND intake_key LIKE 'call:%'
    UNION SELECT split_part(key, ':', 2) FROM ticket_event WHERE ticket_id = ANY({{ids}}) AND key LIKE 'call:%'
    UNION SELECT c.call_sid FROM call c JOIN attempt a ON a.id = c.attempt_id
    WHERE a.callback_id IN ({_CALLBACKS.replace(":ids", "{ids}")})
"""  # noqa: S608 - nothing in it comes from outside
HELD_TICKETS: Final = "SELECT ticket_id FROM legal_hold WHERE during @> CAST(:now AS timestamptz)"
CALLS_OF_TICKETS: Final = f"SELECT id FROM call WHERE call_sid IN ({SIDS_OF_TICKETS.format(ids=':ids')})"  # noqa: S608
# What was keyed and said in a call about several matters stays as long as one of them is held.
SIDS_HELD: Final = SIDS_OF_TICKETS.format(ids=f"ARRAY({HELD_TICKETS})")
_HIDDEN: Final = "SELECT id FROM ticket WHERE non_disclosure"

# By what has a term of its own, and in the order in which it goes; a later term takes all of the earlier ones along.
OF_TICKETS: Final[Mapping[Kept, Sequence[Trace]]] = {
    Kept.AUDIO: (
        Trace(
            "recording",
            _OF_TICKET,
            {
                "media_sealed": _NULL,
                "media_type": _NULL,
                "state": "CASE WHEN state IN ('stored', 'announced') THEN 'erased' ELSE state END",
            },
        ),
    ),
    Kept.CONTACT: (
        Trace("message", _OF_TICKET),
        # That a message was taken stays known, so that it is not taken twice; nothing finds it by its writer.
        Trace(
            "mail_message",
            _OF_TICKET,
            {
                "message_id_sealed": _NULL,
                "message_index": _NULL,
                "answer_index": "convert_to('gone:' || id, 'UTF8')",
                "refused_sealed": _NULL,
            },
        ),
        Trace("callback", _OF_TICKET, {"caller_mark": _NULL, "code_sealed": ":blank"}),
        Trace(
            "ticket",
            "id = ANY(:ids)",
            {
                "name_sealed": _NULL,
                "caller_sealed": _NULL,
                "caller_index": _NULL,
                "can_text": "false",
                "email_sealed": _NULL,
                "email_index": _NULL,
                "contact_gone_at": ":now",
            },
        ),
    ),
    Kept.TEXT: (
        Trace("note", _OF_TICKET),
        Trace("ticket_word", _OF_TICKET),
        Trace(
            "journal",
            f"call_id IN ({CALLS_OF_TICKETS})",
            but=f"call_id NOT IN (SELECT id FROM call WHERE call_sid IN ({SIDS_HELD}))",  # noqa: S608
        ),
        Trace(
            "call",
            f"id IN ({CALLS_OF_TICKETS})",
            {"facts_sealed": ":nothing", "ended_at": "coalesce(ended_at, :now)"},
            but=f"call_sid NOT IN ({SIDS_HELD})",
        ),
        Trace(
            "transcript_piece",
            f"call_sid IN ({SIDS_OF_TICKETS.format(ids=':ids')})",
            but=f"call_sid NOT IN ({SIDS_HELD})",
        ),
        # The operator may still list it: what is known as forgotten is not taken in anew.
        Trace("recording", _OF_TICKET, {"ticket_id": _NULL, "discarded": "true", "transcript_sealed": _NULL}),
        Trace("attempt", f"callback_id IN ({_CALLBACKS})", {"call_sid": _NULL}),
        Trace("callback", _OF_TICKET, {"municipality": _NULL}, but=f"ticket_id IN ({_HIDDEN})"),
        Trace("legal_hold", _OF_TICKET),
        Trace("ticket_event", _OF_TICKET, {"details": "'{}'", "key": _NULL}, anew=True),
        Trace(
            "ticket",
            "id = ANY(:ids)",
            {
                "text_sealed": _NULL,
                "intake_key": "'gone:' || id",
                "access_needs": "'{}'",
                "municipality": "CASE WHEN non_disclosure THEN NULL ELSE municipality END",
                "support_event_id": _NULL,
                "anonymised_at": ":now",
            },
        ),
    ),
}

OF_HELPERS: Final[Sequence[Trace]] = (
    Trace("message", _OF_HELPER),
    Trace("availability", _OF_HELPER),
    Trace("busy_calendar", _OF_HELPER),
    Trace("calendar_feed", _OF_HELPER),
    Trace("sign_in", "token_id IN (SELECT id FROM api_token WHERE helper_id = ANY(:ids))"),
    Trace("sign_in_code", "address_index IN (SELECT phone_index FROM helper WHERE id = ANY(:ids))"),
    Trace("api_token", _OF_HELPER),
    Trace(
        "helper",
        "id = ANY(:ids)",
        {
            "name_sealed": ":blank",
            "phone_sealed": ":blank",
            "phone_index": "convert_to('gone:' || id, 'UTF8')",
            "badge_expires_on": _NULL,
            "wished_per_week": _NULL,
            "most_per_week": _NULL,
            "rest_minutes": _NULL,
            "forgotten_at": ":now",
        },
    ),
)
_THEIR_VOICE: Final = "recorded_by = ANY(ARRAY(SELECT 'person:' || id FROM unnest(:ids) AS p (id)))"
_ADDRESSES: Final = """SELECT email_index FROM person WHERE id = ANY(:ids)
    UNION SELECT phone_index FROM person WHERE id = ANY(:ids)"""
OF_PERSONS: Final[Sequence[Trace]] = (
    Trace("board_post", _OF_PERSON),
    Trace("saved_view", _OF_PERSON),
    # The lines that spoke in their voice look their words up anew.
    Trace(
        "line",
        f"network_id IN (SELECT network_id FROM line_recording WHERE {_THEIR_VOICE})",  # noqa: S608
        {"wording_version": "wording_version + 1"},
    ),
    Trace("line_recording", _THEIR_VOICE),
    Trace("sign_in", _OF_PERSON),
    Trace("sign_in_code", f"address_index IN ({_ADDRESSES})"),
    Trace("outside_account", _OF_PERSON),
    Trace("api_token", _OF_PERSON),
    Trace(
        "person",
        "id = ANY(:ids)",
        {
            "name_sealed": "CASE WHEN name_sealed IS NULL THEN NULL ELSE :blank END",
            "email_sealed": _NULL,
            "email_index": _NULL,
            "phone_sealed": _NULL,
            "phone_index": _NULL,
            "forgotten_at": ":now",
        },
    ),
)
# Nothing of these changes hands; they belong into the copy that somebody gets of what is theirs.
ALSO_OF_TICKETS: Final[Mapping[str, str]] = {
    "attempt": f"callback_id IN ({_CALLBACKS})",
    "waiting": _OF_TICKET,
}
