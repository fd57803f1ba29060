"""Encoding: every action and term comes back from JSON as it was; and the journal's bytes are RFC 8785's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evaluation.actions import (
    Action,
    AskPaper,
    AskUpkeep,
    HandOver,
    Mark,
    Move,
    Notify,
    Outcome,
    Release,
    Remark,
    Settle,
    Submitted,
    Urged,
    Wish,
    Write,
)
from evaluation.due_rules import DayUnit
from evaluation.encoding import decode_action, decode_held, decode_term, encode_action, encode_actions, encode_held, encode_term
from evaluation.kinds import MessageKind
from evaluation.ladders import Moment
from evaluation.obligations import State
from evaluation.papers import OF_RUNGS, Purpose
from evaluation.submissions import submit
from evaluation.terms import Held, Term, TermReason, Turn
from store.journal import canonical
from tests.evaluation.one_duty import local, make_obligation, make_setting, make_term, submitted

NUMBERS = st.integers(1, 2**53 - 1)
WORDS = st.text(max_size=20)
NAMES = st.text(min_size=1, max_size=20)
RECIPIENTS = st.lists(NAMES, max_size=3).map(tuple)
INSTANTS = st.datetimes(min_value=datetime(2018, 1, 1), max_value=datetime(2032, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone
SECONDS = INSTANTS.map(lambda at: at.replace(microsecond=0))
MAYBE_INSTANT = st.none() | INSTANTS
HELD = st.builds(
    Held,
    turn=st.sampled_from(Turn),
    days_left=st.none() | st.integers(-400, 400),
    unit=st.sampled_from(DayUnit),
    ladder=WORDS,
    locks_after=st.none() | st.integers(-(10**6), 10**8).map(lambda seconds: timedelta(seconds=seconds)),
)
TERMS = st.builds(
    Term,
    number=NUMBERS,
    reason=st.sampled_from(TermReason),
    turn=st.sampled_from(Turn),
    opens_at=MAYBE_INSTANT,
    due_on=st.none() | st.dates(date(2018, 1, 1), date(2032, 1, 1)),
    due_at=MAYBE_INSTANT,
    locks_at=MAYBE_INSTANT,
    unit=st.sampled_from(DayUnit),
    ladder=WORDS,
    moments=st.lists(st.builds(Moment, rung=NAMES, at=SECONDS), max_size=4).map(tuple),
    written_at=INSTANTS,
    granted_by=st.none() | NUMBERS,
    basis=WORDS,
    plan_version=NUMBERS,
    calendar_version=WORDS,
    projected=st.booleans(),
    held=st.none() | HELD,
    projected_anew=st.none() | st.sampled_from(TermReason),
)
BY_KIND: dict[type, st.SearchStrategy[Any]] = {
    Move: st.builds(Move, to=st.sampled_from(State), round=st.integers(0, 99)),
    Write: st.builds(Write, term=TERMS),
    Mark: st.builds(Mark, suspended=st.booleans()),
    Release: st.builds(Release),
    Settle: st.builds(Settle, term=NUMBERS, rung=NAMES, outcome=st.sampled_from(Outcome), told=RECIPIENTS, passed_over=RECIPIENTS),
    Notify: st.builds(Notify, kind=st.sampled_from(MessageKind), recipients=RECIPIENTS, rung=WORDS, term=st.integers(0, 99)),
    Submitted: st.builds(
        Submitted, days_late=st.integers(0, 999), counted=st.none() | st.integers(0, 999), received_on=WORDS, document=WORDS, content=WORDS
    ),
    Remark: st.builds(Remark, reason=WORDS, basis=WORDS, items=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple)),
    HandOver: st.builds(HandOver, to=NUMBERS),
    Urged: st.builds(Urged, by=WORDS, note=WORDS),
    Wish: st.builds(Wish, due_on=WORDS),
    AskPaper: st.builds(AskPaper, purpose=st.sampled_from(OF_RUNGS)),
    AskUpkeep: st.builds(AskUpkeep, subject=WORDS),
}
ACTIONS = st.one_of(*BY_KIND.values())
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_every_kind_of_action_is_tried() -> None:
    assert set(BY_KIND) == set(get_args(Action))


@given(action=ACTIONS)
def test_an_action_comes_back_as_it_was(action: Action) -> None:
    value = orjson.loads(orjson.dumps(encode_action(action)))
    assert decode_action(value) == action
    assert value == encode_action(action)  # nothing but what JSON has


@given(term=TERMS)
def test_a_term_comes_back_as_it_was(term: Term) -> None:
    assert decode_term(orjson.loads(orjson.dumps(encode_term(term)))) == term


@given(held=st.none() | HELD)
def test_what_a_suspension_stopped_comes_back_as_it_was(held: Held | None) -> None:
    assert decode_held(orjson.loads(orjson.dumps(encode_held(held)))) == held


@given(action=ACTIONS)
def test_an_action_is_written_as_the_standard_has_it(action: Action) -> None:
    assert canonical(encode_action(action)) == rfc8785.dumps(encode_action(action))


@given(value=JSON_VALUES)
def test_canonical_json_is_that_of_the_reference_library(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("action", "value"),
    [
        pytest.param(Move(to=State.OPEN), {"do": "move", "to": "open"}, id="a move"),
        pytest.param(Move(to=State.RETURNED, round=2), {"do": "move", "to": "returned", "round": 2}, id="a numbered round"),
        pytest.param(
            Settle(term=1, rung="T-7", outcome=Outcome.VOID),
            {"do": "settle", "term": 1, "rung": "T-7", "outcome": "void"},
            id="a rung that ended",
        ),
        pytest.param(
            Submitted(days_late=0, counted=3), {"do": "submitted", "days_late": 0, "counted": 3}, id="what counts instead is said"
        ),
        pytest.param(Submitted(days_late=0), {"do": "submitted", "days_late": 0}, id="in time is said, not left out"),
        pytest.param(Mark(suspended=False), {"do": "mark", "suspended": False}, id="an ended suspension is said, not left out"),
        pytest.param(Release(), {"do": "release"}, id="a release"),
        pytest.param(Wish(due_on="2026-03-25"), {"do": "wish", "due_on": "2026-03-25"}, id="a longer term asked for"),
        pytest.param(AskPaper(purpose=Purpose.URGING), {"do": "ask-paper", "purpose": "urging-letter"}, id="a paper"),
        pytest.param(AskUpkeep(subject="contact/3/officer"), {"do": "ask-upkeep", "subject": "contact/3/officer"}, id="a repair"),
        pytest.param(
            Remark(reason="thiếu", items=(("bao-cao", "số liệu"),)),
            {"do": "remark", "reason": "thiếu", "items": [["bao-cao", "số liệu"]]},
            id="a remark on an item",
        ),
    ],
)
def test_how_an_action_is_written(action: Action, value: dict[str, Any]) -> None:
    assert encode_action(action) == value


def test_an_empty_remark_is_left_out() -> None:
    assert encode_actions([Move(to=State.OPEN), Remark(), Remark(basis="1/QĐ")]) == [
        {"do": "move", "to": "open"},
        {"do": "remark", "basis": "1/QĐ"},
    ]


def test_a_whole_submission_comes_back_in_order() -> None:
    prepared = make_obligation(make_term(), state=State.PREPARED)
    actions = submit(prepared, setting=make_setting("14/01/2026 09:00"), received_on=date(2026, 1, 13))
    assert tuple(decode_action(value) for value in encode_actions(actions)) == tuple(a for a in actions if a != Remark())
    assert encode_term(submitted().term)["written_at"] == local("14/01/2026 09:00").isoformat()


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="no action is called “vanish”"):
        decode_action({"do": "vanish"})
