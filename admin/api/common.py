"""What a network shares, for programs: its rules and who accepted them, its notice board; and who has looked at what."""

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.people import done, maybe, refused
from admin.api.people_shapes import PageQuery
from admin.api.place_shapes import Day, Strict
from admin.api.reach import confined_to
from admin.api.rota_shapes import Made
from admin.auth import reaches_network
from scheduler.people.reach import PeopleRefusal
from scheduler.people.rules import (
    Accepted,
    NewRules,
    RulesCard,
    RulesChanged,
    accept_rules,
    acceptances_of,
    ask_from,
    publish_rules,
    rules_of,
)
from scheduler.rota.effects import Effect
from scheduler.slots import HELSINKI
from tickets.board import BoardPost, Notice, NoticeCard, board_of, pinned_on, post_of, put_up, reword, take_down
from tickets.rights import Right, Scope
from tickets.view_log import Look, views_of

LONGEST_RULES, LONGEST_NOTICE, LONGEST_TITLE = 50_000, 10_000, 200
operations = Operations()


class RulesOut(BaseModel):
    """The versions of the network's rules, the newest first."""

    rules: list[RulesCard]


class RulesIn(Strict):
    """A new version."""

    text_fi: str = Field(min_length=1, max_length=LONGEST_RULES)
    text_sv: str | None = Field(None, max_length=LONGEST_RULES)
    required_from: Day | None = Field(
        None, description="From this day on nobody takes calls who has not accepted it; null asks for nothing."
    )
    preview: bool = Field(False, description="Say what it would do to promises, and do nothing.")


class RequirementIn(Strict):
    """From when a version is asked for; null: not at all."""

    required_from: Day | None
    preview: bool = Field(False, description="Say what it would do to promises, and do nothing.")


class RulesChangedOut(BaseModel):
    """The version, and what the change does to promises."""

    version: int
    effect: Effect


class AcceptancesOut(BaseModel):
    """Who has accepted a version, in the order in which they did."""

    accepted: list[Accepted]


class NoticeIn(Strict):
    """What a notice says."""

    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    text: str = Field(min_length=1, max_length=LONGEST_NOTICE)
    pinned_until: Day | None = Field(None, description="It stands above the others until this day, that day included.")

    @property
    def notice(self) -> Notice:
        """The notice for the board."""
        return Notice(self.title, self.text, self.pinned_until)


class BoardOut(BaseModel):
    """The board: what is pinned (on the first page only), then the others, the newest first."""

    pinned: list[NoticeCard]
    notices: list[NoticeCard]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class ViewQuery(PageQuery):
    """Which looks."""

    ticket: str | None = Field(None, description="Only looks at the ticket of this code.")
    person: int | None = Field(None, description="Only looks by this person.")


class LooksOut(BaseModel):
    """Who has looked at what, the newest first."""

    views: list[Look]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


@operations.get("/rules", Right.READ_BOARD, Right.KEEP_PEOPLE)
def rules(asked: Asked) -> RulesOut:
    """The rules that the network has agreed on, and their earlier versions."""
    return RulesOut(rules=list(rules_of(asked.session, asked.network_id)))


@operations.post("/rules", Right.KEEP_PEOPLE)
def publish_a_version(asked: Asked, body: RulesIn) -> RulesChangedOut:
    """Publish a new version; where it is asked for, everyone accepts it anew."""
    new = NewRules(body.text_fi, body.text_sv, body.required_from)

    def change() -> RulesChanged:
        return done(publish_rules(asked.session, asked.network_id, new, who=asked.holder, **asked.doing))

    return _changed(maybe(asked, body.preview, change))


@operations.post("/rules/{version}/requirement", Right.KEEP_PEOPLE)
def ask_for_a_version(asked: Asked, version: int, body: RequirementIn) -> RulesChangedOut:
    """Ask for a version from another day on, or no more."""
    whose = (asked.session, asked.network_id, version)

    def change() -> RulesChanged:
        return done(ask_from(*whose, body.required_from, who=asked.holder, **asked.doing))

    return _changed(maybe(asked, body.preview, change))


@operations.post("/rules/{version}/acceptance", Right.READ_BOARD)
def accept_a_version(asked: Asked, version: int) -> RulesChangedOut:
    """Say that one keeps to the newest version; for oneself only."""
    return _changed(done(accept_rules(asked.session, asked.holder, version, **asked.doing)))


@operations.get("/rules/{version}/acceptances", Right.KEEP_PEOPLE)
def acceptances(asked: Asked, version: int) -> AcceptancesOut:
    """Who has accepted a version: of the network, or of the token's organisation."""
    if asked.holder.may(Right.KEEP_PEOPLE) is Scope.OWN:
        raise refused(PeopleRefusal.NOT_YOURS)
    found = acceptances_of(
        asked.session, asked.network_id, version, organisation_id=confined_to(asked, Right.KEEP_PEOPLE)
    )
    return AcceptancesOut(accepted=list(found))


@operations.get("/board", Right.READ_BOARD)
def board(asked: Asked, query: PageQuery) -> BoardOut:
    """What the network's people tell one another."""
    today = asked.now.astimezone(HELSINKI).date()
    pinned = () if query.before is not None else pinned_on(asked.session, asked.network_id, today)
    found = board_of(asked.session, asked.network_id, today, before=query.before, limit=query.limit)
    return BoardOut(pinned=list(pinned), notices=list(found), next=query.next([card.id for card in found]))


@operations.post("/board", Right.POST_ON_BOARD)
def put_up_a_notice(asked: Asked, body: NoticeIn) -> Made:
    """Hang a notice on the board; nothing about callers belongs there."""
    person = asked.holder.person_id
    return Made(id=put_up(asked.session, asked.network_id, body.notice, person_id=person, **asked.by))


@operations.patch("/board/{post}", Right.POST_ON_BOARD)
def reword_a_notice(asked: Asked, post: int, body: NoticeIn) -> None:
    """Let one's own notice say something else."""
    reword(asked.session, _own_post(asked, post), body.notice, now=asked.now)


@operations.delete("/board/{post}", Right.POST_ON_BOARD)
def take_down_a_notice(asked: Asked, post: int) -> None:
    """Take down one's own notice; whoever keeps the network's people may take down any."""
    take_down(_own_post(asked, post, keeper=True), now=asked.now)


@operations.get("/view-log", Right.READ_VIEW_LOG)
def view_log(asked: Asked, query: ViewQuery) -> LooksOut:
    """Who has looked at what of callers."""
    found = views_of(
        asked.session,
        asked.network_id,
        ticket=query.ticket,
        person_id=query.person,
        before=query.before,
        limit=query.limit,
    )
    return LooksOut(views=list(found), next=query.next([look.id for look in found]))


def _changed(changed: RulesChanged) -> RulesChangedOut:
    return RulesChangedOut(version=changed.version, effect=changed.effect)


def _own_post(asked: Asked, post_id: int, *, keeper: bool = False) -> BoardPost:
    post = post_of(asked.session, asked.network_id, post_id)
    if post is None:
        raise Refused("not_found", "post: there is none of this number on the board", status=404)
    own = post.author == asked.actor
    if not own and not (keeper and reaches_network(Right.KEEP_PEOPLE)):
        raise Refused("not_yours", "post: somebody else put it up", status=403)
    return post
