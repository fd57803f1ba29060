"""Settings: the authority, its mail, the ladders of the plan in force, its calendar; and what only the machine's own settings say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query
from pydantic import SecretStr
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.calendar_days import BLANKS
from api.console.catalogues import N_
from api.console.forms import Flash
from api.console.grounds import ladder_said, rung_said
from api.console.mails import kind_said
from api.console.marks import Mark
from api.console.offices import MaybeCycle, office_of, offices_of
from api.console.outbox import done_flash
from api.console.visiting import Visitor, Visits, frame_of, page
from api.doors.signing_in import InSession, Person, SignedIn
from api.problems.answering import problem_of
from evaluation.kinds import Audience
from evaluation.rights_table import Action
from evaluation.workdays import DayKind, YearStatus
from notifications.wording import full_date
from store.calendars import load_calendar
from store.commands.test_mails import NoTestMailError, ask_test_mail
from store.queries.health import answering
from store.queries.people import newest_calendar
from store.queries.plans import plan_in_force
from store.years import load_plan_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from evaluation.plans import Plan, Rung
    from evaluation.workdays import Calendar
    from store.queries.health import View

router = APIRouter(default_response_class=HTMLResponse)
#: Settings that may hold a secret, or say where things lie on the machine: whether they are set is all that is shown.
HUSHED = frozenset({"database_url", "home", "files", "smtp_user", "smtp_ca_file", "prefect_api_url", "oidc_client_id", "trusted_proxies"})
#: What concerns mail stands with it.
MAIL_SETTINGS = (
    "smtp_host",
    "smtp_port",
    "smtp_tls",
    "smtp_user",
    "smtp_password",
    "mail_from",
    "mail_from_name",
    "support_phone",
    "mail_until",
    "fuse_per_recipient",
    "fuse_per_slot",
    "fuse_refused_share",
    "sandbox_smtp",
)
AUDIENCES: dict[Audience, str] = {
    Audience.OFFICER: N_("công chức đầu mối của đơn vị"),
    Audience.HEAD: N_("người đứng đầu đơn vị"),
    Audience.COORDINATING: N_("đơn vị phối hợp"),
    Audience.SUPERIOR: N_("đơn vị cấp trên"),
    Audience.RECEIVER: N_("nơi tiếp nhận"),
    Audience.STANDING_BODY: N_("cơ quan thường trực"),
    Audience.CHAIR: N_("Chủ tịch"),
}
_YEARS: dict[YearStatus, tuple[str, str, str]] = {
    YearStatus.DECIDED: ("done", "circle-check", N_("đã có quyết định")),
    YearStatus.PROJECTED: ("warn", "hourglass", N_("dự kiến")),
    YearStatus.UNKNOWN: ("late", "alert-triangle", N_("chưa biết")),
}
_DAYS = {DayKind.OFF: N_("nghỉ"), DayKind.MAKEUP_WORKDAY: N_("làm bù")}
DONE = {
    "calendar": N_("Đã nhập vào lịch. Năm đang chạy giữ lịch cũ cho tới khi thay lịch ở Thay đổi năm đang chạy."),
    "test": N_("Đã gửi thư thử tới địa chỉ của anh/chị; thư đi ngay, kể cả khi đang giữ thư."),
}


@dataclass(frozen=True, kw_only=True)
class SettingView:
    """A setting of the machine, by the name under which it is set."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class LadderView:
    """A ladder, with the lines of the plan that climb it."""

    key: str
    name: str
    used_by: tuple[str, ...]
    rungs: tuple[tuple[str, str, str], ...]  #: when, who is told, by which mail


@dataclass(frozen=True, kw_only=True)
class DayView:
    """A date that differs from its weekday."""

    on: str
    kind: str
    name: str
    source: str


@router.get("/settings")
def settings_page(
    visitor: Visits, person: SignedIn, cycle: MaybeCycle = None, year: Annotated[int | None, Query(ge=1900, le=2200)] = None
) -> HTMLResponse:
    """What is set, for whoever runs the year or the system."""
    return _shown(visitor, person, cycle=cycle, year=year)


def _shown(visitor: Visitor, person: Person, *, cycle: int | None, year: int | None, flash: Flash | None = None) -> HTMLResponse:
    chosen = visitor.served.settings
    with answering(visitor.served.store) as connection:
        frame = frame_of(visitor, connection, here="settings", cycle=cycle)
        authority = office_of(visitor, connection, frame, person, action=Action.IMPORT_CALENDAR)
        facts: dict[str, Any] = {
            "ladders": [] if frame.cycle is None else _ladders(visitor, connection, frame.cycle.id),
            "plan": None if frame.cycle is None else plan_in_force(connection, frame.cycle.id),
            **_calendar(visitor, connection, authority.id, year=year),
        }
    facts |= {
        "authority": authority,
        "mail": list(_settings(visitor, chosen, MAIL_SETTINGS)),
        "rest": list(_settings(visitor, chosen, [name for name in type(chosen).model_fields if name not in MAIL_SETTINGS])),
        "leaves": bool(chosen.smtp_host) or authority.sandbox,
        "email": person.account.email,
        "offices": offices_of(frame),
        "day_blanks": BLANKS,
        "flash": flash or done_flash(visitor, DONE),
    }
    return page(visitor, "settings.html", frame, facts, status=422 if flash else 200)


def _settings(visitor: Visitor, chosen: Settings, names: Any) -> Iterator[SettingView]:  # noqa: ANN401  a few names
    for name in names:
        value = getattr(chosen, name)
        secret = isinstance(value, SecretStr)
        if secret or name in HUSHED:
            given = value.get_secret_value() if secret else str(value)
            words = visitor.say("đã đặt") if given else visitor.say("chưa đặt")
        else:
            words = _said(visitor, value)
        yield SettingView(name=f"DONDOC_{name.upper()}", value=words)


def _said(visitor: Visitor, value: object) -> str:
    if isinstance(value, bool):
        return visitor.say("có") if value else visitor.say("không")
    if isinstance(value, float):
        return visitor.either(f"{value:g}".replace(".", ","), f"{value:g}")
    return str(value) or visitor.say("chưa đặt")


def _ladders(visitor: Visitor, connection: View, cycle: int) -> list[LadderView]:
    """Return the ladders of a cycle's plan in force, each with the lines that use it."""
    number = plan_in_force(connection, cycle).version
    plan, _ = load_plan_version(visitor.served.store, connection, cycle=cycle, number=number)
    return [
        LadderView(
            key=key,
            name=ladder_said(visitor, key),
            used_by=tuple(_users(visitor, plan, key)),
            rungs=tuple(_rung(visitor, one) for one in rungs),
        )
        for key, rungs in plan.ladders.items()
    ]


def _users(visitor: Visitor, plan: Plan, ladder: str) -> Iterator[str]:
    for stage in plan.stages:
        if ladder in {stage.ladder, stage.review.ladder, stage.correction.ladder}:
            yield visitor.either(stage.title, stage.title_en)


def _rung(visitor: Visitor, rung: Rung) -> tuple[str, str, str]:
    told = ", ".join(visitor.say(AUDIENCES[one]) for one in rung.audience)
    return rung_said(visitor, rung), told, kind_said(visitor, rung.message)


def _calendar(visitor: Visitor, connection: View, authority: int, *, year: int | None) -> dict[str, Any]:
    newest = newest_calendar(connection, authority)
    if newest is None:
        return {"calendar": None, "years": [], "days": [], "year": None}
    calendar: Calendar = load_calendar(visitor.served.store, connection, newest)
    this_year = visitor.today(str(calendar.zone)).year
    shown = year if year in calendar.years else this_year if this_year in calendar.years else max(calendar.years, default=this_year)
    years = []
    for one, status in sorted(calendar.years.items()):
        tone, drawing, words = _YEARS[status]
        years.append((one, Mark(tone=tone, icon=drawing, words=visitor.say(words))))
    days = [
        DayView(
            on=full_date(one.on, language=visitor.language),
            kind=visitor.say(_DAYS[one.kind]),
            name=one.name,
            source=" · ".join(dict.fromkeys(filter(None, (one.decision, one.source)))),
        )
        for one in calendar.days
        if one.on.year == shown
    ]
    return {"calendar": calendar, "years": years, "days": days, "year": shown}


@router.post("/settings/test-mail")
def send_test(visitor: Visits, person: InSession) -> Response:
    """Send whoever asks a mail through the outbox, to their own address; it leaves at once."""
    _require_keeper(visitor, person)
    try:
        with visitor.served.store.transaction(now=visitor.now) as transaction:
            ask_test_mail(transaction, person.account.id)
    except NoTestMailError as error:
        problem = problem_of(visitor.request, error, language=visitor.language)
        said = Flash(tone="danger", title=problem.title, text=problem.detail)
        return _shown(visitor, person, cycle=None, year=None, flash=said)
    return RedirectResponse("/settings?done=test", status_code=303)


def _require_keeper(visitor: Visitor, person: Person) -> None:
    with answering(visitor.served.store) as connection:
        office_of(visitor, connection, frame_of(visitor, connection, here="settings"), person, action=Action.IMPORT_CALENDAR)
