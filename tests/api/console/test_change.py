"""A running year changed by the pages: first what it would do, then reason and document, then it is done; of two, one wins."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from evaluation.kinds import Role
from store.schema import CYCLE, JOURNAL, NOTICE, PARTY, PLAN_VERSION
from store.verify import verify
from tests.api.conftest import counted_queries
from tests.api.console.test_pages import PAGE, field, seen
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

WHY = {"reason": "dời theo chỉ đạo", "basis": "CV 9/SNV"}
DATE = {"stage": "plan", "part": "due", "on": "2025-02-14"}
UNIT = {"unit.key": "xa-9", "unit.name": "Xã Chín", "unit.group": "xa", "unit.level": "commune", "unit.superior": "ubnd"}
OFFICER = {"contacts.0.name": "Nguyễn Văn A", "contacts.0.address": "a@xa-9.invalid"}


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def place(office: Office, key: str = "") -> str:
    return f"/cycles/{office.year.cycle}/change" + (f"/{key}" if key else "")


def post(who: Browser, office: Office, key: str, **fields: str) -> tuple[int, str, str]:
    """Send a form of the page: status, where it leads, what it shows."""
    csrf = field(seen(who, place(office)), "csrf", form=place(office, key))
    answer = who.client.post(place(office, key), data={"csrf": csrf, **fields}, headers=PAGE, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def hidden(page: str) -> dict[str, str]:
    """What the second form of a preview brings along."""
    part = page[page.index('name="etag"') - 200 :]
    return {name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([\w.]+)" value="([^"]*)"', part)}


def look(who: Browser, office: Office, key: str, **fields: str) -> str:
    status, _, page = post(who, office, key, **fields)
    assert status == 200, page
    return page


def apply(who: Browser, office: Office, key: str, page: str, **fields: str) -> tuple[int, str, str]:
    """Send the second form of a preview."""
    answer = who.client.post(place(office, key), data={**hidden(page), **fields}, headers=PAGE, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def counted(office: Office) -> list[int]:
    with office.year.store.reading() as connection:
        tables = (JOURNAL, NOTICE, PLAN_VERSION, PARTY)
        return [int(connection.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables]


def state(office: Office) -> str:
    with office.year.store.reading() as connection:
        return str(connection.execute(select(CYCLE.c.state).where(CYCLE.c.id == office.year.cycle)).scalar_one())


def due_of(office: Office, party: str) -> date | None:
    return office.year.obligation(office.obligation(party)).term.due_on


def test_a_date_is_moved_after_everything_was_shown(office: Office) -> None:
    body, before = office.person("so-noi-vu"), counted(office)
    page = look(body, office, "date", **DATE)
    assert "<s>thứ Sáu 31/01/2025</s> → <strong>thứ Sáu 14/02/2025</strong>" in page
    assert "<s>thứ Hai 17/02/2025</s> → <strong>thứ Hai 03/03/2025</strong>" in page, "the summary is counted from the plans"
    assert f'href="/obligations/{office.obligation("xa-1")}"' in page
    said = body("POST", f"/cycles/{office.year.cycle}/stages/plan/move-due/preview", {"on": "2025-02-14"}).json()
    assert f"<dt>Thư báo theo sau</dt><dd>{said['mails']}</dd>" in page
    assert f"<dt>Hạn dời</dt><dd>{len(said['moved'])}</dd>" in page
    assert counted(office) == before
    status, led, _ = apply(body, office, "date", page, **WHY)
    assert (status, led) == (303, f"{place(office)}?done=date&mails={said['mails']}")
    assert due_of(office, "xa-1") == date(2025, 2, 14)
    after = seen(body, led)
    assert "Đã dời ngày." in after
    assert "CV 9/SNV" in after
    assert "dời theo chỉ đạo" in after
    assert verify(office.year.store) == []


def test_reason_and_document_are_asked_for_and_what_was_written_stays(office: Office) -> None:
    body = office.person("so-noi-vu")
    status, _, page = apply(body, office, "date", look(body, office, "date", **DATE), reason="lũ lụt", basis=" ")
    assert status == 422
    assert 'id="sure-basis-fault"' in page
    assert "lũ lụt</textarea>" in page
    assert hidden(page)["on"] == "2025-02-14"
    assert due_of(office, "xa-1") == date(2025, 1, 31)


def test_a_stale_preview_is_refused_and_shown_anew(office: Office) -> None:
    body, head = office.person("so-noi-vu"), office.person("so-noi-vu", Role.HEAD)
    page = look(body, office, "date", **DATE)
    other = look(head, office, "date", **{**DATE, "on": "2025-02-10"})
    assert apply(head, office, "date", other, **WHY)[0] == 303
    status, _, again = apply(body, office, "date", page, **WHY)
    assert status == 422
    assert "Năm vừa được thay đổi sau khi anh/chị xem trước" in again
    assert "<s>thứ Hai 10/02/2025</s> → <strong>thứ Sáu 14/02/2025</strong>" in again
    assert "dời theo chỉ đạo</textarea>" in again
    assert due_of(office, "xa-1") == date(2025, 2, 10)
    assert apply(body, office, "date", again, **WHY)[0] == 303
    assert due_of(office, "xa-1") == date(2025, 2, 14)


def test_a_form_sent_twice_changes_once(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = look(body, office, "date", **DATE)
    assert [apply(body, office, "date", page, **WHY)[0] for _ in range(2)] == [303, 303]
    assert office.year.actions().count("replan") > 0
    assert office.year.scalar("SELECT count(*) FROM plan_version") == 2


def test_dates_that_have_passed_must_be_meant(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = look(body, office, "date", **{**DATE, "on": "2025-01-06"})
    assert "Quá hạn ngay" in page
    assert 'name="accept_late"' in page
    assert apply(body, office, "date", page, **WHY)[0] == 422
    assert due_of(office, "xa-1") == date(2025, 1, 31)
    assert apply(body, office, "date", page, **WHY, accept_late="yes")[0] == 303
    assert due_of(office, "xa-1") == date(2025, 1, 6)


def test_a_unit_joins_and_leaves(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = look(body, office, "join", **UNIT, **OFFICER)
    assert page.count("Xã Chín") > 1
    assert apply(body, office, "join", page, **WHY, accept_late="yes")[0] == 303
    assert body("GET", "/units/xa-9").json()["name"] == "Xã Chín"
    page = look(body, office, "leave", leaving="xa-9", on="2025-01-31", successor="xa-1", undeclared="yes")
    ident = office.obligation("xa-9")
    assert f'href="/obligations/{ident}"' in page
    assert apply(body, office, "leave", page, **WHY)[0] == 303
    assert office.year.obligation(ident).state.value == "transferred"
    assert verify(office.year.store) == []


def test_what_is_wrong_with_a_new_unit_stands_beside_its_field(office: Office) -> None:
    body = office.person("so-noi-vu")
    status, _, page = post(body, office, "join", **{**UNIT, "unit.key": "Xã Chín"}, **OFFICER)
    assert status == 422
    assert 'id="join-unit.key-fault"' in page
    assert 'value="a@xa-9.invalid"' in page
    assert 'name="etag"' not in page


def test_a_changed_plan_and_its_ladder_are_looked_at_first(office: Office) -> None:
    body, yaml = office.person("so-noi-vu"), SMALL_PLAN.read_text(encoding="utf-8")
    assert html.escape("key: small-plan") in seen(body, place(office))
    changed = yaml.replace("due: {by: Y-01-31}", "due: {by: Y-02-05}").replace("{rung: T-7, offset: -7", "{rung: T-5, offset: -5")
    page = look(body, office, "plan", yaml=changed.replace("\n", "\r\n"))
    assert "<s>thứ Sáu 31/01/2025</s> → <strong>thứ Tư 05/02/2025</strong>" in page
    assert apply(body, office, "plan", page, **WHY)[0] == 303
    assert due_of(office, "xa-1") == date(2025, 2, 5)
    assert body("GET", f"/cycles/{office.year.cycle}/plan").json()["yaml"] == changed
    status, _, wrong = post(body, office, "plan", yaml="no: plan")
    assert status == 422
    assert "Tệp có lỗi" in wrong
    assert "no: plan</textarea>" in wrong


def test_a_rung_is_changed_by_a_form_and_nothing_else_of_the_plan(office: Office) -> None:
    body, yaml = office.person("so-noi-vu"), SMALL_PLAN.read_text(encoding="utf-8")
    assert "Đơn vị, đủ các bậc nhắc · T-7" in seen(body, place(office))
    page = look(body, office, "rung", rung="standard:T-7", offset="-5")
    assert "Thư báo theo sau" in page
    assert apply(body, office, "rung", page, **WHY)[0] == 303
    changed = body("GET", f"/cycles/{office.year.cycle}/plan").json()["yaml"]
    assert changed == yaml.replace("{rung: T-7, offset: -7", "{rung: T-5, offset: -5")
    assert verify(office.year.store) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rung": "standard:", "offset": "2"}, "bậc mới cần đủ"),
        ({"rung": "standard:T-7", "offset": "nhiều"}, "offset"),
        ({"rung": "standard:T-99", "offset": "2"}, "T-99"),
        ({"rung": "standard:T-7", "offset": "-1"}, "T-1"),
    ],
)
def test_what_is_no_rung_is_refused(office: Office, fields: dict[str, str], said: str) -> None:
    body = office.person("so-noi-vu")
    before = counted(office)
    status, _, page = post(body, office, "rung", **fields)
    assert status == 422
    assert said in page
    assert counted(office) == before


def test_the_calendar_is_replaced_by_the_one_entered_last(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = look(body, office, "calendar")
    assert "Không hạn nào dời" in page
    calendar = body("GET", "/calendar").json()
    kept = [{name: one[name] for name in ("on", "kind", "name", "source", "decision")} for one in calendar["days"]]
    days = [one for one in kept if one["on"].startswith("2025")]
    off = [{"on": f"2025-02-{day}", "kind": "off", "name": "Nghỉ", "source": "QĐ 2"} for day in ("17", "18", "19")]
    given = {"year": 2025, "status": "decided", "days": [*days, *off]}
    assert body("POST", "/calendar", given, **{"If-Match": f'"{calendar["version"]}"'}).is_success
    assert "cơ quan đã nhập bản" in seen(body, place(office))
    page = look(body, office, "calendar")
    assert "Không hạn nào dời" not in page
    assert apply(body, office, "calendar", page, **WHY)[0] == 303
    assert "Năm đang dùng lịch mới nhất" in seen(body, place(office))


def test_a_year_is_paused_and_resumed_and_says_what_becomes_of_mail(office: Office) -> None:
    body, before = office.person("so-noi-vu"), counted(office)
    page = look(body, office, "pause")
    told = re.search(r"Thư báo cho nơi còn nợ việc</dt><dd>(\d+)</dd>", page)
    assert told is not None
    assert (counted(office), state(office)) == (before, "launched")
    assert apply(body, office, "pause", page, **WHY)[0] == 303
    assert (counted(office)[1] - before[1], state(office)) == (int(told[1]), "paused")
    assert f'action="{place(office, "pause")}"' not in seen(body, place(office))
    assert apply(body, office, "resume", look(body, office, "resume"), **WHY)[0] == 303
    assert state(office) == "launched"


@pytest.mark.parametrize(("verb", "left"), [("close", "closed"), ("cancel", "cancelled")])
def test_what_cannot_be_undone_is_confirmed_by_the_year(office: Office, verb: str, left: str) -> None:
    body = office.person("so-noi-vu")
    page = look(body, office, verb)
    status, _, again = apply(body, office, verb, page, **WHY, typed="2024")
    assert (status, state(office)) == (422, "launched")
    assert 'id="sure-typed-fault"' in again
    assert apply(body, office, verb, again, **WHY, typed="2025")[:2] == (303, f"{place(office)}?done={verb}&mails=0")
    assert state(office) == left
    assert "Năm này đã kết thúc" in seen(body, place(office))


def test_nobody_else_changes_the_year(office: Office) -> None:
    for who in (office.person("xa-1", Role.HEAD), office.person("chu-tich", Role.HEAD)):
        assert who.client.get(place(office), headers=PAGE).status_code == 403
        data = {"csrf": who.csrf, **DATE, **WHY, "sure": "yes", "etag": '"0"'}
        assert who.client.post(place(office, "date"), data=data, headers=PAGE).status_code == 403
        assert f'href="{place(office)}"' not in seen(who, "/")
    assert f'href="{place(office)}"' in seen(office.person("so-noi-vu"), "/")
    assert due_of(office, "xa-1") == date(2025, 1, 31)
    body = office.person("so-noi-vu")
    assert body.client.get(f"/cycles/{office.year.cycle + 7}/change", headers=PAGE).status_code == 404


def test_the_page_speaks_english(office: Office) -> None:
    page = seen(office.person("so-noi-vu"), f"{place(office)}?lang=en")
    assert "Cancel the year" in page
    assert "The unit&#39;s own plan · due Friday 31 January 2025" in page
    assert " style=" not in page


def test_the_page_takes_as_many_queries_for_many_units_as_for_few(office: Office) -> None:
    body = office.person("so-noi-vu")
    counts = []
    for number in (1, 3):
        for more in range(number):
            key = f"xa-{number}{more}9"
            page = look(body, office, "join", **{**UNIT, "unit.key": key})
            assert apply(body, office, "join", page, **WHY, accept_late="yes")[0] == 303
        seen(body, place(office))
        with counted_queries(office.year.store) as statements:
            seen(body, place(office))
        counts.append(len(statements))
    assert counts[0] == counts[1]
