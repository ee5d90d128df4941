"""The codes that the pages of people and of the network say, so that a test can ask for their words."""

from typing import Final

from admin.people.reading import Slip
from scheduler.mail.boxes import BoxRefusal
from scheduler.people.reach import PeopleRefusal
from scheduler.relay.channels import ChannelRefusal
from scheduler.webhooks.subscriptions import WebhookRefusal
from tickets.bulletins import BulletinRefusal
from tickets.lines import LineRefusal
from tickets.mailboxes import MailTrouble
from tickets.network_hours import HoursRefusal
from tickets.network_settings import SettingsRefusal

SAID: Final = frozenset(
    {"people_added", "people_changed", "people_rules_accepted", "people_notice_up", "people_notice_down"}
    | {"network_changed", "bulletin_on", "bulletin_off"}
    | {"connection_added", "connection_removed", "connection_resumed"}
)
MISTAKES: Final = frozenset(
    {*Slip, "people_stale", "people_changed_meanwhile", "bulletin_no_time", "webhook_not_public"}
    | {f"people_{code}" for code in PeopleRefusal}
    | {f"line_{code}" for code in LineRefusal}
    | {f"bulletin_{code}" for code in BulletinRefusal}
    | {f"settings_{code}" for code in SettingsRefusal}
    | {"hours_no_time"}
    | {f"hours_{code}" for code in HoursRefusal}
    | {f"mailbox_{code}" for code in (*BoxRefusal, *MailTrouble)}
    | {f"mailbox_{code}" for code in ("taken", "no_host", "no_address", "not_public", "password_again")}
    | {f"channel_{code}" for code in ChannelRefusal}
    | {f"webhook_{code}" for code in (WebhookRefusal.NOT_AN_ADDRESS, WebhookRefusal.TOO_MANY)}
)
# Why a right is not available in the form of a role.
NOT_GIVEN: Final = (PeopleRefusal.MUST_KEEP, PeopleRefusal.MAY_NOT_BE_GIVEN, PeopleRefusal.ROLE_NOT_YOURS)
CHANGED_FIELDS: Final = (
    "name",
    "email",
    "phone",
    "organisation_id",
    "languages",
    "kind",
    "badge_expires_on",
    "active",
)
