"""One duty of one unit, dull and changeable: due on Tuesday 20/01/2026, open from 05/01, locked from the end of 30/01."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from config.calendar_files import shipped_calendar
from evaluation.actions import Mark, Move, Notify, Outcome, Settle, Told, Write, evolve
from evaluation.clocks import suspend
from evaluation.due_rules import DayUnit, FixedDate, Words, end_of
from evaluation.endings import Heir, transfer, waive
from evaluation.kinds import Audience, MessageKind, StageKind
from evaluation.obligations import Obligation, State
from evaluation.plans import CountFrom, Plan, Rung, Selector, Stage, TurnRule
from evaluation.reviews import accept, return_for_correction
from evaluation.submissions import prepare, submit
from evaluation.terms import Dates, Rulebook, TermReason, new_term
from evaluation.transitions import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from evaluation.actions import Action
    from evaluation.terms import Term

CALENDAR = shipped_calendar()


def day(text: str) -> date:
    """A date as it is written: `20/01/2026`."""
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 -- a date has no zone


def local(text: str) -> datetime:
    """An instant as a clock in Vietnam shows it: `20/01/2026 09:00`."""
    on, _, at = text.partition(" ")
    return CALENDAR.instant(day(on), time.fromisoformat(at or "00:00"))


def end(text: str) -> datetime:
    """24:00 of a date."""
    return end_of(day(text), at=None, calendar=CALENDAR)


def rung(key: str, offset: int, *audience: Audience, **changes: Any) -> Rung:
    facts: dict[str, Any] = {"unit": DayUnit.WORKING, "message": MessageKind.REMINDER_BEFORE_DUE, **changes}
    return Rung(key=key, offset=offset, audience=audience or (Audience.OFFICER,), **facts)


CALENDAR_DAYS: dict[str, Any] = {"unit": DayUnit.CALENDAR}
LADDERS = {
    "standard": (
        rung("T-7", -7, **CALENDAR_DAYS),
        rung("T-1", -1, Audience.OFFICER, Audience.HEAD),
        rung("T+0", 0, message=MessageKind.DUE_TODAY),
        rung("T+1", 1, Audience.OFFICER, Audience.HEAD, message=MessageKind.OVERDUE),
        rung("T+3", 3, Audience.STANDING_BODY, message=MessageKind.ESCALATION_STANDING_BODY, also_by_urging=True),
        rung("L-1", -1, counted_from=CountFrom.LOCK, **CALENDAR_DAYS),
    ),
    "review": (
        rung("R-1", -1, Audience.RECEIVER, message=MessageKind.REVIEW_DUE),
        rung("R+1", 1, Audience.RECEIVER, message=MessageKind.REVIEW_OVERDUE),
    ),
    "correction": (
        rung("C-1", -1, message=MessageKind.CORRECTION_REMINDER),
        rung("C+1", 1, Audience.OFFICER, Audience.HEAD, message=MessageKind.CORRECTION_OVERDUE),
    ),
}


def make_stage(**changes: Any) -> Stage:
    facts: dict[str, Any] = {
        "key": "report",
        "kind": StageKind.DUTY,
        "title": "Báo cáo",
        "title_en": "Report",
        "owed_by": Selector(groups=("xa",)),
        "owed_to": "chu-tich",
        "opens": FixedDate(words=Words.ON, year_offset=0, month=1, day=5),
        "due": FixedDate(words=Words.BY, year_offset=0, month=1, day=20),
        "deliverable": "Báo cáo",
        "ladder": "standard",
        "review": TurnRule(count=3, unit=DayUnit.WORKING, ladder="review"),
        "correction": TurnRule(count=5, unit=DayUnit.WORKING, ladder="correction"),
        "words": "chậm nhất ngày 20 tháng 01",
    }
    return Stage(**{**facts, **changes})


def make_plan(**changes: Any) -> Plan:
    facts: dict[str, Any] = {
        "key": "thu",
        "title": "Thử",
        "title_en": "Trial",
        "year": 2026,
        "reference_on": date(2026, 1, 2),
        "authority": "thu",
        "authority_name": "UBND thử",
        "roster": "thu",
        "standing_body": "so-noi-vu",
        "chair": "chu-tich",
        "slot": time(7, 30),
        "mails_per_day": 6,
        "ladders": LADDERS,
        "documents": (),
        "stages": (make_stage(),),
    }
    return Plan(**{**facts, **changes})


RULEBOOK = Rulebook(plan=make_plan(), plan_version=1, calendar=CALENDAR)
WRITTEN_AT = local("02/01/2026 09:00")


def told(audience: Audience) -> Told:
    """Everybody is in office: an audience is its own recipient."""
    return Told(recipients=(audience.value,))


def make_setting(now: str, *, stage: Stage | None = None, **changes: Any) -> Setting:
    facts: dict[str, Any] = {"stage": stage or make_stage(), "rulebook": RULEBOOK, "told": told, "now": local(now)}
    return Setting(**{**facts, **changes})


def make_dates(*, due: str | None = "20/01/2026", locks: str | None = "30/01/2026", **changes: Any) -> Dates:
    facts: dict[str, Any] = {
        "opens_at": local("05/01/2026"),
        "due_on": None if due is None else day(due),
        "due_at": None if due is None else end(due),
        "locks_at": None if locks is None else end(locks),
    }
    return Dates(**{**facts, **changes})


def make_term(*, dates: Dates | None = None, ladder: str = "standard", **changes: Any) -> Term:
    term = new_term(RULEBOOK, number=1, reason=TermReason.INITIAL, dates=dates or make_dates(), now=WRITTEN_AT, ladder=ladder)
    return replace(term, **changes)


def make_obligation(*terms: Term, **changes: Any) -> Obligation:
    facts: dict[str, Any] = {"id": 7, "stage": "report", "party": 3, "subject": "", "state": State.OPEN, **changes}
    return Obligation(terms=terms or (make_term(),), **facts)


def after(obligation: Obligation, decide: Callable[..., tuple[Action, ...]], *, setting: Setting, **facts: Any) -> Obligation:
    """The obligation as one move leaves it."""
    return evolve(obligation, decide(obligation, setting=setting, **facts))


def submitted(now: str = "14/01/2026 09:00", *, stage: Stage | None = None, before: Obligation | None = None) -> Obligation:
    """Prepared and submitted."""
    setting = make_setting(now, stage=stage)
    start = before or make_obligation()
    ready = after(start, prepare, setting=setting) if setting.stage.sign_off else start
    return after(ready, submit, setting=setting)


def returned(now: str = "15/01/2026 09:00", *, stage: Stage | None = None, before: Obligation | None = None) -> Obligation:
    """Submitted the day before and returned for correction."""
    return after(before or submitted(stage=stage), return_for_correction, setting=make_setting(now, stage=stage))


def in_state(state: State, *, suspended: bool = False) -> Obligation:
    """An obligation that has come into a state as people and the tick bring it there."""
    setting = make_setting("15/01/2026 09:00")
    ways: dict[State, Callable[[], Obligation]] = {
        State.SCHEDULED: lambda: make_obligation(state=State.SCHEDULED),
        State.OPEN: make_obligation,
        State.PREPARED: lambda: after(make_obligation(), prepare, setting=setting),
        State.SUBMITTED: submitted,
        State.RETURNED: returned,
        State.ACCEPTED: lambda: after(submitted(), accept, setting=setting),
        State.LAPSED: lambda: evolve(make_obligation(), [Move(to=State.LAPSED)]),
        State.WAIVED: lambda: after(make_obligation(), waive, setting=setting),
        State.TRANSFERRED: lambda: after(make_obligation(), transfer, setting=setting, successor=Heir(party=9)),
    }
    obligation = ways[state]()
    return after(obligation, suspend, setting=setting) if suspended else obligation


def void(actions: Iterable[Action]) -> list[str]:
    """The rungs that end as void."""
    return [action.rung for action in actions if isinstance(action, Settle) and action.outcome is Outcome.VOID]


def notified(actions: Iterable[Action]) -> list[tuple[MessageKind, tuple[str, ...]]]:
    """Who is told what."""
    return [(action.kind, action.recipients) for action in actions if isinstance(action, Notify)]


def written(actions: Sequence[Action]) -> Term:
    """The one term that is written."""
    (term,) = (action.term for action in actions if isinstance(action, Write))
    return term


def marks(actions: Iterable[Action]) -> list[bool]:
    """What becomes of the mark `suspended`."""
    return [action.suspended for action in actions if isinstance(action, Mark)]


def rung_days(term: Term) -> list[tuple[str, str]]:
    """The rungs of a term with their local dates, in order."""
    return [(moment.rung, f"{CALENDAR.local_date(moment.at):%d/%m/%Y}") for moment in term.moments]
