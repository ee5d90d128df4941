"""Campaigns: what was told to people when and where, so that the figures of those days can be read beside it."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.statistics_shapes import CampaignIn
from admin.auth import holder, signed_in
from admin.directory.mistakes import Mistakes
from admin.once import only_once
from admin.pages import said
from admin.parts import transaction
from admin.people.marks import mark_of
from admin.reports.calendar import year_asked_for, years_offered
from admin.reports.typed import REFUSED, Fields, read
from admin.wording import municipality_name, page_language
from tickets.rights import Right
from tickets.statistics.entries import (
    CampaignCard,
    EntryRefusal,
    add_campaign,
    campaign_of,
    campaigns_of,
    change_campaign,
    remove_campaign,
)
from tickets.statistics.periods import Period
from tickets.vocabulary import HeardOfUs

# Help of one's own earlier and the word of a friend are where callers hear of the line, but nobody's campaign.
MEANS: Final = tuple(one for one in HeardOfUs if one not in (HeardOfUs.FRIEND, HeardOfUs.EARLIER))
campaigns = Blueprint("campaigns", __name__, url_prefix="/admin/reports/campaigns")


@campaigns.get("")
@signed_in(Right.READ_STATISTICS)
def every_campaign() -> ResponseReturnValue:
    """Show a year's campaigns, and to whoever may enter one the form."""
    return _shown({}, {})


@campaigns.post("")
@signed_in(Right.ENTER_STATISTICS)
def add() -> ResponseReturnValue:
    """A new campaign; what came in its days counts for it from now on."""
    entry = read(CampaignIn, request.form, page_language())
    if not isinstance(entry, CampaignIn):
        return _shown(request.form, entry), 422
    back = url_for(".every_campaign", year=entry.begins.year)
    with transaction() as session:
        answer = add_campaign(session, holder().network_id, entry.new)
        if isinstance(answer, EntryRefusal):
            return _shown(request.form, REFUSED[answer]), 422
        only_once(session, "campaign_saved", back)
    said("campaign_saved")
    return redirect(back, 303)


@campaigns.get("/<int:campaign>")
@signed_in(Right.ENTER_STATISTICS)
def one_campaign(campaign: int) -> ResponseReturnValue:
    """Show a campaign's form as it stands."""
    with transaction() as session:
        card = campaign_of(session, holder().network_id, campaign) or abort(404)
    return _form(card, _typed_of(card), {})


@campaigns.post("/<int:campaign>")
@signed_in(Right.ENTER_STATISTICS)
def change(campaign: int) -> ResponseReturnValue:
    """The campaign was different; whoever did not see how it is now is shown that first."""
    entry = read(CampaignIn, request.form, page_language())
    with transaction() as session:
        card = campaign_of(session, holder().network_id, campaign, held=True) or abort(404)
        if mark_of(card) != request.form.get("seen"):
            return _form(card, request.form, {}, stale=True), 409
        if not isinstance(entry, CampaignIn):
            return _form(card, request.form, entry), 422
        refusal = change_campaign(session, holder().network_id, campaign, entry.new)
    if refusal is not None:
        return _form(card, request.form, REFUSED[refusal]), 422
    said("campaign_saved")
    return redirect(url_for(".every_campaign", year=entry.begins.year), 303)


@campaigns.post("/<int:campaign>/remove")
@signed_in(Right.ENTER_STATISTICS)
def remove(campaign: int) -> ResponseReturnValue:
    """There was no such campaign."""
    with transaction() as session:
        refusal = remove_campaign(session, holder().network_id, campaign)
    if refusal is not None:
        abort(404)
    said("campaign_removed")
    return redirect(url_for(".every_campaign"), 303)


def _shown(typed: Fields, mistakes: Mistakes) -> str:
    year = year_asked_for()
    period = Period.read(f"{year}")
    with transaction() as session:
        found = campaigns_of(session, holder().network_id, period.begins, period.until)
    return render_template(
        "reports/campaigns.html",
        found=found,
        year=year,
        years=years_offered(),
        typed=typed,
        mistakes=mistakes,
        media=MEANS,
        may_enter=Right.ENTER_STATISTICS in holder().rights,
    )


def _form(card: CampaignCard, typed: Fields, mistakes: Mistakes, *, stale: bool = False) -> str:
    return render_template(
        "reports/campaign.html",
        card=card,
        seen=mark_of(card),
        typed=typed,
        mistakes=mistakes,
        stale=stale,
        media=tuple(one for one in HeardOfUs if one in MEANS or one is card.medium),  # as it was entered once
    )


def _typed_of(card: CampaignCard) -> Mapping[str, str]:
    return {
        "name": card.name,
        "begins": card.begins.isoformat(),
        "ends": card.ends.isoformat(),
        "medium": card.medium.value,
        "municipalities": ", ".join(map(municipality_name, card.municipalities)),
    }
