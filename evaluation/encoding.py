"""
Encoding: actions and terms as plain JSON values, and back.

The journal keeps these; only text, whole numbers, truth values, null, lists and objects with ASCII keys occur,
so that the canonical form (RFC 8785) is the same for every writer. Empty and default fields are left out.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

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
from evaluation.kinds import MessageKind
from evaluation.ladders import Moment
from evaluation.obligations import State
from evaluation.papers import Purpose
from evaluation.terms import Held, Term, TermReason, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable


_SILENT = Remark()


def encode_actions(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return the actions as JSON values, in order; an empty remark says nothing and is left out."""
    return [encode_action(action) for action in actions if action != _SILENT]


def encode_action(action: Action) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 -- one arm for each action
    """Return one action as a JSON object whose `do` names it."""
    match action:
        case Settle():
            return _settled(action)
        case Notify():
            return _notified(action)
        case Move():
            return _filled(do="move", to=action.to.value, round=action.round)
        case Write():
            return {"do": "write", "term": encode_term(action.term)}
        case Mark():
            return {"do": "mark", "suspended": action.suspended}
        case Release():
            return {"do": "release"}
        case Submitted():
            return {
                "do": "submitted",
                **_filled(received_on=action.received_on, document=action.document, content=action.content, report=action.report),
                "days_late": action.days_late,
                **({} if action.counted is None else {"counted": action.counted}),
            }
        case Remark():
            return _filled(do="remark", reason=action.reason, basis=action.basis, items=[list(pair) for pair in action.items])
        case HandOver():
            return {"do": "hand-over", "to": action.to}
        case Urged():
            return _filled(do="urged", by=action.by, note=action.note)
        case Wish():
            return {"do": "wish", "due_on": action.due_on}
        case AskUpkeep():
            return {"do": "ask-upkeep", "subject": action.subject}
        case AskPaper():
            return {"do": "ask-paper", "purpose": action.purpose.value}


def _settled(action: Settle) -> dict[str, Any]:
    """Return a rung's row; it and its word are the most frequent actions by far: written without a detour."""
    value: dict[str, Any] = {"do": "settle", "term": action.term, "rung": action.rung, "outcome": action.outcome.value}
    if action.told:
        value["told"] = list(action.told)
    if action.passed_over:
        value["passed_over"] = list(action.passed_over)
    return value


def _notified(action: Notify) -> dict[str, Any]:
    value: dict[str, Any] = {"do": "notify", "kind": action.kind.value}
    if action.recipients:
        value["recipients"] = list(action.recipients)
    if action.rung:
        value["rung"] = action.rung
    if action.term:
        value["term"] = action.term
    return value


def _filled(**fields: object) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value}


def decode_action(value: dict[str, Any]) -> Action:  # noqa: C901, PLR0911, PLR0912 -- one arm for each action
    """Return the action that a JSON object encodes; KeyError or ValueError if it encodes none."""
    fields = {key: field for key, field in value.items() if key != "do"}
    match value["do"]:
        case "settle":
            lists = {name: tuple(fields.get(name, ())) for name in ("told", "passed_over")}
            return Settle(**{**fields, **lists, "outcome": Outcome(fields["outcome"])})
        case "notify":
            return Notify(**{**fields, "kind": MessageKind(fields["kind"]), "recipients": tuple(fields.get("recipients", ()))})
        case "move":
            return Move(**{**fields, "to": State(fields["to"])})
        case "write":
            return Write(term=decode_term(fields["term"]))
        case "mark":
            return Mark(suspended=fields["suspended"])
        case "release":
            return Release()
        case "submitted":
            return Submitted(**fields)
        case "remark":
            return Remark(**{**fields, "items": tuple((item, words) for item, words in fields.get("items", ()))})
        case "hand-over":
            return HandOver(to=fields["to"])
        case "urged":
            return Urged(by=fields.get("by", ""), note=fields.get("note", ""))
        case "wish":
            return Wish(due_on=fields["due_on"])
        case "ask-upkeep":
            return AskUpkeep(subject=fields["subject"])
        case "ask-paper":
            return AskPaper(purpose=Purpose(fields["purpose"]))
        case other:
            msg = f"no action is called “{other}”"
            raise ValueError(msg)


def encode_moments(moments: Iterable[Moment]) -> list[list[Any]]:
    """Return moments as `[rung, seconds since 1970 UTC]` pairs."""
    return [[moment.rung, int(moment.at.timestamp())] for moment in moments]


def decode_moments(pairs: Iterable[Any], *, zone: tzinfo | None) -> tuple[Moment, ...]:
    """Return the moments that pairs encode; `zone` is UTC's tzinfo."""
    return tuple(Moment(rung=rung, at=datetime.fromtimestamp(seconds, zone)) for rung, seconds in pairs)


def encode_term(term: Term) -> dict[str, Any]:
    """Return a term as a JSON object."""
    return _filled(
        number=term.number,
        reason=term.reason.value,
        turn=term.turn.value,
        opens_at=_instant(term.opens_at),
        due_on=term.due_on.isoformat() if term.due_on else None,
        due_at=_instant(term.due_at),
        locks_at=_instant(term.locks_at),
        unit=term.unit.value,
        ladder=term.ladder,
        moments=encode_moments(term.moments),
        written_at=_instant(term.written_at),
        granted_by=term.granted_by,
        basis=term.basis,
        plan_version=term.plan_version,
        calendar_version=term.calendar_version,
        projected=term.projected,
        held=encode_held(term.held),
        projected_anew=term.projected_anew.value if term.projected_anew else None,
    )


def decode_term(value: dict[str, Any]) -> Term:
    """Return the term that a JSON object encodes."""
    written_at = datetime.fromisoformat(value["written_at"])
    return Term(
        number=value["number"],
        reason=TermReason(value["reason"]),
        turn=Turn(value["turn"]),
        opens_at=_from_iso(value.get("opens_at")),
        due_on=date.fromisoformat(value["due_on"]) if "due_on" in value else None,
        due_at=_from_iso(value.get("due_at")),
        locks_at=_from_iso(value.get("locks_at")),
        unit=DayUnit(value["unit"]),
        ladder=value.get("ladder", ""),
        moments=decode_moments(value.get("moments", ()), zone=written_at.tzinfo),
        written_at=written_at,
        granted_by=value.get("granted_by"),
        basis=value.get("basis", ""),
        plan_version=value["plan_version"],
        calendar_version=value.get("calendar_version", ""),
        projected=value.get("projected", False),
        held=decode_held(value.get("held")),
        projected_anew=TermReason(value["projected_anew"]) if "projected_anew" in value else None,
    )


def encode_held(held: Held | None) -> dict[str, Any] | None:
    """Return what a suspension stopped as a JSON object."""
    if held is None:
        return None
    after = None if held.locks_after is None else int(held.locks_after.total_seconds())
    return {
        "turn": held.turn.value,
        "days_left": held.days_left,
        "unit": held.unit.value,
        "ladder": held.ladder,
        "locks_after_seconds": after,
    }


def decode_held(value: dict[str, Any] | None) -> Held | None:
    """Return what a suspension stopped from its JSON object."""
    if value is None:
        return None
    after = value["locks_after_seconds"]
    return Held(
        turn=Turn(value["turn"]),
        days_left=value["days_left"],
        unit=DayUnit(value["unit"]),
        ladder=value["ladder"],
        locks_after=None if after is None else timedelta(seconds=after),
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _from_iso(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
