"""A year launched, paused, resumed and closed by the API; its mail held and let go; who may not, may not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, update

from evaluation.kinds import Role
from store.outbox.states import MessageState
from store.schema import AUTHORITY, CYCLE, JOURNAL, MESSAGE
from store.verify import verify
from tests.api.browsing import problem
from tests.api.conftest import launch_again
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from tests.conftest import SmallYear

WHY = {"reason": "vì sao", "basis": "CV 1/SNV"}
YAML = SMALL_PLAN.read_text(encoding="utf-8").replace("key: small-plan", "key: other-plan")


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    with open_office(small_year, tmp_path, now=small_year.slot(date(2025, 1, 7))) as office:
        yield office


def test_a_year_is_looked_at_and_launched(office: Office) -> None:
    body = office.person("so-noi-vu")
    order = {"authority": "thu", "year": 2025, "yaml": YAML}
    looked = body("POST", "/cycles", {**order, "preview": True})
    assert (looked.status_code, looked.json()["cycle"], looked.json()["stages"]) == (201, None, 5)
    made = body("POST", "/cycles", order, **{"Idempotency-Key": "nam-2025"})
    assert made.json() == {**looked.json(), "cycle": 2}
    assert made.headers["location"] == "/api/v1/cycles/2"
    again = body("POST", "/cycles", order, **{"Idempotency-Key": "nam-2025"})
    assert (again.content, again.headers["location"]) == (made.content, made.headers["location"])
    refused = body("POST", "/cycles", order)
    assert problem(refused) == (409, "cannot-launch")
    assert refused.json()["detail"].startswith("“other-plan” của năm 2025 đang chạy, là chu kỳ 2;")
    with office.year.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CYCLE)).scalar_one() == 2
    assert verify(office.year.store) == []


def test_a_late_launch_is_asked_first(office: Office) -> None:
    office.now = office.year.slot(date(2025, 3, 3))
    body, order = office.person("so-noi-vu"), {"authority": "thu", "year": 2025, "yaml": YAML}
    refused = body("POST", "/cycles", order)
    assert problem(refused) == (409, "cannot-launch")
    assert "accept_late" in refused.json()["detail"]
    assert body("POST", "/cycles", {**order, "accept_late": True}).status_code == 201


def test_a_real_authoritys_mail_waits(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(AUTHORITY).values(sandbox=False))
    made = office.person("so-noi-vu")("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": YAML})
    assert made.json()["mail_held"] is True


@pytest.mark.parametrize("name", ["../plans/ha-noi", "nothing", "README.md"])
def test_a_plan_is_a_key_and_no_path(office: Office, name: str) -> None:
    body = office.person("so-noi-vu")
    assert problem(body("POST", "/cycles", {"authority": "thu", "year": 2025, "plan": name})) == (404, "no-such-plan")


def test_the_faults_of_a_plan_are_listed(office: Office) -> None:
    body = office.person("so-noi-vu")
    wrong = YAML.replace("kind: duty", "kind: hobby").replace("format: 1", "format: 9")
    vi = body("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": wrong})
    assert problem(vi) == (422, "faults")
    assert all(one["where"].startswith("plan:") for one in vi.json()["errors"])
    en = body("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": wrong}, **{"Accept-Language": "en"})
    assert [one["where"] for one in en.json()["errors"]] == [one["where"] for one in vi.json()["errors"]]
    assert en.json()["errors"] != vi.json()["errors"]
    assert problem(body("POST", "/cycles", {"authority": "thu", "year": 2025, "yaml": YAML, "plan": "x"})) == (422, "invalid-request")


def test_only_the_standing_body_launches(office: Office) -> None:
    order = {"authority": "thu", "year": 2025, "yaml": YAML}
    assert problem(office.person("xa-1", Role.HEAD)("POST", "/cycles", order)) == (403, "not-allowed")
    mine = YAML.replace("standing_body: so-noi-vu", "standing_body: xa-1")
    assert problem(office.person("xa-1", Role.HEAD)("POST", "/cycles", {**order, "yaml": mine})) == (403, "not-allowed")
    unread = {**order, "yaml": "no plan: at all"}
    assert problem(office.person("xa-1", Role.HEAD)("POST", "/cycles", unread)) == (403, "not-allowed"), (
        "nothing is read for those who may not"
    )
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", authority="khac")
    for key in ("thu", "nowhere"):
        assert problem(stranger("POST", "/cycles", {**order, "authority": key})) == (404, "no-such-authority")


def test_a_cycle_is_moved(office: Office) -> None:
    body, path = office.person("so-noi-vu"), f"/cycles/{office.year.cycle}"

    def move(verb: str, etag: str) -> Response:
        return body("POST", f"{path}/{verb}", WHY, **{"If-Match": etag})

    seen = body("GET", path).headers["etag"]
    assert problem(body("POST", f"{path}/pause", WHY)) == (428, "if-match-required")
    paused = move("pause", seen)
    assert paused.json() == {"id": office.year.cycle, "state": "paused", "plan_version": 1, "etag": paused.headers["etag"]}
    late = move("pause", seen)
    assert (problem(late), late.json()["cycle"]) == ((412, "changed-meanwhile"), paused.json())
    assert "`cycle`" in late.json()["detail"]
    again = move("pause", late.headers["etag"])
    assert (problem(again), again.json()["allowed"]) == ((409, "cycle-state"), ["resume", "close", "cancel"])
    resumed = move("resume", paused.headers["etag"])
    assert resumed.json()["state"] == "launched"
    assert problem(body("POST", f"{path}/cancel", {"reason": "x"})) == (422, "invalid-request")
    assert problem(office.person("xa-1", Role.HEAD)("POST", f"{path}/cancel", WHY)) == (403, "not-allowed")
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", Role.HEAD, authority="khac")
    assert problem(stranger("POST", f"{path}/cancel", WHY)) == (404, "no-such-cycle")
    assert problem(body("POST", "/cycles/987654/cancel", WHY)) == (404, "no-such-cycle")
    assert move("cancel", resumed.headers["etag"]).json()["state"] == "cancelled"
    assert verify(office.year.store) == []


def test_mail_is_held_and_let_go(office: Office) -> None:
    body, unit = office.person("so-noi-vu"), office.person("xa-1", Role.HEAD)
    for path in (f"/cycles/{office.year.cycle}/outbox", "/authorities/thu/outbox"):
        assert problem(unit("POST", f"{path}/hold", WHY)) == (403, "not-allowed")
        assert problem(body("POST", f"{path}/hold", {})) == (422, "invalid-request")
        assert body("POST", f"{path}/hold", WHY).json() == {"messages": 0}
        assert body("POST", f"{path}/release", {}).json() == {"messages": 0}
    assert problem(body("POST", "/authorities/nowhere/outbox/hold", WHY)) == (404, "no-such-authority")
    with office.year.store.reading() as connection:
        said = list(connection.execute(select(JOURNAL.c.action).order_by(JOURNAL.c.number.desc()).limit(4)).scalars())
    assert said == ["release-outbox", "hold-outbox"] * 2


def test_one_message_is_decided_about(office: Office) -> None:
    message = a_message(office)
    body, unit = office.person("so-noi-vu"), office.person("xa-1", Role.HEAD)
    assert problem(unit("POST", f"/messages/{message}/resend", {})) == (403, "not-allowed")
    assert problem(body("POST", "/messages/987654/resend", {})) == (404, "no-such-message")
    wrong = body("POST", f"/messages/{message}/release", {})
    assert (problem(wrong), wrong.json()["allowed"]) == (
        (409, "message-state"),
        ["resend-message", "count-message-as-sent", "record-bounce"],
    )
    assert body("POST", f"/messages/{message}/count-as-sent", WHY).status_code == 204
    with office.year.store.reading() as connection:
        assert connection.execute(select(MESSAGE.c.state).where(MESSAGE.c.id == message)).scalar_one() == MessageState.SENT.value
    launch_again(office.year.store, key="khac", sandbox=False)
    stranger = office.person("so-noi-vu", Role.HEAD, authority="khac")
    assert problem(stranger("POST", f"/messages/{message}/resend", {})) == (404, "no-such-message")


def a_message(office: Office) -> int:
    """A message of which nobody knows whether it left."""
    row = {
        "authority_id": 1,
        "recipient": "c1",
        "address": "a@thu.invalid",
        "kind": "opened",
        "at": office.now,
        "slot_at": office.now,
        "gathering": 1,
        "state": MessageState.UNKNOWN.value,
        "header_id": "<x@thu.invalid>",
    }
    with office.year.store.transaction(now=office.now) as transaction:
        return int(transaction.connection.execute(MESSAGE.insert().values(**row).returning(MESSAGE.c.id)).scalar_one())
