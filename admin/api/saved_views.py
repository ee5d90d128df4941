"""Lists that people come back to, and the e-services that tickets name, for programs."""

from admin.api.case_shapes import EServiceBody, EServicesOut, ViewFilters, ViewIn, ViewOut, ViewsOut
from admin.api.operations import Asked, Operations, Refused
from admin.api.rota_shapes import Made
from tickets.e_services import e_services_of, keep_e_service
from tickets.rights import Right
from tickets.saved_views import View, drop_view, save_view, views_of

operations = Operations()


@operations.get("/views", Right.LIST_TICKETS)
def saved_views(asked: Asked) -> ViewsOut:
    """One's own saved lists and the shared ones."""
    found = views_of(asked.session, asked.network_id, asked.holder.person_id)
    return ViewsOut(views=[_view(view) for view in found])


@operations.post("/views", Right.LIST_TICKETS)
def save_a_view(asked: Asked, body: ViewIn) -> Made:
    """Keep a list under a name; sharing one with the network is for those who assign tickets."""
    if body.shared and asked.holder.may(Right.ASSIGN_TICKETS) is None:
        raise Refused("not_yours_to_share", "shared: your role keeps lists of its own only", status=403)
    if not body.shared and asked.holder.person_id is None:
        raise Refused("not_a_person", "shared: this key is a program's; it can only keep shared lists", status=400)
    person = None if body.shared else asked.holder.person_id
    kept = body.filters.model_dump(mode="json", exclude={"q"}, exclude_unset=True, exclude_none=True)
    filters = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in kept.items()}
    view = save_view(asked.session, asked.network_id, person, body.name, filters, body.filters.q, now=asked.now)
    if view is None:
        raise Refused("too_many", "there are so many lists already that nobody finds one; drop one first")
    return Made(id=view)


@operations.delete("/views/{view}", Right.LIST_TICKETS)
def drop_a_view(asked: Asked, view: int) -> None:
    """Forget a saved list."""
    may_share = asked.holder.may(Right.ASSIGN_TICKETS) is not None
    if not drop_view(asked.session, asked.network_id, view, asked.holder.person_id, shared_too=may_share):
        raise Refused("no_such_view", f"{view}: there is no such list of yours", status=404)


@operations.get("/e-services", Right.READ_TICKETS, Right.LOG_MATTERS, Right.READ_STATISTICS, Right.KEEP_SETTINGS)
def e_services(asked: Asked) -> EServicesOut:
    """The e-services that this network's tickets may name."""
    found = e_services_of(asked.session, asked.network_id)
    return EServicesOut(
        e_services=[
            EServiceBody(code=one.code, name_fi=one.name_fi, name_sv=one.name_sv, topic=one.topic, active=one.active)
            for one in found.values()
        ]
    )


@operations.post("/e-services", Right.KEEP_SETTINGS)
def keep_an_e_service(asked: Asked, body: EServiceBody) -> None:
    """Add an e-service to the network's list, rename one, or take one off."""
    if not keep_e_service(asked.session, asked.network_id, body.e_service):
        raise Refused("no_such_code", "code: capitals, digits and _, thirty at most", status=400)


def _view(view: View) -> ViewOut:
    filters = ViewFilters.model_validate({**view.filters, **({} if view.said is None else {"q": view.said})})
    return ViewOut(id=view.id, name=view.name, shared=view.shared, filters=filters)
