"""The launch, step by step: rights, dates, people with faults by cell, checks, rehearsal, the launch itself, the first mails."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, update

from evaluation.kinds import Role
from flows.jobs import do_waiting_jobs
from store.schema import AUTHORITY, CONTACT, CYCLE, JOB, PARTY
from tests.api.conftest import counted_queries, launch_again
from tests.api.working import Office, open_office
from tests.conftest import SMALL_PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from httpx import Response

    from tests.api.browsing import Browser
    from tests.conftest import SmallYear

PAGE = {"Accept": "text/html"}
BODY = "so-noi-vu"
NEXT = "authority=thu&plan=cycle-1&year=2026"
WRONG = 300
STEPS = ("dates", "people", "check", "rehearsal", "go")


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 12, 29))
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


def seen(who: Browser, path: str) -> str:
    answer = who.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def status(who: Browser, path: str) -> int:
    return int(who.client.get(path, headers=PAGE).status_code)


def post(who: Browser, path: str, *, once: str = "", **fields: str) -> Response:
    csrf = {"csrf": who.csrf, **({"once": once} if once else {})}
    answer: Response = who.client.post(path, data=csrf | fields, headers=PAGE, follow_redirects=False)
    return answer


def send_file(who: Browser, content: bytes, *, name: str, query: str = NEXT, sure: bool = True) -> Response:
    headers = {**PAGE, "X-CSRF-Token": who.csrf, "Content-Type": "application/octet-stream"}
    answer: Response = who.client.post(f"/launch/people?{query}&name={name}{'&sure=yes' if sure else ''}", content=content, headers=headers)
    return answer


def sheet(rows: Sequence[tuple[str, ...]], contacts: Sequence[tuple[str, ...]] = ()) -> bytes:
    book = Workbook()
    parties = book.active
    assert parties is not None
    parties.title = "Đơn vị"
    for row in (("Mã", "Tên", "Cấp", "Nhóm", "Hộp thư"), *rows):
        parties.append(row)
    groups = book.create_sheet("Nhóm")
    for row in (("Mã", "Tên"), ("xa", "Xã")):
        groups.append(row)
    if contacts:
        people = book.create_sheet("Đầu mối")
        for row in (("Đơn vị", "Vai trò", "Họ tên", "Địa chỉ"), *contacts):
            people.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def count(office: Office, table: object) -> int:
    with office.year.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def make_real(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(AUTHORITY).values(sandbox=False))


def launched(office: Office, **fields: str) -> Response:
    who = office.person(BODY)
    page = seen(who, f"/launch/go?{NEXT}")
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    return post(who, f"/launch/go?{NEXT}", once=once[1], **fields)


def test_last_years_plan_is_offered_for_the_year_after(office: Office) -> None:
    page = seen(office.person(BODY), "/launch")
    assert '<option value="cycle-1" selected>' in page
    assert 'type="number" min="2000" max="2100" required value="2026"' in page
    assert 'value="vinh-long-2023"' in page
    assert 'href="/launch"' in seen(office.person(BODY), "/")


@pytest.mark.parametrize("who", [("xa-1", Role.OFFICER), (BODY, Role.AUDITOR), ("chu-tich", Role.HEAD)], ids=str)
def test_only_the_standing_body_launches(office: Office, who: tuple[str, Role]) -> None:
    browser = office.person(*who)
    assert 'href="/launch"' not in seen(browser, "/")
    for path in ("/launch", *(f"/launch/{step}?{NEXT}" for step in STEPS)):
        assert status(browser, path) == 403
    for step in ("rehearsal", "go"):
        assert post(browser, f"/launch/{step}?{NEXT}", accept_projection="yes", accept_late="yes").status_code == 403
    assert send_file(browser, sheet([("xa-9", "Xã 9", "commune", "xa")]), name="a.xlsx").status_code == 403
    assert (count(office, CYCLE), count(office, JOB)) == (1, 0)
    if who[0] == "xa-1":
        assert status(browser, "/launch/first/1") == 403


def test_another_authority_is_not_there(office: Office) -> None:
    launch_again(office.year.store, key="khac", sandbox=True)
    stranger = office.person(BODY, authority="khac")
    for step in STEPS:
        assert status(stranger, f"/launch/{step}?{NEXT}") == 404
        assert status(stranger, f"/launch/{step}?authority=khac&plan=cycle-1&year=2026") == 404  # a plan of somebody else's year
    assert status(stranger, "/launch/first/1") == 404
    assert post(stranger, "/launch/first/1/release", seen="yes").status_code == 404


def test_whoever_has_not_signed_in_is_sent_to_the_door(office: Office, tmp_path: Path) -> None:
    office.person(BODY)("DELETE", "/session")
    answer = office.person(BODY).client.get(f"/launch/go?{NEXT}", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith("/sign-in?next=/launch/go")) == (303, True)


def test_the_dates_stand_beside_those_of_the_year_before(office: Office) -> None:
    page = seen(office.person(BODY), f"/launch/dates?{NEXT}")
    line = page[page.index("Kế hoạch của đơn vị") :]
    assert line.index("31/01/2025") < line.index("31/01/2026")
    assert f'href="/launch/people?{NEXT.replace("&", "&amp;")}"' in page
    assert 'href="/launch?' in page
    far = seen(office.person(BODY), "/launch/dates?authority=thu&plan=cycle-1&year=2030")
    assert "mới là dự kiến" in far
    assert "Chưa có lịch ngày làm việc" in seen(office.person(BODY), "/launch/dates?authority=thu&plan=cycle-1&year=2090")


def test_english_throughout(office: Office) -> None:
    for step in STEPS:
        page = seen(office.person(BODY), f"/launch/{step}?{NEXT}&lang=en")
        assert "Plan and year" in page
        assert "Bước trước" not in page
        assert " style=" not in page


def test_people_of_a_workbook_are_taken_in(office: Office) -> None:
    content = sheet(
        [("xa-9", "Xã <b>9</b>", "commune", "xa"), ("xa-10", "Xã 10", "commune", "xa")],
        [("xa-9", "officer", "Nguyễn Thử", "xa9@thu.invalid")],
    )
    before = count(office, PARTY)
    looked = send_file(office.person(BODY), content, name="don-vi.xlsx", sure=False)
    assert looked.status_code == 200, looked.text
    assert "xem trước, chưa nhận gì" in looked.text
    assert count(office, PARTY) == before
    answer = send_file(office.person(BODY), content, name="don-vi.xlsx")
    assert answer.status_code == 200, answer.text
    for page in (looked, answer):
        assert "Đơn vị: thêm 2, sửa 0. Đầu mối: thêm 1" in page.text
    assert count(office, PARTY) == before + 2
    assert "<b>9</b>" not in seen(office.person(BODY), f"/launch/people?{NEXT}")
    with office.year.store.reading() as connection:
        assert connection.execute(select(CONTACT.c.address).where(CONTACT.c.name == "Nguyễn Thử")).scalar_one() == "xa9@thu.invalid"


def test_five_thousand_rows_with_three_hundred_faults_change_nothing(office: Office) -> None:
    rows = [(f"xa-{n:05}", f"Xã {n:05}", "commune", "xa", "không phải địa chỉ" if n <= WRONG else "") for n in range(1, 5001)]
    before = count(office, PARTY)
    answer = send_file(office.person(BODY), sheet(rows), name="5000.xlsx")
    assert answer.status_code == 422
    assert f"5000.xlsx có {WRONG} lỗi; chưa nhận gì" in answer.text
    assert "Đơn vị!E2<" in answer.text
    assert answer.text.count("Đơn vị!E") == WRONG
    assert "rồi gửi lại cả tệp" in answer.text
    assert count(office, PARTY) == before


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        pytest.param(b"x" * (20 * 1024 * 1024), "lon.xlsx", "Tệp được nhận lớn nhất 10 MB", id="20 MB"),
        pytest.param(b"hello", "ghi-chu.docx", "không phải tệp .xlsx hay .csv", id="another kind"),
        pytest.param(b"PK no workbook", "hong.xlsx", "hong.xlsx có 1 lỗi", id="no workbook"),
        pytest.param(b"x", "../../etc/passwd.csv", "passwd.csv", id="a path"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(office: Office, content: bytes, name: str, said: str) -> None:
    before = count(office, PARTY)
    answer = send_file(office.person(BODY), content, name=name)
    assert answer.status_code == 422
    assert said in answer.text
    assert "chưa nhận gì" in answer.text
    assert count(office, PARTY) == before


def test_a_file_without_its_token_is_refused(office: Office) -> None:
    who = office.person(BODY)
    answer = who.client.post(f"/launch/people?{NEXT}&name=a.xlsx", content=sheet([("a", "A", "", "")]), headers=PAGE)
    assert answer.status_code == 403


def test_the_check_names_what_the_people_lack(office: Office) -> None:
    page = seen(office.person(BODY), "/launch/check?authority=thu&plan=vinh-long-2023&year=2026")
    assert "từ mà danh sách đơn vị không có" in page
    blocked = seen(office.person(BODY), "/launch/go?authority=thu&plan=vinh-long-2023&year=2026")
    assert re.search(r"<button[^>]* disabled", blocked)
    own = seen(office.person(BODY), f"/launch/check?{NEXT}")
    where = re.findall(r'<th scope="row">([^<]+)<br><small class="facts fw-normal">([^<]+)</small>', own)
    assert ("Kế hoạch của đơn vị", "plan") in where
    assert "khác tên tệp" not in own


def test_a_rehearsal_is_asked_for_followed_and_seen(office: Office) -> None:
    who = office.person(BODY)
    answer = post(who, f"/launch/rehearsal?{NEXT}", habit="good")
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert "data-events" in seen(who, where)
    assert parse_qs(urlsplit(where).query)["job"] == ["1"]
    assert "Chạy thử cả năm · Kế hoạch nhỏ để thử 2026" in seen(who, where)
    do_waiting_jobs(office.year.store, holder="engine", now=office.now, leaving=Event())
    page = seen(who, where)
    assert "<dt>Nghĩa vụ</dt><dd>11</dd>" in page
    assert 'data-chart="mails-chart"' in page
    assert count(office, CYCLE) == 1


def test_too_many_rehearsals_are_refused_on_the_page(office: Office) -> None:
    who = office.person(BODY)
    answers = [post(who, f"/launch/rehearsal?{NEXT}", habit=habit).status_code for habit in ("none", "good", "mixed")]
    assert answers == [303, 303, 303]
    last = post(who, f"/launch/rehearsal?{NEXT}", habit="poor")
    assert last.status_code == 422
    assert "hãy đợi một việc xong" in last.text


def test_a_year_is_launched_once_by_the_api_s_own_function(office: Office) -> None:
    page = seen(who := office.person(BODY), f"/launch/go?{NEXT}")
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once is not None
    answers = [post(who, f"/launch/go?{NEXT}", once=once[1]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.headers["location"] for answer in answers} == {"/launch/first/2?done=launch"}
    assert count(office, CYCLE) == 2
    again = post(who, f"/launch/go?{NEXT}", once="another")
    assert again.status_code == 422
    assert '<a href="/cycles/2">Kế hoạch này của năm 2026 đã được khởi động.</a>' in again.text
    assert count(office, CYCLE) == 2


def test_a_projected_year_is_accepted_first(office: Office) -> None:
    who, far = office.person(BODY), "authority=thu&plan=cycle-1&year=2030"
    refused = post(who, f"/launch/go?{far}")
    assert refused.status_code == 422
    assert 'aria-describedby="accept_projection-fault"' in refused.text
    assert count(office, CYCLE) == 1
    assert post(who, f"/launch/go?{far}", accept_projection="yes").status_code == 303


def test_what_is_late_already_is_accepted_first(office: Office) -> None:
    who, now = office.person(BODY), office.now
    office.now = office.year.slot(date(2026, 3, 2))
    office.seat(BODY, Role.OFFICER)
    who = office.person(BODY)
    refused = post(who, f"/launch/go?{NEXT}")
    assert refused.status_code == 422
    assert "Kế hoạch của đơn vị" in refused.text
    assert 'aria-describedby="accept_late-fault"' in refused.text
    assert post(who, f"/launch/go?{NEXT}", accept_late="yes").status_code == 303
    office.now = now


def test_the_first_mails_are_looked_at_before_they_leave(office: Office) -> None:
    make_real(office)
    cycle = 2
    assert launched(office).headers["location"] == f"/launch/first/{cycle}?done=launch"
    who, path = office.person(BODY), f"/launch/first/{cycle}"
    assert "Chưa có thư nào để xem" in seen(who, path)
    office.year.tick(office.year.slot(date(2026, 1, 6)))
    page = seen(who, path)
    assert "Một thư mẫu, chưa gửi" in page
    assert '<pre class="sample"' in page
    unseen = post(who, f"{path}/release")
    assert unseen.status_code == 422
    assert held(office, cycle)
    assert post(who, f"{path}/release", seen="yes").headers["location"] == f"{path}?done=release"
    assert not held(office, cycle)
    assert "Đã thả" in seen(who, f"{path}?done=release")


def held(office: Office, cycle: int) -> bool:
    with office.year.store.reading() as connection:
        return bool(connection.execute(select(CYCLE.c.mail_held).where(CYCLE.c.id == cycle)).scalar_one())


def test_a_sandbox_holds_nothing_and_says_so(office: Office) -> None:
    launched(office)
    page = seen(office.person(BODY), "/launch/first/2")
    assert "thư không bị giữ" in page
    assert "/release" not in page


def test_the_first_year_of_an_authority_is_launched_by_whom_its_plan_names(office: Office) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(CYCLE).values(authority_id=fresh_authority(office)))
    assert status(office.person(BODY), "/launch") == 200
    assert status(office.person("xa-1"), "/launch/dates?authority=thu&plan=vinh-long-2023&year=2026") == 403
    assert status(office.person(BODY), "/launch/dates?authority=thu&plan=vinh-long-2023&year=2026") == 200


def fresh_authority(office: Office) -> int:
    launch_again(
        office.year.store, key="khac", sandbox=True, yaml=SMALL_PLAN.read_text(encoding="utf-8").replace("small-plan", "other-plan")
    )
    with office.year.store.reading() as connection:
        return int(connection.execute(select(AUTHORITY.c.id).where(AUTHORITY.c.key == "khac")).scalar_one())


def test_the_steps_take_the_same_queries_for_more_units(office: Office) -> None:
    who, counts = office.person(BODY), []
    for number in range(2):
        rows = [(f"xa-{number}{n}", f"Xã {number}{n}", "commune", "xa") for n in range(20)]
        assert send_file(who, sheet(rows), name="a.xlsx").status_code == 200
        for step in STEPS:
            seen(who, f"/launch/{step}?{NEXT}")
        with counted_queries(office.year.store) as statements:
            for step in STEPS:
                seen(who, f"/launch/{step}?{NEXT}")
        counts.append(len(statements))
    assert counts[0] == counts[1]
