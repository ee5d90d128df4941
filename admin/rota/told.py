"""What a page of the rota says when something is done."""

from enum import StrEnum


class RotaSaid(StrEnum):
    """What has been done; the words are under the kind `said`."""

    GIVEN = "rota_given"
    MOVED_BACK = "rota_moved_back"
    TAKEN_OUT = "rota_taken_out"
    CONFIRMED = "rota_confirmed"
    STAYS = "rota_stays"
    WAITS_NO_MORE = "rota_waits_no_more"
    SHIFT_ADDED = "rota_shift_added"
    SHIFT_CHANGED = "rota_shift_changed"
    SHIFT_REMOVED = "rota_shift_removed"
    TEMPLATE_MADE = "rota_template_made"
    TEMPLATE_CHANGED = "rota_template_changed"
    TEMPLATE_RENAMED = "rota_template_renamed"
    TEMPLATE_REMOVED = "rota_template_removed"
    PUBLISHED = "rota_published"
    DRAFTS_MADE = "rota_drafts_made"
    DRAFTS_PUBLISHED = "rota_drafts_published"
    NOTHING_MADE = "rota_nothing_made"
    UNDONE = "rota_undone"
    PROPOSAL_ACCEPTED = "rota_proposal_accepted"
    PROPOSAL_DISMISSED = "rota_proposal_dismissed"
    CLOSED = "rota_closed"
    LIFTED = "rota_lifted"
