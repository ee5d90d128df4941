"""What may stay for good: columns of text that say nothing of a caller, and why not. The rest is in `tickets/traces.py`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Why(StrEnum):
    """Why a column needs no term."""

    CODES = "codes of a vocabulary, numbers and moments"
    ACTORS = "numbers of our own people, who are nameless once they are forgotten"
    OWN = "what the network tells of itself"
    KEYS = "what opens something of ours; it goes with what it opens"
    NUMBER = "the name of the matter; what it leads to is nobody's after its term"
    ON_DUTY = "the number on duty; nobody is erased while it is theirs"
    MARKS = "a hash by which what was taken is not taken twice; its writer is not found by it"


HARMLESS: Final[Mapping[str, Mapping[str, Why]]] = {
    "alert": {"key": Why.CODES, "kind": Why.CODES, "details": Why.CODES, "seen_by": Why.ACTORS},
    "api_token": {"purpose": Why.OWN},
    "bulletin": {"text_fi": Why.OWN, "text_sv": Why.OWN, "put_on_by": Why.ACTORS, "ended_by": Why.ACTORS},
    "campaign": {"name": Why.OWN, "municipalities": Why.CODES},
    "closure": {"reason": Why.OWN},
    "gathering": dict.fromkeys(
        [
            "code",
            "name_fi",
            "name_sv",
            "about_fi",
            "about_sv",
            "place_fi",
            "place_sv",
            "address_fi",
            "address_sv",
            "postcode",
            "municipality",
            "rrule",
            "more_days",
            "phone",
            "web",
            "topics",
            "languages",
        ],
        Why.OWN,
    ),
    "gathering_report": {"topics": Why.CODES, "languages": Why.CODES, "entered_by": Why.ACTORS},
    "helper": {"languages": Why.CODES},
    "indicator": dict.fromkeys(("name", "unit", "area", "source"), Why.OWN) | {"entered_by": Why.ACTORS},
    "line": dict.fromkeys(("e164", "name", "other_name", "connected_to"), Why.OWN) | {"municipality": Why.CODES},
    "line_sentence": dict.fromkeys(("key", "say", "again", "text"), Why.OWN) | {"written_by": Why.ACTORS},
    "mail_message": {"key": Why.MARKS},
    "mailbox": dict.fromkeys(("address", "host", "user_name", "folder", "done_folder"), Why.OWN)
    | {"password_sealed": Why.KEYS},
    "material": dict.fromkeys(("code", "title", "about", "url", "language", "topics", "e_service"), Why.OWN),
    "network": dict.fromkeys(("name", "boundaries", "call_minutes", "role_rights"), Why.OWN)
    | {"alert_phone_sealed": Why.ON_DUTY},
    "network_e_service": dict.fromkeys(("code", "name_fi", "name_sv"), Why.OWN),
    "network_rules": {"text_fi": Why.OWN, "text_sv": Why.OWN, "published_by": Why.ACTORS},
    "organisation": dict.fromkeys(("name", "serves", "agreed", "boundaries"), Why.OWN),
    "people_change": {"actor": Why.ACTORS, "details": Why.CODES},
    "person": {"page_language": Why.CODES},
    "proposal": {"actor": Why.ACTORS, "figures": Why.CODES},
    "proposed_gap": {"reason": Why.CODES, "helpers": Why.ACTORS, "municipalities": Why.CODES},
    "referral_point": dict.fromkeys(
        [
            "code",
            "name_fi",
            "name_sv",
            "about_fi",
            "about_sv",
            "address_fi",
            "address_sv",
            "postcode",
            "municipality",
            "serves",
            "phone",
            "web",
            "hours_fi",
            "hours_sv",
            "topics",
        ],
        Why.OWN,
    ),
    "relay_channel": {"name": Why.OWN, "address_sealed": Why.KEYS, "trouble": Why.CODES, "made_by": Why.ACTORS},
    "retention_rule": {"actor": Why.ACTORS},
    "rota_batch": {"actor": Why.ACTORS},
    "rota_change": {"actor": Why.ACTORS, "kind": Why.CODES, "details": Why.CODES},
    "shift_wait": {"skipped": Why.CODES},
    "support_event": dict.fromkeys(
        ("municipality", "subregion", "region", "wellbeing_county", "topics", "e_service"), Why.CODES
    ),
    "support_month": {"dimension": Why.CODES, "value": Why.CODES, "waits": Why.CODES},
    "template": {"name": Why.OWN},
    "template_shift": {"rrule": Why.CODES, "helpers": Why.ACTORS},
    "ticket": {"code": Why.NUMBER, "matter": Why.CODES, "topics": Why.CODES, "e_service": Why.CODES},
    "ticket_event": {"actor": Why.ACTORS},
    "webhook": {
        "address_sealed": Why.KEYS,
        "secret_sealed": Why.KEYS,
        "events": Why.CODES,
        "trouble": Why.CODES,
        "made_by": Why.ACTORS,
    },
    "webhook_delivery": {"body": Why.CODES, "trouble": Why.CODES},
}
