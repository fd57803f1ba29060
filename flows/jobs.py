"""
Jobs: the long work that people asked for, done by the engine in a thread of its own, plainly.

A new kind of job is a function and a line of `WORK`. Each tells how far it is; there it learns that the engine is told to stop, or that
the job has passed to another.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import structlog

from config.calendar_files import shipped_calendar
from config.faults import InputError
from config.loader import parse_plan
from evaluation.jobs import JobKind
from evaluation.rehearsing import Habit
from evaluation.workdays import UnknownYearError
from flows.books import book_asked
from flows.papers import letters_asked
from flows.rehearsal import Script, rehearse
from store.calendars import load_calendar
from store.commands.criteria.showing import own_sets
from store.commands.jobs import JobLostError, claim_job, fail_job, finish_job, give_job_back, tell_progress
from store.commands.launch_refusals import LaunchError
from store.commands.report_forms import form_texts
from store.queries.people import newest_calendar
from store.queries.rosters import roster_of
from store.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from threading import Event

    from flows.driving import Progress
    from flows.rehearsal import Rehearsed
    from store.commands.jobs import ClaimedJob
    from store.session import Store

log = structlog.get_logger()
MOST_CLASHES = 200
_HUNDRED = 100


class JobStoppedError(Exception):
    """The engine is told to stop; the job is given back."""


def do_waiting_jobs(store: Store, *, holder: str, now: datetime, leaving: Event) -> int:
    """Do every job that waits, one after the other, until the engine is told to leave; return how many were taken."""
    taken = 0
    while not leaving.is_set() and (job := claim_job(store, holder=holder, now=now)) is not None:
        taken += 1
        _do(store, job, now=now, leaving=leaving)
    return taken


def _do(store: Store, job: ClaimedJob, *, now: datetime, leaving: Event) -> None:
    """Do a job and keep what came of it; whatever goes wrong is kept too."""
    try:
        result = WORK[job.kind](store, job, telling(store, job, now=now, leaving=leaving), now)
        finish_job(store, job, result=result, now=now)
    except JobStoppedError:
        give_job_back(store, job, now=now)
    except JobLostError:
        log.warning("job.lost", job=job.id)
    except InputError as error:
        fail_job(store, job, vi=error.text("vi"), en=error.text("en"), now=now)
    except (LaunchError, RefusalError) as error:
        fail_job(store, job, vi=error.vi, en=error.en, now=now)
    except UnknownYearError as error:
        fail_job(store, job, vi=str(error), en=str(error), now=now)
    except Exception:
        log.exception("job.failed", job=job.id)
        vi, en = (
            "Có lỗi ngoài dự kiến; chi tiết ở nhật ký của `dondoc engine`.",
            "Something unforeseen went wrong; the engine's log says what.",
        )
        fail_job(store, job, vi=vi, en=en, now=now)


def telling(store: Store, job: ClaimedJob, *, now: datetime, leaving: Event) -> Progress:
    """Return what a job calls to say how far it is: written once for each hundredth."""
    told = -1

    def tell(done: int, total: int) -> None:
        nonlocal told
        if leaving.is_set():
            raise JobStoppedError
        part = done * _HUNDRED // max(total, 1)
        if part != told:
            tell_progress(store, job, done=done, total=total, now=now)
            told = part

    return tell


def rehearse_asked(store: Store, job: ClaimedJob, progress: Progress, _now: datetime) -> Mapping[str, Any]:
    """Rehearse the plan of a job on the people whom its authority has now; PlanError, LaunchError, UnknownYearError."""
    plan = parse_plan(job.script["yaml"], file=job.script["plan"])
    with store.reading() as connection:
        roster = roster_of(connection, job.authority, on=plan.reference_on)
        entered = newest_calendar(connection, job.authority)
        calendar = shipped_calendar() if entered is None else load_calendar(store, connection, entered)
        forms = form_texts(connection, job.authority)
        criteria = own_sets(store, connection, job.authority, plan=plan)
    script = Script(
        plan=plan,
        plan_yaml=job.script["yaml"],
        roster=roster,
        calendar=calendar,
        year=job.script["year"],
        habit=Habit(job.script["habit"]),
        forms=forms,
        criteria=criteria,
    )
    return told_of(rehearse(script, progress=progress), ceiling=plan.mails_per_day)


def told_of(done: Rehearsed, *, ceiling: int) -> dict[str, Any]:
    """Return a rehearsed year as it is kept: numbers, mails of each day that has any, and who gets too many on one."""
    days: Counter[str] = Counter()
    for one in done.people:
        days[one.on.isoformat()] += one.mails
    clashes = done.clashes(ceiling)
    return {
        "first": done.first.isoformat(),
        "last": done.last.isoformat(),
        "projected": done.projected,
        "stages": done.stages,
        "obligations": done.obligations,
        "mails": done.mails,
        "recipients": len({one.recipient for one in done.people}),
        "notices": done.notices,
        "weeks": [[on.isoformat(), mails] for on, mails in done.mails_per_week()],
        "days": sorted(days.items()),
        "busiest": [[on.isoformat(), mails] for on, mails in done.busiest_days()],
        "ceiling": ceiling,
        "clashes": len(clashes),
        "clashing": [[one.on.isoformat(), one.recipient, one.mails] for one in clashes[:MOST_CLASHES]],
    }


#: How each kind is done.
WORK: dict[JobKind, Callable[[Store, ClaimedJob, Progress, datetime], Mapping[str, Any]]] = {
    JobKind.REHEARSAL: rehearse_asked,
    JobKind.LETTERS: letters_asked,
    JobKind.BOOK: book_asked,
}
