"""Commands that run something: a rehearsal, ticks, delivery, the engine, the web, everything at once, the demo."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import ExitCode, RefusedError
from cli.language import said
from cli.opening import evidence_files, open_migrated_store, opened
from cli.options import DAY_FORMATS, At
from cli.output import progress_bar, show_json_line
from config.calendar_files import shipped_calendar
from config.clock import utc_now
from config.loader import find_plan, load_plan_and_roster
from config.prefect_environment import prefect_api, prefect_environment
from config.settings import child_environment, settings
from evaluation.rehearsing import Habit, RehearsedMove
from evaluation.scaling import scaled_roster
from evaluation.transitions import Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flows.deliver import Delivered
    from store.queries.outbox import Backlog

JSON = Annotated[bool, typer.Option("--json", help="JSON thay cho bảng / JSON instead of tables")]


def rehearse(  # noqa: PLR0913  each option is an argument
    plan: Annotated[str, typer.Argument(help="Kế hoạch có sẵn hoặc tệp YAML / shipped plan or file")],
    *,
    year: Annotated[int | None, typer.Option(help="Năm đánh giá / evaluated year")] = None,
    units: Annotated[int | None, typer.Option(help="Số đơn vị / number of units")] = None,
    seed: Annotated[int, typer.Option(help="Số gieo / seed")] = 1,
    punctuality: Annotated[Habit, typer.Option(help="Mức đúng hạn / how punctual")] = Habit.NONE,
    moves: Annotated[Path | None, typer.Option(help="Tệp các bước để chạy lại / moves to replay")] = None,
    save_moves: Annotated[Path | None, typer.Option(help="Ghi các bước ra tệp / write the moves made")] = None,
    as_json: JSON = False,
) -> None:
    """Chạy thử cả năm bằng máy thật, không gửi gì ra ngoài. / Rehearse a whole year; nothing leaves the machine."""
    from cli.rehearsed import as_data, show
    from flows.rehearsal import Script
    from flows.rehearsal import rehearse as run_rehearsal
    from store.commands.criteria.showing import shipped_sets

    path = find_plan(plan)
    read, roster = load_plan_and_roster(path)
    if units is not None:
        roster = scaled_roster(roster, plan=read, units=units)
    script = Script(
        plan=read,
        plan_yaml=path.read_text(encoding="utf-8"),
        roster=roster,
        calendar=shipped_calendar(),
        year=year or read.year,
        habit=punctuality,
        seed=seed,
        moves=read_moves(moves) if moves else None,
        criteria=shipped_sets(read, dated=read.reference_on),
    )
    gc.freeze()  # as the engine does: what is imported and read stays
    with progress_bar(f"{read.key} {script.year}", quiet=as_json) as progress:
        done = run_rehearsal(script, progress=progress)
    if save_moves is not None:
        write_moves(save_moves, done.moves)
    if as_json:
        typer.echo(json.dumps(as_data(done, ceiling=read.mails_per_day), ensure_ascii=False, default=str))
    else:
        show(done, ceiling=read.mails_per_day)


def read_moves(path: Path) -> list[RehearsedMove]:
    """Return the moves of a file, one JSON object a line."""
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        RehearsedMove(
            on=date.fromisoformat(line["on"]),
            verb=Verb(line["verb"]),
            stage=line["stage"],
            party=line["party"],
            subject=line["subject"],
            due_on=date.fromisoformat(line["due_on"]) if line.get("due_on") else None,
        )
        for line in lines
    ]


def write_moves(path: Path, moves: tuple[RehearsedMove, ...]) -> None:
    """Write moves so that they can be replayed."""
    path.write_text("".join(json.dumps(asdict(move), ensure_ascii=False, default=str) + "\n" for move in moves), encoding="utf-8")


def tick(  # noqa: PLR0913  each option is an argument
    *,
    at: At = "",
    since: Annotated[datetime | None, typer.Option("--from", help="Từ ngày / from day", formats=DAY_FORMATS)] = None,
    to: Annotated[datetime | None, typer.Option(help="Đến hết ngày / to day", formats=DAY_FORMATS)] = None,
    every: Annotated[str, typer.Option(help="day")] = "day",
    deliver: Annotated[bool, typer.Option("--deliver", help="Gửi thư sau mỗi nhịp / send after each tick")] = False,
    moves: Annotated[Path | None, typer.Option(help="Các bước chạy lại / moves to replay")] = None,
    as_json: JSON = False,
) -> None:
    """Một nhịp: mở, nhắc, báo cáo vượt cấp, khóa những gì đã đến lúc. / One tick, or one a day between two days."""
    from cli import ticking

    if every != "day":
        raise typer.BadParameter("day", param_hint="--every")
    wanted = ticking.Wanted(
        at=at,
        since=since.date() if since else None,
        to=to.date() if to else None,
        deliver=deliver,
        moves=read_moves(moves) if moves else [],
    )
    with opened() as store, progress_bar("tick", quiet=as_json or since is None) as progress:
        done = ticking.run_ticks(store, wanted, progress=progress)
    if as_json:
        show_json_line({**asdict(done), "elsewhere": sorted(done.elsewhere), "unfinished": sorted(done.unfinished)})
    else:
        vi = f"{done.stages} công đoạn, {done.obligations} nghĩa vụ, {done.failed} lỗi"
        typer.echo(said(vi, f"{done.stages} stages, {done.obligations} obligations, {done.failed} failed"))
    if done.elsewhere:
        there = len(done.elsewhere)
        vi = f"{there} cơ quan do máy khác đang chạy, ở đây không làm gì cho cơ quan ấy"
        typer.echo(said(vi, f"{there} run by another engine, nothing done for them here"), err=True)
    if done.failed:
        raise typer.Exit(1)


def deliver(*, at: At = "", as_json: JSON = False) -> None:
    """Gửi những thư đang chờ; mã thoát 5 nếu không tới được máy chủ thư. / Send what waits; 5 if no mail server is reached."""
    from cli import ticking
    from store.queries.outbox import backlog

    with opened() as store:
        done = ticking.deliver_once(store, ticking.moment(store, at))
        with store.reading() as connection:
            left = backlog(connection)
    _say_delivered(done, left, as_json=as_json)


def _say_delivered(done: Delivered, left: Backlog, *, as_json: bool) -> None:
    """Say what left and what waits; exit code 5 where a mail server could not be reached or took nothing."""
    from store.outbox.states import MessageState, Outcome

    queued, held, unknown = (left.counts[state] for state in (MessageState.QUEUED, MessageState.HELD, MessageState.UNKNOWN))
    refused = done.outcomes[Outcome.REFUSED]
    if as_json:
        outcomes = {one.value: done.outcomes[one] for one in Outcome}
        show_json_line({"gathered": done.gathered, "outcomes": outcomes, "left": {one.value: count for one, count in left.counts.items()}})
    else:
        vi = f"{done.sent} đã gửi, {queued} còn chờ, {held} đang giữ, {refused} bị từ chối, {unknown} chưa rõ đã đến hay chưa."
        typer.echo(said(vi, f"{done.sent} sent, {queued} still wait, {held} held, {refused} refused, {unknown} of which nobody knows."))
    if done.outcomes[Outcome.DOWN] or done.outcomes[Outcome.STOPPED]:
        vi = "không tới được máy chủ thư, hoặc máy chủ không nhận gì: kiểm tra DONDOC_SMTP_… (cơ quan thử: DONDOC_SANDBOX_SMTP)"
        en = "the mail server could not be reached, or takes nothing: check DONDOC_SMTP_… (sandboxes: DONDOC_SANDBOX_SMTP)"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE)
    if left.without_server and not settings().smtp_host:
        vi = f"{left.without_server} thư của cơ quan thật chờ máy chủ thư: đặt DONDOC_SMTP_HOST"
        en = f"{left.without_server} mails of real authorities wait for a mail server: set DONDOC_SMTP_HOST"
        raise RefusedError(vi, en, code=ExitCode.UNAVAILABLE)


def engine() -> None:
    """Chạy máy: nhịp, gửi thư, giữ quyền. / Run the engine: ticks, delivery, heartbeat."""
    from cli.logs import set_up_logs
    from flows.engine import Engine, Rhythm, engine_name, run_engine
    from notifications.delivery import post_office
    from tasks.room import Room

    set_up_logs()
    chosen = settings()
    store = open_migrated_store()
    room = Room(store=store, holder=engine_name(), step_size=chosen.step_size)
    office = post_office(store, chosen, holder=engine_name())
    rhythm = Rhythm(tick=chosen.tick_seconds, deliver=chosen.deliver_seconds)
    asyncio.run(run_engine(Engine(room=room, office=office, prefect_api=prefect_api(chosen)), rhythm=rhythm))


def web() -> None:
    """Chạy trang web và API. / Run the web pages and the API."""
    from api.serving import check_serving, serve
    from cli.logs import set_up_logs
    from cli.supervisor import check_port

    set_up_logs()
    chosen = settings()
    check_serving(chosen.web_host, chosen.store_url, open_sandbox=chosen.open_sandbox)
    check_port("web", host=chosen.web_host, port=chosen.web_port, setting="DONDOC_WEB_PORT")
    open_migrated_store().close()
    serve(chosen.web_host, chosen.web_port, chosen.store_url)


def up() -> None:
    """Chạy tất cả: web, máy, máy chủ Prefect, hộp thư thử. / Run everything until Ctrl-C."""
    _up(open_sandbox=settings().open_sandbox)


def _up(*, open_sandbox: bool) -> None:
    from cli.supervisor import Supervisor

    open_migrated_store().close()
    supervisor = Supervisor(say=lambda words: typer.echo(words, err=True))
    try:
        for child in children(open_sandbox=open_sandbox):
            supervisor.start(child)
        for line in addresses():
            typer.echo(line)
        supervisor.run_until_stopped()
    finally:  # Ctrl-C before the supervisor watches for it
        supervisor.stop_all()


def children(*, open_sandbox: bool = False) -> Iterator[Any]:
    """Yield the children of `dondoc up`, the web first, so that it answers while Prefect still starts."""
    from api.serving import check_serving
    from cli.supervisor import Child, check_port

    chosen = settings()
    check_serving(chosen.web_host, chosen.store_url, open_sandbox=open_sandbox)
    host, _, port = chosen.sandbox_smtp.rpartition(":")
    check_port("web", host=chosen.web_host, port=chosen.web_port, setting="DONDOC_WEB_PORT")
    check_port("Prefect", host="127.0.0.1", port=chosen.prefect_port, setting="DONDOC_PREFECT_PORT")
    check_port("mail sink", host=host, port=int(port), setting="DONDOC_SANDBOX_SMTP")
    (chosen.home / "prefect").mkdir(parents=True, exist_ok=True)
    environment = child_environment(**prefect_environment(chosen), PYTHONUNBUFFERED="1", DONDOC_OPEN_SANDBOX=str(open_sandbox))
    own = [sys.executable, "-m", "cli.main"]
    logs = chosen.home / "logs"
    sink = [sys.executable, "-m", "notifications.sink", "--host", host, "--port", port, "--folder", str(chosen.home / "mail")]
    prefect = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(chosen.prefect_port)]
    for name, command in (("web", [*own, "web"]), ("mail", sink), ("engine", [*own, "engine"]), ("prefect", prefect)):
        yield Child(name=name, command=command, environment=environment, log=logs / f"{name}.log")


def addresses() -> Iterator[str]:
    """Yield what `dondoc up` listens on, a line each."""
    chosen = settings()
    yield f"trang / page:      http://{chosen.web_host}:{chosen.web_port}/"
    yield f"API:               http://{chosen.web_host}:{chosen.web_port}/api/v1/cycles   (/openapi.json)"
    yield f"Prefect:           http://127.0.0.1:{chosen.prefect_port}/   (khởi động khoảng 20 giây / about 20 s to start)"
    yield f"thư thử / mail:    {chosen.sandbox_smtp} → {chosen.home / 'mail'}"
    yield f"dữ liệu / data:    {chosen.store_url}"
    yield f"nhật ký / logs:    {chosen.home / 'logs'}"
    yield "Ctrl-C để dừng / to stop"


def demo(
    *,
    then_up: Annotated[bool, typer.Option("--up", help="Rồi chạy tất cả / then run everything")] = False,
    units: Annotated[int | None, typer.Option(help="Số đơn vị, mặc định 40 / number of units, 40 if not said", min=1)] = None,
    on: Annotated[datetime | None, typer.Option(help="Coi như hôm nay là / as if today were", formats=DAY_FORMATS)] = None,
) -> None:
    """Tạo cơ quan thử với hai năm đang chạy. / Make the demo authority, two years under way."""
    from cli.demo_accounts import say_what_is_made, show_demo_accounts
    from flows.demo import DEMO_UNITS, demo_is_made, demo_setting, make_demo
    from store.verify import verify

    store = open_migrated_store(durable=False)
    if demo_is_made(store):
        typer.echo("Cơ quan thử đã có. / The demo is there already.")
    else:
        calendar = shipped_calendar()
        setting = demo_setting(today=on.date() if on else calendar.local_date(utc_now()), calendar=calendar, units=units or DEMO_UNITS)
        gc.freeze()
        say_what_is_made(setting.years, units=units or DEMO_UNITS)
        with progress_bar(said("đã qua", "done"), quiet=False) as progress:
            make_demo(store, setting, progress=progress, files=evidence_files())
        for finding in verify(store):
            typer.echo(finding, err=True)
    show_demo_accounts(store)
    store.close()
    if then_up:
        _up(open_sandbox=True)
