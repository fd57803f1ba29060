"""What every act about a survey begins with: the year that runs, its survey held by the plan, its question sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation.kinds import StageKind
from evaluation.obligations import State
from evaluation.scores.survey import rules_of_plan
from store.commands import moves
from store.journal import Entry
from store.locks import hold_cycle, share_cycle
from store.refusals import RefusalError
from store.survey import Form, closed_of, form_of
from store.years import RUNNING, CycleNotRunningError, NoSuchCycleError, load_year

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from evaluation.scores.ballots import QuestionSet
    from store.session import Store, Transaction
    from store.years import StageRef, Year


class SurveyRefusedError(RefusalError):
    """Something about a survey cannot be so: why, and what to do."""


def running_survey(store: Store, transaction: Transaction, cycle: int, *, alone: bool = True) -> Year:
    """
    Return a year that runs and holds a survey, which nobody else changes meanwhile; not `alone`: others may work on it too.

    Raises:
        NoSuchCycleError, CycleNotRunningError: there is none, or it is over.
        SurveyRefusedError: by its plan the year holds no survey.

    """
    (hold_cycle if alone else share_cycle)(transaction.connection, cycle)
    year = load_year(store, transaction.connection, cycle, now=transaction.now)
    if not year.people.knows(transaction.actor.contact):
        raise NoSuchCycleError(cycle)
    if year.state not in RUNNING:
        raise CycleNotRunningError(cycle, state=year.state)
    if not rules_of_plan(year.plan).held:
        vi = "kế hoạch năm này không tổ chức điều tra xã hội học; thêm công đoạn `survey` (hoặc bỏ `held: false`) rồi điều chỉnh kế hoạch"
        raise SurveyRefusedError(vi, "by its plan the year holds no survey; add a stage `survey` (or drop `held: false`) and replan")
    return year


@dataclass(frozen=True, kw_only=True)
class OpenSurvey:
    """A survey that takes ballots."""

    year: Year
    form: Form

    def named(self, key: str) -> QuestionSet:
        """Return a question set by its key or group of respondents; SurveyRefusedError if there is none."""
        sets = self.form.questions.sets
        found = next((one for one in sets if key in {one.key, one.respondents}), None)
        if found is None:
            known = ", ".join(one.key for one in sets)
            vi, en = f"không có bộ câu hỏi “{key}”; có: {known}", f"no question set “{key}”; there are: {known}"
            raise SurveyRefusedError(vi, en, field="respondents")
        return found

    def unit(self, key: str, *, asked: QuestionSet) -> int:
        """Return the id of a unit that a question set asks about; SurveyRefusedError if it does not."""
        unit = self.year.people.ids.get(key)
        group = "" if unit is None else self.year.people.group(unit)
        if unit is None or not group or (asked.about and group not in asked.about):
            groups = ", ".join(asked.about) or "*"
            vi = f"bộ câu hỏi “{asked.key}” không hỏi về “{key}”; ghi khóa của một đơn vị thuộc nhóm {groups}"
            en = f"the question set “{asked.key}” does not ask about “{key}”; write the key of a unit of the group {groups}"
            raise SurveyRefusedError(vi, en, field="unit")
        return unit

    def workplace(self, key: str, *, about: int) -> int | None:
        """Return where a respondent works, None if that is not known; SurveyRefusedError of the very unit that is asked about."""
        if not key:
            return None
        found = self.year.people.ids.get(key)
        if found is None:
            vi, en = f"không có đơn vị “{key}”; xem danh sách đơn vị", f"there is no unit “{key}”; see the list of units"
            raise SurveyRefusedError(vi, en, field="from_unit")
        if found == about:
            raise own_unit()
        return found


def own_unit() -> SurveyRefusedError:
    """Return why somebody does not answer about their own unit."""
    vi = "người trả lời thuộc chính đơn vị được đánh giá; không ai đánh giá đơn vị mình, hãy bỏ phiếu này"
    return SurveyRefusedError(
        vi, "the respondent belongs to the unit asked about; nobody answers about their own, leave it out", field="from_unit"
    )


def open_survey(store: Store, transaction: Transaction, cycle: int, *, alone: bool = True) -> OpenSurvey:
    """
    Return a survey that takes ballots; raises as `running_survey`.

    Raises:
        SurveyRefusedError: it has no question sets yet, or is closed.

    """
    return require_open(transaction.connection, running_survey(store, transaction, cycle, alone=alone))


def require_open(connection: Connection, year: Year) -> OpenSurvey:
    """Return the survey of a year as one that takes ballots; SurveyRefusedError if it has no question sets yet, or is closed."""
    form = form_of(connection, year.cycle)
    if form is None:
        vi = "chưa có bộ câu hỏi; nhập trước: `dondoc survey questions`"
        raise SurveyRefusedError(vi, "there are no question sets yet; take them in first: `dondoc survey questions`")
    if closed_of(connection, year.cycle) is not None:
        vi = "điều tra đã chốt số liệu, không nhận phiếu nữa; mở lại (có lý do) khi chưa công bố, hoặc Hội đồng quyết định lại"
        en = "the survey is closed and takes no more ballots; re-open it while nothing is published, or let the council settle it"
        raise SurveyRefusedError(vi, en)
    return OpenSurvey(year=year, form=form)


#: The states in which what a survey's stage owes is still in hand.
IN_HAND = (State.OPEN.value, State.RETURNED.value)


def survey_stages(year: Year) -> list[StageRef]:
    """Return the stages of the survey, in the plan's order."""
    return [ref for ref in year.stages.values() if ref.kind is StageKind.SURVEY]


def note(transaction: Transaction, year: Year, action: str, **facts: Any) -> None:  # noqa: ANN401  what the journal keeps
    """Journal an act on the survey: counts, keys and digests, never an answer of a person."""
    payload = {**facts, **transaction.actor.capacity}
    transaction.entries.append(Entry(authority=year.authority, action=action, cycle=year.cycle, payload=payload))


def hand_in(store: Store, transaction: Transaction, obligation: int, *, text: str) -> None:
    """Hand what is owed, open or returned, to the head who signs it; where the plan asks for no signature, submit it with that text."""
    year, stage, _ = moves.read_held(store, transaction, obligation)
    if year.stages[stage].line.sign_off:
        moves.prepare(store, transaction, obligation)
    else:
        moves.submit(store, transaction, obligation, text=text)
