"""Improving the index: weak and led criteria by field and unit, their measures and progress; last year's results taken in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse

from api.changing.cycles import ChangingCycle
from api.console.catalogues import N_
from api.console.criteria import MOST_BYTES, MOST_FAULTS, fault_said
from api.console.forms import fields_of
from api.console.marks import LOOKS, Mark, state_mark
from api.console.naming import names_of
from api.console.result_views import Printer
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import Person, SignedIn
from api.doors.uploads import received
from api.problems.errors import NoCycleError
from api.routes.cycles import Number
from api.routes.improvement import take_results, taking_published
from api.routes.inspections import sight_of
from api.wire.improvement import WeakOut, WeakPublishedIn, WeakPublishedOut, WeakTakenOut
from config.faults import WeakError
from config.weak_files import ENDINGS
from evaluation.improvement.words import PROGRESS_WORDS
from evaluation.kinds import StageKind
from evaluation.naming_order import name_order
from evaluation.rights import decide
from evaluation.rights_table import Action
from store.commands.improvement.taken import Until
from store.queries.criteria import versions_of
from store.queries.health import answering
from store.queries.improvement import CriterionLine, list_improvement
from store.queries.rights import cycle_resource
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from api.console.visiting import Frame
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
_UNUSUAL, _LONGEST_NAME = re.compile(r"[^\w .()-]"), 60
_SHOWS = {"": N_("Tất cả"), "open": N_("Chưa xong"), "late": N_("Quá hạn"), "done": N_("Đã khắc phục")}


class Chosen(BaseModel):
    """What is to be seen."""

    unit: str = Field(default="", max_length=100)
    field: str = Field(default="", max_length=40)
    show: Literal["", "open", "late", "done"] = ""

    def takes(self, line: CriterionLine) -> bool:
        """Return whether a line is among what is to be seen."""
        shown = {"": True, "open": not line.remedied, "late": line.late or any(one.late for one in line.measures), "done": line.remedied}
        return self.unit in {"", line.party} and self.field in {"", line.field} and shown[self.show]


class Sent(BaseModel):
    """What is sent beside a file."""

    name: str = Field(default="", max_length=300)
    criteria: str = Field(default="", max_length=70, pattern=r"^[a-z0-9-]*(/[0-9]{1,6})?$")
    sure: Literal["yes", ""] = ""
    late: Literal["yes", ""] = ""  #: owed though overdue from the start
    due_on: Annotated[date | None, BeforeValidator(lambda text: text or None)] = None

    @property
    def until(self) -> Until:
        """By when, as the command takes it; one that only looks refuses nothing that is late."""
        return Until(due_on=self.due_on, accept_late=bool(self.late) or not self.sure)


@dataclass(frozen=True, kw_only=True)
class LineView:
    """A line with its mark."""

    line: CriterionLine
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file that was sent, or would."""

    name: str
    done: WeakTakenOut | None = None
    kept: bool = False
    faults: tuple[tuple[str, str, str], ...] = ()
    wrong: str = ""
    edition: str = ""  #: SHA-256 of the published edition, where no file was sent
    left: int = 0  #: units of the edition of whom nothing is asked
    due_on: date | None = None  #: the date that was given

    @property
    def late(self) -> list[WeakOut]:
        """What would be overdue from the start."""
        return [one for one in self.done.raised if one.late] if self.done else []

    @property
    def late_days(self) -> str:
        """The dates of these."""
        return ", ".join(f"{day:%d/%m/%Y}" for day in sorted({one.due_on for one in self.late if one.due_on is not None}))


@router.get("/cycles/{id}/improvement")  # noqa: FAST003  `Number` is its alias
def year(cycle: Number, visitor: Visits, chosen: Annotated[Chosen, Query()]) -> HTMLResponse:
    """What is to be improved in a year, of what may be read. NoCycleError."""
    return _shown(visitor, cycle, chosen)


@router.post("/cycles/{id}/improvement/import")  # noqa: FAST003  `Number` is its alias
async def take(cycle: Number, request: Request, visitor: Visits, person: SignedIn, sent: Annotated[Sent, Query()]) -> HTMLResponse:
    """Look at what a file of last year's results would do; take it in, once that was seen."""
    async with received(request) as spool:
        taken = await run_in_threadpool(_taken, visitor, person, cycle, file=spool, sent=sent)
    return await run_in_threadpool(lambda: _shown(visitor, cycle, Chosen(), taken=taken, criteria=sent.criteria))


@router.post("/cycles/{id}/improvement/published")  # noqa: FAST003  `Number` is its alias
async def open_published(cycle: Number, request: Request, visitor: Visits, person: SignedIn) -> HTMLResponse:
    """Look at what the weak criteria of a published edition would be as obligations; open them, once that was seen."""
    fields = await fields_of(request)
    return await run_in_threadpool(lambda: _shown(visitor, cycle, Chosen(), taken=_opened(visitor, person, cycle, fields)))


def _opened(visitor: Visitor, person: Person, cycle: int, fields: dict[str, str]) -> Taken:
    changing = ChangingCycle(served=visitor.served, person=person, now=visitor.now, keyed=None, cycle=cycle, if_match="")
    try:
        sent = Sent.model_validate({name: fields.get(name, "") for name in ("sure", "late", "due_on")})
        asked = WeakPublishedIn(edition=fields.get("edition", ""), due_on=sent.until.due_on, accept_late=sent.until.accept_late)
        work = taking_published(asked, changing)
        answer = changing.change(work) if sent.sure else changing.look(work)
    except ValidationError:
        return Taken(name="", wrong=visitor.say(N_("Ngày chọn làm hạn không có; chọn lại từ lịch.")))
    except RefusalError as error:
        return Taken(name="", wrong=error.text(visitor.language.value))
    done = WeakPublishedOut.model_validate_json(bytes(answer.body))
    return Taken(name=done.decision, done=done, kept=bool(sent.sure), edition=done.edition, left=len(done.left), due_on=sent.due_on)


def _taken(visitor: Visitor, person: Person, cycle: int, *, file: BinaryIO, sent: Sent) -> Taken:
    name = _UNUSUAL.sub("_", sent.name.replace("\\", "/").rpartition("/")[2])[-_LONGEST_NAME:]
    content = file.read(MOST_BYTES + 1)
    if not name.lower().endswith(ENDINGS) or len(content) > MOST_BYTES:
        return Taken(name=name, wrong=visitor.say("Chỉ nhận tệp .xlsx, .csv hoặc .yaml, lớn nhất 2 MB; chưa nhận gì."))
    changing = ChangingCycle(served=visitor.served, person=person, now=visitor.now, keyed=None, cycle=cycle, if_match="")
    work = take_results(changing, content, name=name, criteria=sent.criteria, until=sent.until)
    try:
        answer = changing.change(work) if sent.sure else changing.look(work)
    except WeakError as error:
        return Taken(name=name, faults=tuple(fault_said(fault, visitor.language) for fault in error.faults[:MOST_FAULTS]))
    except RefusalError as error:
        return Taken(name=name, wrong=error.text(visitor.language.value))
    return Taken(name=name, done=WeakTakenOut.model_validate_json(bytes(answer.body)), kept=bool(sent.sure), due_on=sent.due_on)


def _shown(visitor: Visitor, cycle: int, chosen: Chosen, *, taken: Taken | None = None, criteria: str = "") -> HTMLResponse:
    store, now = visitor.served.store, visitor.now
    with answering(store) as connection:
        frame = frame_of(visitor, connection, here="improvement", cycle=cycle)
        if frame.cycle is None or frame.cycle.id != cycle:
            raise NoCycleError(cycle)
        readable, _ = sight_of(store, connection, visitor.seen, now=now)
        lines = list_improvement(store, connection, cycle, now=now, readable=readable)
        may_import = _may_import(visitor, connection, frame)
        sets = _sets(connection, cycle) if may_import else []
        keys = set() if taken is None or taken.done is None else {key for one in taken.done.raised for key in (one.unit, one.owner)}
        names = names_of(visitor, connection, frame.cycle.authority_key, keys - {""}) if keys else {}
    facts: dict[str, Any] = {"groups": _groups(visitor, [one for one in lines if chosen.takes(one)]), "taken": taken, "criteria": criteria}
    facts |= {"units": sorted({(one.party, one.party_name) for one in lines}, key=lambda one: name_order(one[1]))}
    facts |= {"fields": sorted({(one.field, f"{one.field} {one.field_title}") for one in lines if one.field})}
    facts |= {
        "chosen": chosen,
        "shows": [(key, visitor.say(words)) for key, words in _SHOWS.items()],
        "progress_words": PROGRESS_WORDS,
        "names": names,
    }
    facts |= {"may_import": may_import, "sets": sets, "most_bytes": MOST_BYTES}
    facts["number"] = Printer(language=visitor.language)
    return page(visitor, "improvement.html", frame, facts, status=422 if taken is not None and taken.done is None else 200)


def _groups(visitor: Visitor, lines: Sequence[CriterionLine]) -> list[tuple[str, list[LineView]]]:
    """Return the lines under the stage and the field that each is of, in their order."""
    found: dict[str, list[LineView]] = {}
    for line in lines:
        field = f" · {line.field} {line.field_title}" if line.field else ""
        found.setdefault(visitor.either(line.title, line.title_en) + field, []).append(LineView(line=line, mark=_mark(visitor, line)))
    return list(found.items())


def _mark(visitor: Visitor, line: CriterionLine) -> Mark:
    if line.remedied:
        return Mark(tone="done", icon=LOOKS[line.state][1], words=visitor.say("Đã khắc phục"))
    if line.late:
        return Mark(tone="late", icon="clock-exclamation", words=visitor.say("Quá hạn"))
    return state_mark(visitor, kind=StageKind.IMPROVEMENT.value, state=line.state)


def _may_import(visitor: Visitor, connection: View, frame: Frame) -> bool:
    if visitor.seen.person is None or frame.cycle is None:
        return False
    resource, on = cycle_resource(connection, frame.cycle.id), visitor.today(frame.cycle.zone)
    return decide(visitor.seen.facts(connection), Action.IMPORT_WEAK, resource, on=on).allowed


def _sets(connection: View, cycle: int) -> list[tuple[str, str]]:
    """Return the authority's criteria sets, by key."""
    authority = cycle_resource(connection, cycle).authority
    return list({one.key: f"{one.title} ({one.key})" for one in reversed(versions_of(connection, authority))}.items())
