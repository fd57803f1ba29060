"""How a year's results are worked out and published: settings, exemptions, preview and freezing, rewards; each the API's own function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.changing.doing import Changing
from api.changing.idempotency import keyed_as
from api.console.catalogues import N_
from api.console.choosing import among_of, as_keys
from api.console.deeds import Attempt
from api.console.forms import body_digest, fields_with_several, refused
from api.console.naming import names_of
from api.console.obligation import REFUSED
from api.console.outbox import done_flash
from api.console.publication_forms import BLANKS, lists_of, rules_given, rules_view
from api.console.result_views import Printer
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import SignedIn
from api.problems.errors import NothingAskedError
from api.routes import results as routes
from api.routes.cycles import Number, head_for
from api.wire.exempting import EffectOut
from api.wire.results import ExemptIn, PublishIn, RewardIn, RulesIn
from api.wire.work import ReasonIn
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.commands.results.publishing import Order, prepare
from store.queries.editions import list_exemptions, list_published, list_rewards
from store.queries.health import answering
from store.queries.people import authority_of_cycle
from store.queries.rights import cycle_resource
from store.results import measured_units, rules_of
from store.years import load_year

if TYPE_CHECKING:
    from datetime import date

    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
MOST_FAULTS = 40
DONE = {
    "rules": N_("Đã đặt cách tính, xếp hạng."),
    "exempt": N_("Đã miễn chấm."),
    "end": N_("Đã kết thúc miễn chấm."),
    "publish": N_("Đã công bố. Bản đã công bố không thay đổi nữa."),
    "reward": N_("Đã ghi khen thưởng."),
    "end-reward": N_("Đã bỏ khen thưởng."),
}
LOOK = "look-exempt"  #: what would an exemption do?
LOOK_PUBLISH = "look-publish"  #: what would be frozen, and who told?
#: Fields of which several may be chosen.
_SEVERAL = {"rules": ("unranked", "tie_keys")}
_PUBLISHED = ("number", "dated", "issuer", "accepted", "corrects", "reason", "seen")  #: what a publication is asked with
_ACTIONS = (Action.SET_RESULT_RULES, Action.EXEMPT, Action.PUBLISH_RESULTS, Action.REWARD)


@router.get("/cycles/{id}/publication")  # noqa: FAST003  `Number` is its alias
def publication(cycle: Number, visitor: Visits) -> HTMLResponse:
    """Settings, exemptions, publication and rewards of a year. NoCycleError, NotAllowedError."""
    return shown(visitor, cycle)


def shown(
    visitor: Visitor, cycle: int, *, attempt: Attempt | None = None, effect: EffectOut | None = None, looked: bool = False
) -> HTMLResponse:
    """Return the page, with what was sent and could not be done, what an exemption would do, or (`looked`) what would be published."""
    store = visitor.served.store
    with answering(store) as connection:
        head = head_for(connection, cycle, visitor.seen, action=Action.READ_RESULTS, now=visitor.now)
        frame = frame_of(visitor, connection, here="results", cycle=cycle)
        rules = rules_of(store, connection, head.authority, cycle)
        measured = measured_units(store, connection, load_year(store, connection, cycle, now=visitor.now), rules=rules)
        on = visitor.today(frame.cycle.zone) if frame.cycle is not None else visitor.now.date()
        exemptions = list_exemptions(connection, cycle)
        typed = attempt.fields if attempt is not None and attempt.action == "rules" else None
        approvers = {one.approver for one in exemptions} - {""}
        facts: dict[str, Any] = {
            "rules": rules_view(visitor, rules, measured=measured, typed=typed),
            "exemptions": exemptions,
            "approvers": names_of(visitor, connection, authority_of_cycle(connection, cycle).key, approvers),
            "editions": list_published(connection, cycle=cycle),
            "rewards": list_rewards(connection, cycle),
            "may": _may(visitor, connection, cycle, on=on),
            "lists": lists_of(visitor, connection, head.authority, measured=measured, rules=rules),
            "blanks": BLANKS,
        }
    accepted = attempt.fields.get("accepted", "") if attempt is not None else ""
    found = prepare(store, cycle, Order(decision=PublishIn().order.decision, accepted=accepted), now=visitor.now)
    with answering(store) as connection:
        names = names_of(visitor, connection, authority_of_cycle(connection, cycle).key, {fault.unit for fault in found.faults} - {""})
        facts |= {"effect": effect, "unit_names": _names_in(visitor, connection, cycle, effect)}
    faults = [replace(fault, unit=names.get(fault.unit, fault.unit)).text(visitor.language.value) for fault in found.faults]
    facts |= {"found": found, "faults": faults[:MOST_FAULTS], "more": max(0, len(faults) - MOST_FAULTS)}
    facts |= {
        "attempt": attempt,
        "looked": looked,
        "once": uuid4().hex,
        "done": visitor.request.query_params.get("done", ""),
        "flash": done_flash(visitor, DONE),
        "number": Printer(language=visitor.language),
    }
    return page(visitor, "publication.html", frame, facts, status=422 if attempt and effect is None and not looked else 200)


def _names_in(visitor: Visitor, connection: View, cycle: int, effect: EffectOut | None) -> dict[str, str]:
    """Return the names of the units whose place an exemption moves."""
    keys = set() if effect is None else {one.unit for one in effect.places}
    return names_of(visitor, connection, authority_of_cycle(connection, cycle).key, keys) if keys else {}


def _may(visitor: Visitor, connection: View, cycle: int, *, on: date) -> frozenset[str]:
    person = visitor.seen.person
    if person is None:
        return frozenset()
    facts, resource = visitor.seen.facts(connection), cycle_resource(connection, cycle)
    return frozenset(action.value for action in _ACTIONS if decide(facts, action, resource, on=on).allowed)


@router.post("/cycles/{id}/publication/{verb}")  # noqa: FAST003  `Number` is its alias
async def do(cycle: Number, verb: str, request: Request, visitor: Visits, person: SignedIn) -> Response:
    """Do one of these, by the API's own function; what cannot be done is shown again with what was written."""
    fields = await fields_with_several(request, *_SEVERAL.get(verb, ()))
    keyed = keyed_as(request, person.account.id, key=fields.get("once", "") or uuid4().hex, digest=await body_digest(request))
    changing = Changing(served=visitor.served, person=person, now=visitor.now, keyed=keyed)
    given, form = {key: value.strip() for key, value in fields.items() if value.strip()}, verb.removeprefix("look-")
    try:
        if verb == LOOK_PUBLISH or (verb == "publish" and not given.get("seen")):
            PublishIn.model_validate(_of(given, *_PUBLISHED))
            return await run_in_threadpool(lambda: shown(visitor, cycle, attempt=Attempt(action="publish", fields=fields), looked=True))
        answer = await run_in_threadpool(lambda: _act(changing, cycle, verb, _keyed(visitor, cycle, form, given)))
    except REFUSED as error:
        attempt = refused(visitor, error, action=form, fields=fields, blanks=BLANKS.get(form, ()))
        return await run_in_threadpool(lambda: shown(visitor, cycle, attempt=attempt))
    if verb == LOOK:
        effect = EffectOut.model_validate_json(bytes(answer.body))
        seen = Attempt(action="exempt", fields=fields)
        return await run_in_threadpool(lambda: shown(visitor, cycle, attempt=seen, effect=effect))
    return RedirectResponse(f"/cycles/{cycle}/publication?done={verb}", status_code=303)


def _keyed(visitor: Visitor, cycle: int, form: str, given: dict[str, str]) -> dict[str, str]:
    """Return what a form says with keys in the place of names; RequestValidationError where nobody is called so."""
    blanks, store = BLANKS.get(form, ()), visitor.served.store
    if not any(blank.kind == "named" for blank in blanks):
        return given
    with answering(store) as connection:
        head = head_for(connection, cycle, visitor.seen, action=Action.READ_RESULTS, now=visitor.now)
        rules = rules_of(store, connection, head.authority, cycle)
        measured = measured_units(store, connection, load_year(store, connection, cycle, now=visitor.now), rules=rules)
        lists = lists_of(visitor, connection, head.authority, measured=measured, rules=rules)
    return as_keys(given, among_of(blanks, lists))


def _act(changing: Changing, cycle: int, verb: str, given: dict[str, str]) -> Response:
    match verb:
        case "rules":
            return routes.change_rules(cycle, RulesIn.model_validate(rules_given(given)), changing)
        case "exempt" | "look-exempt":
            named: dict[str, Any] = {**_of(given, "unit", "node", "approver", "reason", "basis"), "preview": verb == LOOK}
            return routes.exempt_unit(cycle, ExemptIn.model_validate(named), changing)
        case "end":
            return routes.end_unit_exemption(cycle, given.get("exemption", "0"), ReasonIn.model_validate(_of(given, "reason")), changing)
        case "publish":
            return routes.publish_results(cycle, PublishIn.model_validate(_of(given, *_PUBLISHED)), changing)
        case "reward":
            asked = _of(given, "unit", "person", "form", "decision", "decided_on")
            return routes.give_reward(cycle, RewardIn.model_validate(asked), changing)
        case "end-reward":
            return routes.take_reward_back(cycle, given.get("reward", "0"), ReasonIn.model_validate(_of(given, "reason")), changing)
        case _:
            raise NothingAskedError


def _of(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}
