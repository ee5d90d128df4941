"""How long what is kept: every term with its bounds, changed by who works for all, once they have seen what that does."""

from dataclasses import dataclass
from enum import StrEnum

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, reaches_network, signed_in
from admin.cases.blueprint import cases
from admin.cases.typed import plain
from admin.pages import said
from admin.parts import now, transaction
from admin.people.reading import number_of
from tickets.forgetting import count_due
from tickets.retention import BOUNDS, Kept, set_term, terms_of
from tickets.rights import Right
from tickets.tokens import actor_of


class TermMistake(StrEnum):
    """What is wrong with a term; the page has the words."""

    BOUNDS = "term_bounds"
    CHANGED = "term_changed"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A term that was asked for: what it is of, how long, how many tickets would go, what is wrong with it."""

    kept: Kept
    amount: str
    due: int | None = None
    mistake: TermMistake | None = None


@cases.get("/retention")
@signed_in(Right.SET_RETENTION)
def retention() -> ResponseReturnValue:
    """Show how long what is kept."""
    return _page()


@cases.post("/retention/<kept>")
@signed_in(Right.SET_RETENTION)
def keep_so_long(kept: str) -> ResponseReturnValue:
    """Show what another term would do; keep it, once that has been seen."""
    known = next((one for one in Kept if one == kept), None) or abort(404)
    if not reaches_network(Right.SET_RETENTION):
        abort(403)
    typed = plain(request.form, "amount")
    amount = BOUNDS[known].usual.amount if "usual" in request.form else number_of(typed)
    if amount is None or not BOUNDS[known].least <= amount <= BOUNDS[known].most:
        return _page(Weighed(known, typed, mistake=TermMistake.BOUNDS))
    weighed = _kept(known, amount, for_good="sure" in request.form)
    if weighed is not None:
        return _page(weighed)
    said("term_kept")
    return redirect(url_for(".retention"), 303)


def _kept(kept: Kept, amount: int, *, for_good: bool) -> Weighed | None:
    """The term is kept, and None; or only weighed, and nothing has been changed."""
    network_id = holder().network_id
    with transaction() as session:
        if request.form.get("was") != str(terms_of(session, network_id)[kept].amount):
            return Weighed(kept, str(amount), mistake=TermMistake.CHANGED)
        usual = amount == BOUNDS[kept].usual.amount
        with session.begin_nested() as attempted:
            set_term(session, network_id, kept, None if usual else amount, now=now(), actor=actor_of(holder()))
            session.flush()
            due = count_due(session, network_id, terms_of(session, network_id), now=now()).get(kept)
            if not for_good:
                attempted.rollback()
    return None if for_good else Weighed(kept, str(amount), due)


def _page(weighed: Weighed | None = None) -> ResponseReturnValue:
    with transaction() as session:
        terms = terms_of(session, holder().network_id)
    page = render_template(
        "cases/retention.html",
        terms=terms,
        bounds=BOUNDS,
        weighed=weighed,
        may_change=reaches_network(Right.SET_RETENTION),
    )
    return page, 422 if weighed is not None and weighed.mistake is not None else 200
