"""A year driven through the API alone, a person per role signed in for real: its journal is that of the same moves by the commands."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from config.calendar_files import shipped_calendar
from config.loader import load_roster
from evaluation.actions import Remark
from evaluation.cycles import CycleVerb
from evaluation.kinds import Role
from store.commands import extensions, moves
from store.commands.assigning import reassign
from store.commands.authorities import found_authority, import_roster
from store.commands.bulk import do_many, extending
from store.commands.cycle_moves import move_cycle
from store.commands.launching import Launch, launch
from store.migrating import migrate
from store.queries.journal import Asked, Normal, journal_entries, normalised
from store.schema import CONTACT, OBLIGATION, PARTY, STAGE
from store.session import Actor, open_store
from store.verify import verify
from tests.accounts import make_account
from tests.api.working import Office, open_office
from tests.conftest import DATA, SMALL_PLAN, SmallYear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from httpx import Response

    from store.session import Store

CALENDAR = shipped_calendar()
YAML = SMALL_PLAN.read_text(encoding="utf-8")
FIRST, LAST = date(2025, 1, 2), date(2025, 7, 31)
WHY = {"reason": "vì sao", "basis": "CV 1/SNV"}
OFFICER, HEAD, MEMBER = Role.OFFICER, Role.HEAD, Role.MEMBER
PEOPLE = [
    *((party, role) for party in ("so-noi-vu", "so-tu-phap", "xa-1", "xa-2") for role in (OFFICER, HEAD)),
    ("xa-1", MEMBER),
    ("chu-tich", HEAD),
]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What somebody does on a day: with an obligation (`stage/party/subject`), or with the cycle."""

    on: date
    who: tuple[str, Role]
    verb: str
    about: str = ""
    body: dict[str, Any] = field(default_factory=dict)


def _step(month: int, day: int, who: tuple[str, Role], verb: str, about: str = "", **body: Any) -> Step:
    return Step(on=date(2025, month, day), who=who, verb=verb, about=about, body=body)


def _delivered(month: int, day: int, about: str) -> list[Step]:
    """Prepared, submitted and accepted on one day."""
    party, body = about.split("/")[1], ("so-noi-vu", OFFICER)
    return [
        _step(month, day, (party, OFFICER), "prepare", about),
        _step(month, day, (party, HEAD), "submit", about, text="Kế hoạch"),
        _step(month, day, body, "accept", about),
    ]


BODY, BODY_HEAD = ("so-noi-vu", OFFICER), ("so-noi-vu", HEAD)
SCRIPT = [
    _step(1, 7, ("xa-1", HEAD), "reassign", "plan/xa-1/", contact="test.member.xa-1@thu.invalid"),
    _step(1, 7, ("xa-1", MEMBER), "prepare", "plan/xa-1/"),
    _step(1, 7, ("xa-1", HEAD), "send-back", "plan/xa-1/", **WHY),
    _step(1, 8, ("xa-1", OFFICER), "prepare", "plan/xa-1/"),
    _step(1, 8, ("xa-1", HEAD), "submit", "plan/xa-1/", text="Kế hoạch năm 2025"),
    _step(1, 9, BODY, "return", "plan/xa-1/", **WHY, items=[{"item": "phu-luc", "words": "thiếu chữ ký"}]),
    *_delivered(1, 10, "plan/xa-1/"),
    _step(1, 13, ("xa-2", OFFICER), "ask-extension", "plan/xa-2/", due_on="2025-02-10", reason="lũ"),
    _step(1, 14, BODY, "refuse-extension", "plan/xa-2/", **WHY),
    _step(1, 15, ("xa-2", OFFICER), "ask-extension", "plan/xa-2/", due_on="2025-02-10", reason="lũ lớn"),
    _step(1, 16, BODY_HEAD, "extend", "plan/xa-2/", **WHY, due_on="2025-02-07"),
    _step(1, 14, BODY, "suspend", "plan/so-tu-phap/", **WHY),
    _step(1, 20, BODY, "resume-clock", "plan/so-tu-phap/"),
    _step(1, 21, ("so-tu-phap", OFFICER), "prepare", "plan/so-tu-phap/"),
    _step(1, 21, ("so-tu-phap", HEAD), "submit", "plan/so-tu-phap/"),
    _step(1, 22, ("so-tu-phap", HEAD), "withdraw", "plan/so-tu-phap/", **WHY),
    *_delivered(1, 23, "plan/so-tu-phap/"),
    *_delivered(1, 24, "plan/so-noi-vu/"),
    _step(2, 3, BODY, "urge", "plan/xa-2/", by="phone", note="đã gọi"),
    *_delivered(2, 10, "plan/xa-2/"),
    _step(2, 13, BODY, "submit", "summary/so-noi-vu/", text="Tờ trình"),
    _step(2, 14, ("chu-tich", HEAD), "accept", "summary/so-noi-vu/"),
    _step(3, 10, BODY, "extend-many", "report//2025-Q1", **WHY, due_on="2025-03-25"),
    *_delivered(3, 18, "report/xa-1/2025-Q1"),
    _step(3, 24, ("xa-2", OFFICER), "prepare", "report/xa-2/2025-Q1"),
    _step(3, 27, BODY, "submit", "report/xa-2/2025-Q1", received_on="2025-03-24", document="25/BC ngày 23/3/2025"),
    _step(3, 28, BODY, "accept", "report/xa-2/2025-Q1"),
    _step(4, 15, BODY_HEAD, "pause", **WHY),
    _step(4, 17, BODY_HEAD, "resume", **WHY),
    _step(6, 2, BODY, "waive", "report/xa-2/2025-Q2", **WHY),
    _step(6, 3, BODY, "transfer", "after-lock/xa-2/", **WHY, to="xa-1"),
    _step(7, 8, BODY_HEAD, "reopen", "report/xa-1/2025-Q2", **WHY, due_on="2025-07-15"),
    *_delivered(7, 14, "report/xa-1/2025-Q2"),
    _step(7, 31, BODY_HEAD, "close", **WHY),
]


def days() -> Iterator[tuple[datetime, list[Step]]]:
    """Each day of the year: when its tick is, and what people do afterwards."""
    day = FIRST
    while day <= LAST:
        yield CALENDAR.instant(day, time(7, 30)), [step for step in SCRIPT if step.on == day]
        day += timedelta(days=1)


def founded(store: Store) -> None:
    """An authority with its people, who have accounts."""
    now = CALENDAR.instant(FIRST, time(7, 0))
    with store.transaction(now=now) as transaction:
        authority = found_authority(transaction, key="thu", name="UBND thử", sandbox=True)
        import_roster(transaction, authority=authority, roster=load_roster(DATA / "small-roster.yaml"))
    for party, role in PEOPLE:
        make_account(store, now=now, email=f"{role.value}.{party}@thu.invalid", party=party, role=role)


def journal(store: Store, cycle: int) -> list[Normal]:
    with store.reading() as connection:
        return [line for entry in journal_entries(connection, Asked(cycle=cycle)) for line in normalised(entry)]


# --- by the API ---------------------------------------------------------------------------------------------------------


def ask(office: Office, step: Step, cycle: int) -> Response:
    """What a person's program does: look the obligation up, take its ETag, act."""
    who = office.person(*step.who)
    if not step.about:
        seen = who("GET", f"/cycles/{cycle}").headers["etag"]
        return who("POST", f"/cycles/{cycle}/{step.verb}", step.body, **{"If-Match": seen})
    stage, party, subject = step.about.split("/")
    narrowed = f"?cycle={cycle}&stage={stage}" + (f"&party={party}" if party else "")
    found = [one for one in who("GET", f"/obligations{narrowed}").json()["items"] if one["subject"] == subject]
    if step.verb == "extend-many":
        return who("POST", "/obligations/extend-many", {**step.body, "obligations": sorted(one["id"] for one in found)})
    (one,) = found
    etag = who("GET", f"/obligations/{one['id']}").headers["etag"]
    body = None if step.verb == "prepare" else step.body
    return who("POST", f"/obligations/{one['id']}/{step.verb}", body, **{"If-Match": etag})


def by_api(store: Store, home: Path) -> list[Normal]:
    founded(store)
    year = SmallYear(store=store, cycle=0, calendar=CALENDAR)
    with open_office(year, home, now=CALENDAR.instant(FIRST, time(7, 0))) as office:
        for party, role in PEOPLE:
            office.seat(party, role)
        made = office.person(*BODY)("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": YAML})
        assert made.status_code == 201, made.text
        for slot, steps in days():
            year.tick(slot)
            office.now = slot + timedelta(minutes=90)
            for step in steps:
                answer = ask(office, step, made.json()["cycle"])
                assert answer.status_code == 200, (step, answer.text)
                assert answer.json().get("refused", 0) == 0, answer.text
    return journal(store, made.json()["cycle"])


# --- by the commands ------------------------------------------------------------------------------------------------------


def words(body: dict[str, Any]) -> dict[str, Any]:
    """What a command takes of a body."""
    items = tuple((one["item"], one["words"]) for one in body.get("items", ()))
    taken: dict[str, Any] = {"remark": Remark(reason=body.get("reason", ""), basis=body.get("basis", ""), items=items)}
    for name in ("text", "document"):
        taken |= {name: body[name]} if name in body else {}
    for name in ("due_on", "received_on"):
        taken |= {name: date.fromisoformat(body[name])} if name in body else {}
    return taken


@contextmanager
def plain_store(path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{path}", durable=False)
    migrate(store)
    yield store
    store.close()


def command(year: SmallYear, step: Step, *, now: datetime, actor: Actor) -> None:
    """The same by the command functions."""
    store, cycle = year.store, year.cycle
    if not step.about:
        with store.transaction(now=now, actor=actor) as transaction:
            move_cycle(store, transaction, cycle, verb=CycleVerb(step.verb), remark=words(step.body)["remark"])
        return
    stage, party, subject = step.about.split("/")
    found = ids_of(store, stage=stage, party=party, subject=subject)
    given = words(step.body)
    if step.verb == "extend-many":
        order = extending(found, due_on=given["due_on"], remark=given["remark"])
        assert not any(row.is_refused for row in do_many(store, order, now=now, actor=actor))
        return
    (ident,) = found
    with store.transaction(now=now, actor=actor) as transaction:
        match step.verb:
            case "prepare":
                moves.prepare(store, transaction, ident)
            case "return":
                moves.return_for_correction(store, transaction, ident, **given)
            case "reassign":
                reassign(store, transaction, ident, contact=contact_of(store, step.body["contact"]))
            case "transfer":
                moves.transfer(store, transaction, ident, successor=party_of(store, step.body["to"]), **given)
            case "urge":
                moves.urge(store, transaction, ident, by=step.body["by"], remark=Remark(reason=step.body["note"]))
            case "ask-extension":
                extensions.ask_extension(store, transaction, ident, wanted_on=given["due_on"], reason=step.body["reason"])
            case verb:
                getattr(moves, verb.replace("-", "_"))(store, transaction, ident, **given)


def ids_of(store: Store, *, stage: str, party: str, subject: str) -> list[int]:
    wanted = [STAGE.c.key == stage, OBLIGATION.c.subject == subject, *([PARTY.c.key == party] if party else [])]
    query = select(OBLIGATION.c.id).join(PARTY, PARTY.c.id == OBLIGATION.c.party_id).join(STAGE, STAGE.c.id == OBLIGATION.c.stage_id)
    with store.reading() as connection:
        return list(connection.execute(query.where(*wanted).order_by(OBLIGATION.c.id)).scalars())


def contact_of(store: Store, key: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == key)).scalar_one())


def party_of(store: Store, key: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(PARTY.c.id).where(PARTY.c.key == key)).scalar_one())


def acting(store: Store, who: tuple[str, Role]) -> Actor:
    party, role = who
    return Actor(who=f"c{contact_of(store, f'test.{role.value}.{party}@thu.invalid')}")


def by_commands(store: Store) -> list[Normal]:
    founded(store)
    now = CALENDAR.instant(FIRST, time(7, 0))
    with store.transaction(now=now, actor=acting(store, BODY)) as transaction:
        cycle = launch(store, transaction, Launch(authority="thu", plan_yaml=YAML, year=2025, calendar=CALENDAR)).cycle
    year = SmallYear(store=store, cycle=cycle, calendar=CALENDAR)
    for slot, steps in days():
        year.tick(slot)
        for step in steps:
            command(year, step, now=slot + timedelta(minutes=90), actor=acting(store, step.who))
    return journal(store, cycle)


@pytest.mark.timeout(180)
def test_a_year_by_the_api_is_the_year_by_the_commands(any_store: Store, tmp_path: Path) -> None:
    driven = by_api(any_store, tmp_path / "home")
    with plain_store(tmp_path / "commands.db") as store:
        commanded = by_commands(store)
        assert verify(store) == []
    assert driven == commanded
    done = {line.action.split(":")[0] for line in driven}
    assert done >= {step.verb for step in SCRIPT} - {"reassign", "extend-many"} | {"launch", "extend", "tick"}
    assert len(driven) > 200
    assert verify(any_store) == []
