"""Rights: the whole table as situations, the sentences of the rules, and what holds of every actor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.kinds import Role, StageKind
from evaluation.rights import ActorFacts, Holding, Resource, StandIn, decide, posts_filled
from evaluation.rights_table import ABOUT_ONESELF, EXCUSES, OWN_UNIT, READING, TABLE, Action, Relation
from evaluation.rights_words import ACTIONS, REASONS, RELATIONS, ROLES, Why
from evaluation.transitions import Verb

if TYPE_CHECKING:
    from evaluation.rights import Verdict

MATRIX = Path(__file__).parents[1] / "data" / "rights-matrix.txt"
TODAY = date(2026, 3, 16)
UNIT, RECEIVER, STANDING, CHAIR, ABOVE, BESIDE, APPRAISED, ELSEWHERE = 1, 2, 3, 4, 5, 6, 7, 8
ME, OTHER_AUTHORITY = 100, 2


def make_holding(role: Role, party: int = UNIT, **changes: Any) -> Holding:
    return Holding(**{"contact": ME, "authority": 1, "party": party, "role": role, **changes})


def actor(*holdings: Holding, **facts: Any) -> ActorFacts:
    return ActorFacts(holdings=holdings, **facts)


def make_resource(**changes: Any) -> Resource:
    """An obligation of a unit, received by another, in a cycle with its standing body and chair."""
    given: dict[str, Any] = {
        "authority": 1,
        "standing_bodies": frozenset({STANDING}),
        "chairs": frozenset({CHAIR}),
        "kind": StageKind.QUARTERLY_REPORT,
        "owing": UNIT,
        "receiver": RECEIVER,
        "coordinating": frozenset({BESIDE}),
        "superior": ABOVE,
        "subject": APPRAISED,
    }
    return Resource(**{**given, **changes})


def may(role: Role, action: Action, *, party: int = UNIT, **changes: Any) -> Verdict:
    return decide(actor(make_holding(role, party)), action, make_resource(**changes), on=TODAY)


#: Where a post stands to the thing: its party, and what is particular to the thing.
SITUATIONS: dict[str, tuple[int, dict[str, Any]]] = {
    "owes, signed by the head": (UNIT, {}),
    "owes, no signature": (UNIT, {"sign_off": False}),
    "owes, work given to this contact": (UNIT, {"assignee": ME}),
    "receives": (RECEIVER, {}),
    "is the chair": (CHAIR, {}),
    "is the chair, who receives": (CHAIR, {"receiver": CHAIR}),
    "is the chair, the standing body owes": (CHAIR, {"owing": STANDING}),
    "co-ordinates": (BESIDE, {}),
    "is above who owes": (ABOVE, {}),
    "is what it is about": (APPRAISED, {}),
    "is the standing body": (STANDING, {}),
    "is the standing body, the chair receives": (STANDING, {"receiver": CHAIR}),
    "is the standing body, which owes": (STANDING, {"owing": STANDING}),
    "is the standing body, which receives": (STANDING, {"receiver": STANDING}),
    "is of the same authority": (ELSEWHERE, {}),
}
KINDS = (StageKind.QUARTERLY_REPORT, StageKind.SELF_ASSESSMENT, StageKind.APPRAISAL, StageKind.INSPECTION, StageKind.IMPROVEMENT)


def matrix_lines() -> list[str]:
    lines = []
    for kind, (situation, (party, changes)), role in product(KINDS, SITUATIONS.items(), Role):
        verdicts = {action: may(role, action, party=party, kind=kind, **changes) for action in Action}
        allowed = [f"{action}*" if verdict.on_behalf_of else str(action) for action, verdict in verdicts.items() if verdict.allowed]
        lines.append(f"{kind} | {situation} | {role} | {' '.join(allowed)}")
    return lines


def test_the_whole_matrix_is_as_agreed() -> None:
    """`*` is done on behalf; a change of the table shows here line by line."""
    assert matrix_lines() == MATRIX.read_text(encoding="utf-8").splitlines()


RULES = [
    pytest.param(
        Role.OFFICER,
        UNIT,
        "prepare upload-evidence ask-extension read-obligation",
        "submit send-back withdraw accept extend waive",
        id="officer",
    ),
    pytest.param(
        Role.HEAD, UNIT, "prepare submit send-back withdraw reassign upload-evidence", "accept return extend urge pause", id="head"
    ),
    pytest.param(Role.DEPUTY_HEAD, UNIT, "prepare read-obligation", "submit send-back reassign", id="deputy head without deputation"),
    pytest.param(Role.MEMBER, UNIT, "read-obligation download-evidence", "prepare submit", id="member"),
    pytest.param(Role.OFFICER, RECEIVER, "accept return", "prepare submit extend", id="receiver"),
    pytest.param(Role.APPRAISER, RECEIVER, "accept return", "extend waive", id="appraiser receives"),
    pytest.param(
        Role.OFFICER,
        STANDING,
        "extend waive transfer reopen suspend urge launch bulk-extend release-mail",
        "accept return manage-accounts reassign",
        id="coordinator",
    ),
    pytest.param(
        Role.HEAD, STANDING, "extend replan cancel change-people import-calendar", "accept manage-accounts", id="head of the standing body"
    ),
    pytest.param(Role.HEAD, CHAIR, "read-obligation read-status read-journal read-outbox", "accept extend launch submit", id="chair"),
    pytest.param(
        Role.AUDITOR,
        STANDING,
        "read-obligation read-journal download-evidence read-outbox",
        "extend urge submit change-people",
        id="auditor",
    ),
    pytest.param(
        Role.ADMINISTRATOR,
        STANDING,
        "manage-accounts change-people import-calendar",
        "read-obligation extend submit read-journal launch",
        id="administrator",
    ),
    pytest.param(Role.INSPECTOR, STANDING, "read-calendar", "read-obligation accept extend urge", id="inspector, of a report"),
    pytest.param(Role.OFFICER, ELSEWHERE, "read-calendar", "read-obligation read-status read-journal read-people", id="another unit"),
]


@pytest.mark.parametrize(("role", "party", "allowed", "refused"), RULES)
def test_rule(role: Role, party: int, allowed: str, refused: str) -> None:
    assert {word: may(role, Action(word), party=party).allowed for word in allowed.split()} == dict.fromkeys(allowed.split(), True)
    assert {word: may(role, Action(word), party=party).allowed for word in refused.split()} == dict.fromkeys(refused.split(), False)


@pytest.mark.parametrize("kind", [StageKind.INSPECTION, StageKind.REINSPECTION, StageKind.IMPROVEMENT])
def test_an_inspector_works_on_inspections_and_remedies(kind: StageKind) -> None:
    assert may(Role.INSPECTOR, Action.PREPARE, kind=kind).allowed
    assert may(Role.INSPECTOR, Action.ACCEPT, party=RECEIVER, kind=kind).allowed
    assert may(Role.INSPECTOR, Action.URGE, party=ELSEWHERE, kind=kind).allowed
    assert not may(Role.INSPECTOR, Action.PREPARE, party=ELSEWHERE, kind=kind).allowed


def test_the_officer_submits_where_no_signature_is_asked() -> None:
    assert not may(Role.OFFICER, Action.SUBMIT).allowed
    assert may(Role.OFFICER, Action.SUBMIT, sign_off=False).allowed


def test_what_goes_to_the_chair_only_its_head_decides() -> None:
    assert may(Role.HEAD, Action.ACCEPT, party=CHAIR, receiver=CHAIR).allowed
    assert not may(Role.OFFICER, Action.ACCEPT, party=CHAIR, receiver=CHAIR).allowed
    filed = may(Role.OFFICER, Action.ACCEPT, party=STANDING, receiver=CHAIR)
    assert (filed.allowed, filed.on_behalf_of) == (True, CHAIR)


def test_the_standing_body_acts_for_a_unit_and_that_is_marked() -> None:
    filed = may(Role.OFFICER, Action.SUBMIT, party=STANDING)
    assert (filed.allowed, filed.on_behalf_of, filed.contact) == (True, UNIT, ME)
    assert may(Role.OFFICER, Action.EXTEND, party=STANDING).on_behalf_of is None


def test_the_standing_body_does_not_sign_its_own_work_on_behalf() -> None:
    assert not may(Role.OFFICER, Action.SUBMIT, party=STANDING, owing=STANDING).allowed
    assert may(Role.HEAD, Action.SUBMIT, party=STANDING, owing=STANDING).on_behalf_of is None


@pytest.mark.parametrize("action", sorted(EXCUSES))
@pytest.mark.parametrize("role", Role)
def test_the_standing_body_does_not_excuse_itself(role: Role, action: Action) -> None:
    own = may(role, action, party=STANDING, owing=STANDING)
    assert (own.allowed, own.on_behalf_of) == ((True, CHAIR) if role is Role.HEAD else (False, None))
    assert may(role, action, party=CHAIR, owing=STANDING).allowed is (role is Role.HEAD)
    assert not may(role, action, party=CHAIR).allowed
    of_others = may(role, action, party=STANDING)
    assert (of_others.allowed, of_others.on_behalf_of) == (role in {Role.OFFICER, Role.HEAD}, None)


def test_where_the_standing_body_is_the_chair_nobody_excuses_it_on_behalf_of_itself() -> None:
    alone: dict[str, Any] = {"owing": STANDING, "chairs": frozenset({STANDING})}
    assert not may(Role.OFFICER, Action.WAIVE, party=STANDING, **alone).allowed
    assert may(Role.HEAD, Action.WAIVE, party=STANDING, **alone).on_behalf_of is None


def test_work_given_to_a_colleague() -> None:
    assert not may(Role.MEMBER, Action.PREPARE).allowed
    assert may(Role.MEMBER, Action.PREPARE, assignee=ME).allowed
    assert not may(Role.MEMBER, Action.PREPARE, assignee=ME, party=ELSEWHERE).allowed


# --- own unit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", sorted(OWN_UNIT[StageKind.APPRAISAL]))
@pytest.mark.parametrize("role", [Role.APPRAISER, Role.FIELD_LEAD, Role.HEAD, Role.OFFICER])
def test_nobody_appraises_their_own_unit(role: Role, action: Action) -> None:
    own: dict[str, Any] = {"kind": StageKind.APPRAISAL, "subject": UNIT, "sign_off": False, "receiver": UNIT}
    assert may(role, action, **own).why is Why.OWN_UNIT
    assert may(role, Action.READ_OBLIGATION, **own).allowed
    allowed = may(role, action, **own, appraises_own=True)
    other = may(role, action, **{**own, "subject": APPRAISED})
    assert allowed.allowed is other.allowed


def test_a_second_post_in_the_unit_appraised_counts() -> None:
    lead = make_holding(Role.FIELD_LEAD)
    both = actor(lead, make_holding(Role.OFFICER, APPRAISED, contact=101))
    resource = make_resource(kind=StageKind.APPRAISAL)
    assert decide(actor(lead), Action.PREPARE, resource, on=TODAY).allowed
    assert decide(both, Action.PREPARE, resource, on=TODAY).why is Why.OWN_UNIT
    deputy = actor(lead, stands_in=(StandIn(deputy=ME, post=make_holding(Role.HEAD, APPRAISED, contact=7), since=TODAY),))
    assert decide(deputy, Action.PREPARE, resource, on=TODAY).why is Why.OWN_UNIT


@pytest.mark.parametrize("kind", [StageKind.SELF_ASSESSMENT, StageKind.EXPLANATION])
def test_a_lead_does_not_judge_its_own_papers_but_the_standing_body_takes_its_own_in(kind: StageKind) -> None:
    assert may(Role.OFFICER, Action.ACCEPT, kind=kind, receiver=UNIT).why is Why.OWN_UNIT
    assert may(Role.OFFICER, Action.ACCEPT, kind=kind, receiver=UNIT, appraises_own=True).allowed
    assert may(Role.OFFICER, Action.ACCEPT, kind=kind, party=STANDING, owing=STANDING, receiver=STANDING).allowed
    assert may(Role.OFFICER, Action.ACCEPT, kind=StageKind.QUARTERLY_REPORT, receiver=UNIT).allowed


def test_a_field_lead_has_its_own_fields_only() -> None:
    lead = actor(make_holding(Role.FIELD_LEAD, fields=frozenset({"tcbm"})))
    mine, other = (make_resource(kind=StageKind.APPRAISAL, field=field) for field in ("tcbm", "tai-chinh"))
    assert decide(lead, Action.PREPARE, mine, on=TODAY).allowed
    assert not decide(lead, Action.PREPARE, other, on=TODAY).allowed
    assert decide(actor(make_holding(Role.FIELD_LEAD)), Action.PREPARE, other, on=TODAY).allowed


# --- hidden things, other authorities ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("party", "changes"), [(UNIT, {"subject": None}), (APPRAISED, {}), (ABOVE, {}), (BESIDE, {})])
def test_a_surprise_inspection_is_not_there_before_its_day(party: int, changes: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"party": party, "kind": StageKind.INSPECTION, **changes}
    assert may(Role.OFFICER, Action.READ_OBLIGATION, **facts).allowed
    for action in Action:
        verdict = may(Role.OFFICER, action, **facts, hidden=True)
        assert verdict.hidden or action in {Action.READ_CALENDAR, Action.READ_CRITERIA}


def test_inspectors_and_the_standing_body_see_it() -> None:
    hidden: dict[str, Any] = {"kind": StageKind.INSPECTION, "hidden": True}
    assert may(Role.INSPECTOR, Action.PREPARE, **hidden).allowed, "who inspects owes it, about another"
    assert may(Role.OFFICER, Action.READ_OBLIGATION, party=STANDING, **hidden).allowed
    assert may(Role.AUDITOR, Action.READ_OBLIGATION, party=ELSEWHERE, **hidden).allowed
    assert may(Role.OFFICER, Action.WAIVE, party=CHAIR, **hidden).why is Why.NO_RIGHT


def test_a_refusal_says_whom_it_is_for() -> None:
    verdict = may(Role.OFFICER, Action.SEND_BACK)
    assert "người đứng đầu của đơn vị phải thực hiện" in verdict.vi
    assert "head of the party that owes" in verdict.en
    assert may(Role.OFFICER, Action.PREPARE).vi == ""


# --- dates and deputies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "in_office"),
    [
        pytest.param(TODAY, TODAY, True, id="this very day"),
        pytest.param(None, None, True, id="open ends"),
        pytest.param(TODAY + timedelta(days=1), None, False, id="from tomorrow"),
        pytest.param(None, TODAY - timedelta(days=1), False, id="until yesterday"),
    ],
)
def test_a_post_is_held_between_two_days(since: date | None, until: date | None, *, in_office: bool) -> None:
    holder = actor(make_holding(Role.HEAD, valid_from=since, valid_to=until))
    verdict = decide(holder, Action.SUBMIT, make_resource(), on=TODAY)
    assert (verdict.allowed, verdict.why) == (in_office, None if in_office else Why.NOT_IN_OFFICE)


BOSS = make_holding(Role.HEAD, contact=50)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        pytest.param({}, True, id="in the window"),
        pytest.param({"until": TODAY}, True, id="last day"),
        pytest.param({"since": TODAY + timedelta(days=1)}, False, id="not yet"),
        pytest.param({"until": TODAY - timedelta(days=1)}, False, id="over"),
        pytest.param({"post": replace(BOSS, valid_to=TODAY - timedelta(days=1))}, False, id="whom it is for has left"),
        pytest.param({"post": replace(BOSS, authority=OTHER_AUTHORITY)}, False, id="of another authority"),
        pytest.param({"deputy": 999}, False, id="of somebody else's contact"),
    ],
)
def test_a_deputy_acts_in_the_window(changes: dict[str, Any], *, allowed: bool) -> None:
    window = StandIn(**{"deputy": ME, "post": BOSS, "since": TODAY - timedelta(days=3), **changes})
    deputy = actor(make_holding(Role.OFFICER), stands_in=(window,))
    verdict = decide(deputy, Action.SUBMIT, make_resource(), on=TODAY)
    assert verdict.allowed is allowed
    if allowed:
        assert (verdict.contact, verdict.deputy_of) == (ME, 50)
        assert decide(deputy, Action.PREPARE, make_resource(), on=TODAY).deputy_of is None, "one's own post comes first"
        assert posts_filled(deputy, on=TODAY) == (make_holding(Role.OFFICER), BOSS)


def test_nobody_deputises_from_another_authority() -> None:
    foreign = make_holding(Role.OFFICER, contact=101, authority=OTHER_AUTHORITY)
    window = StandIn(deputy=101, post=BOSS, since=TODAY)
    assert decide(actor(foreign, stands_in=(window,)), Action.SUBMIT, make_resource(), on=TODAY).hidden
    both = actor(foreign, make_holding(Role.OFFICER), stands_in=(window,))
    assert decide(both, Action.SUBMIT, make_resource(), on=TODAY).why is Why.NO_RIGHT


def test_a_deputy_who_has_left_deputises_for_nobody() -> None:
    gone = make_holding(Role.OFFICER, valid_to=TODAY - timedelta(days=1))
    deputy = actor(gone, stands_in=(StandIn(deputy=ME, post=BOSS, since=TODAY),))
    assert decide(deputy, Action.SUBMIT, make_resource(), on=TODAY).why is Why.NOT_IN_OFFICE


def test_a_deputy_of_the_unit_comes_before_acting_on_its_behalf() -> None:
    coordinator = actor(make_holding(Role.OFFICER, STANDING), stands_in=(StandIn(deputy=ME, post=BOSS, since=TODAY),))
    verdict = decide(coordinator, Action.SUBMIT, make_resource(), on=TODAY)
    assert (verdict.deputy_of, verdict.on_behalf_of) == (50, None)


def test_oneself_needs_an_account_and_no_post() -> None:
    mine, other = Resource(authority=1, account=9), Resource(authority=1, account=10)
    assert decide(ActorFacts(account=9), Action.MANAGE_OWN_TOKENS, mine, on=TODAY).allowed
    assert decide(ActorFacts(account=9), Action.MANAGE_OWN_TOKENS, other, on=TODAY).hidden
    nobody = decide(actor(make_holding(Role.ADMINISTRATOR)), Action.MANAGE_OWN_ACCOUNT, Resource(authority=1), on=TODAY)
    assert nobody.hidden, "no account is not the account of nobody"


# --- what holds of everybody ------------------------------------------------------------------------------------------

PARTIES = st.integers(1, 8)
DAYS = st.none() | st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def holdings(draw: st.DrawFn, authority: st.SearchStrategy[int]) -> Holding:
    return Holding(
        contact=draw(st.integers(1, 4)),
        authority=draw(authority),
        party=draw(PARTIES),
        role=draw(st.sampled_from(Role)),
        valid_from=draw(DAYS),
        valid_to=draw(DAYS),
    )


@st.composite
def actors(draw: st.DrawFn, authority: st.SearchStrategy[int]) -> ActorFacts:
    own = tuple(draw(st.lists(holdings(authority), max_size=3, unique_by=lambda one: one.contact)))
    windows = st.builds(
        StandIn,
        deputy=st.integers(1, 4),
        post=holdings(st.sampled_from([1, OTHER_AUTHORITY])),
        since=DAYS.filter(lambda day: day is not None),
        until=DAYS,
    )
    return ActorFacts(holdings=own, stands_in=tuple(draw(st.lists(windows, max_size=2))), account=draw(st.none() | st.integers(1, 2)))


RESOURCES = st.builds(
    Resource,
    authority=st.just(1),
    standing_bodies=st.frozensets(PARTIES, max_size=2),
    chairs=st.frozensets(PARTIES, max_size=1),
    kind=st.none() | st.sampled_from(StageKind),
    owing=st.none() | PARTIES,
    receiver=st.none() | PARTIES,
    coordinating=st.frozensets(PARTIES, max_size=2),
    superior=st.none() | PARTIES,
    subject=st.none() | PARTIES,
    assignee=st.none() | st.integers(1, 4),
    sign_off=st.booleans(),
    appraises_own=st.booleans(),
    hidden=st.booleans(),
    account=st.none() | st.integers(1, 2),
)
ACTIONS_OF_POSTS = st.sampled_from([action for action in Action if action not in ABOUT_ONESELF])


@given(who=actors(st.just(OTHER_AUTHORITY)), action=ACTIONS_OF_POSTS, resource=RESOURCES)
def test_another_authoritys_things_are_never_there(who: ActorFacts, action: Action, resource: Resource) -> None:
    assert decide(who, action, resource, on=TODAY).hidden


@given(who=actors(st.sampled_from([1, OTHER_AUTHORITY])), action=ACTIONS_OF_POSTS, resource=RESOURCES)
def test_who_is_in_no_office_of_the_authority_may_nothing(who: ActorFacts, action: Action, resource: Resource) -> None:
    own = [one for one in who.holdings if one.authority == 1 and one.is_in_office(TODAY)]
    verdict = decide(who, action, resource, on=TODAY)
    if not own:
        assert not verdict.allowed
    if verdict.allowed:
        assert verdict.contact in {one.contact for one in own}


@given(who=actors(st.just(1)), action=ACTIONS_OF_POSTS, resource=RESOURCES)
def test_an_auditor_changes_nothing(who: ActorFacts, action: Action, resource: Resource) -> None:
    auditor = ActorFacts(holdings=tuple(replace(one, role=Role.AUDITOR) for one in who.holdings))
    if action not in READING:
        assert not decide(auditor, action, resource, on=TODAY).allowed


@given(who=actors(st.just(1)), action=ACTIONS_OF_POSTS, resource=RESOURCES)
def test_more_posts_never_take_rights_away_but_for_the_own_unit(who: ActorFacts, action: Action, resource: Resource) -> None:
    fewer = ActorFacts(holdings=who.holdings[:1])
    if decide(fewer, action, resource, on=TODAY).allowed:
        verdict = decide(who, action, resource, on=TODAY)
        assert verdict.allowed or verdict.why is Why.OWN_UNIT


@given(who=actors(st.just(1)), action=ACTIONS_OF_POSTS, resource=RESOURCES)
def test_a_refusal_has_its_reason_and_a_right_its_contact(who: ActorFacts, action: Action, resource: Resource) -> None:
    verdict = decide(who, action, resource, on=TODAY)
    if verdict.allowed:
        assert (verdict.why, verdict.vi, verdict.en) == (None, "", "")
        assert verdict.contact is not None
    else:
        assert verdict.why is not None
        assert verdict.vi
        assert verdict.en
        assert (verdict.contact, verdict.deputy_of, verdict.on_behalf_of) == (None, None, None)


# --- the data itself --------------------------------------------------------------------------------------------------


def test_every_verb_of_people_is_an_action() -> None:
    assert {verb.value for verb in Verb} <= {action.value for action in Action}


def test_everything_has_its_words_and_somebody_who_may() -> None:
    assert (set(ACTIONS), set(RELATIONS), set(ROLES), set(REASONS)) == (set(Action), set(Relation), set(Role), set(Why))
    assert {action for row in TABLE for action in row.actions} == set(Action)


def test_no_duty_can_be_muted() -> None:
    assert [action for action in Action if any(word in action for word in ("mute", "silence", "unsubscribe"))] == []
