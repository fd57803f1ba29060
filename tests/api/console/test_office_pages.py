"""The outbox, the journal, rights, health and settings, as people with different posts see them."""

from __future__ import annotations

import re
from datetime import date, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from api.console.entries import DONE
from config.settings import Settings
from evaluation.kinds import Role
from evaluation.rights_table import Action
from notifications.delivery import post_office
from notifications.gather import Gatherer, gather_all
from store.outbox.states import MessageState
from store.schema import CONTACT, JOURNAL, MESSAGE, PARTY
from tests.api.conftest import MIDWAY, NOBODY, counted_queries, launch_again
from tests.api.console.test_pages import PAGE, field, seen
from tests.api.working import Office, open_office

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.browsing import Browser
    from tests.api.conftest import Web
    from tests.conftest import SmallYear


@pytest.fixture
def office(small_year: SmallYear, tmp_path: Path) -> Iterator[Office]:
    now = small_year.slot(date(2025, 1, 7))
    small_year.tick(now)
    with open_office(small_year, tmp_path, now=now) as office:
        yield office


@pytest.fixture
def mails(office: Office, tmp_path: Path) -> list[int]:
    """The mails of the day, made and not sent yet."""
    post = post_office(office.year.store, Settings(home=tmp_path, prefect_api_url=NOBODY), holder="test")
    gatherer = Gatherer(store=office.year.store, compose=post.compose, fuse=post.claimant.fuse, until=time(18))
    gather_all(gatherer, now=office.now)
    with office.year.store.reading() as connection:
        return list(connection.execute(select(MESSAGE.c.id).order_by(MESSAGE.c.id)).scalars())


def sent(who: Browser, form: str, page: str, **fields: str) -> Any:
    """What comes of a form of a page."""
    hidden = {name: field(page, name, form=form) for name in ("csrf", "once") if f'name="{name}"' in page}
    return who.client.post(form, data=hidden | fields, headers=PAGE, follow_redirects=False)


def put(office: Office, message: int, state: MessageState) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(MESSAGE).where(MESSAGE.c.id == message).values(state=state.value))


# --- the outbox ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "role", "status"), [("so-noi-vu", Role.OFFICER, 200), ("xa-1", Role.AUDITOR, 200), ("xa-1", Role.OFFICER, 403)]
)
def test_the_outbox_is_read_by_who_may(office: Office, mails: list[int], party: str, role: Role, status: int) -> None:
    who = office.person(party, role)
    for path in ("/outbox", f"/outbox/{mails[0]}", "/outbox/held"):
        assert who.client.get(path, headers=PAGE).status_code == status, path


def test_an_auditor_looks_and_holds_nothing(office: Office, mails: list[int]) -> None:
    auditor = office.person("xa-1", Role.AUDITOR)
    page = seen(auditor, "/outbox")
    assert "Giữ thư…" not in page
    data = {"csrf": auditor.csrf, "reason": "thử", "authority": "thu"}
    assert auditor.client.post("/outbox/hold", data=data, headers=PAGE).status_code == 422
    assert "hold-outbox" not in office.year.actions()


def test_the_outbox_counts_and_narrows(office: Office, mails: list[int]) -> None:
    put(office, mails[0], MessageState.UNKNOWN)
    body = office.person("so-noi-vu")
    page = seen(body, "/outbox?state=unknown")
    assert re.search(r'Chưa rõ kết quả <span class="badge ms-2 mark-late">1</span>', page)
    assert f'href="/outbox/{mails[0]}"' in page
    assert f'href="/outbox/{mails[1]}"' not in page
    assert body.client.get("/outbox?state=gone", headers=PAGE).status_code == 422


def test_the_exact_mail_is_shown_with_why_it_was_sent(office: Office, mails: list[int]) -> None:
    body = office.person("so-noi-vu")
    answer = body.client.get(f"/outbox/{mails[0]}", headers=PAGE)
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    assert "Message-ID" in answer.text
    assert "Việc mới" in answer.text
    assert "trước ngày 20 tháng cuối quý" in answer.text or "Kế hoạch của đơn vị" in answer.text
    assert "Chưa gửi lần nào." in answer.text


def test_the_html_of_a_mail_can_do_nothing(office: Office, mails: list[int]) -> None:
    answer = office.person("so-noi-vu").client.get(f"/outbox/{mails[0]}/html", headers=PAGE)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert "allow-" not in policy


def test_a_confidential_mail_is_shown_nowhere(office: Office, mails: list[int]) -> None:
    with office.year.store.engine.begin() as connection:
        connection.execute(update(MESSAGE).where(MESSAGE.c.id == mails[0]).values(confidential=True))
    body = office.person("so-noi-vu")
    page = seen(body, f"/outbox/{mails[0]}")
    assert "Thư mật" in page
    assert "<pre" not in page
    assert body.client.get(f"/outbox/{mails[0]}/html", headers=PAGE).status_code == 404


def test_holding_needs_a_reason_and_keeps_what_was_written(office: Office, mails: list[int]) -> None:
    body, cycle = office.person("so-noi-vu"), str(office.year.cycle)
    page = seen(body, "/outbox")
    refused = sent(body, "/outbox/hold", page, cycle=cycle, authority="thu", reason=" ", basis="CV 7/SNV")
    assert refused.status_code == 422
    assert 'value="CV 7/SNV"' in refused.text
    assert 'aria-invalid="true"' in refused.text
    done = sent(body, "/outbox/hold", page, cycle=cycle, authority="thu", reason="chờ xem lại")
    assert (done.status_code, done.headers["location"]) == (303, f"/outbox?done=hold&cycle={cycle}")
    assert "Đã giữ thư." in seen(body, done.headers["location"])


def test_what_a_release_lets_go_is_looked_at_first(office: Office, mails: list[int]) -> None:
    body, cycle = office.person("so-noi-vu"), str(office.year.cycle)
    sent(body, "/outbox/hold", seen(body, "/outbox"), cycle=cycle, authority="thu", reason="chờ xem lại")
    looked = seen(body, f"/outbox/held?cycle={cycle}")
    assert f"{len(mails)} thư đã soạn;" in looked
    assert "Một thư mẫu" in looked
    assert 'class="mail-text"' in looked
    assert sent(body, "/outbox/release", looked, cycle=cycle, authority="thu").status_code == 303
    assert office.year.scalar("SELECT count(*) FROM message WHERE state = 'queued'") == len(mails)


def test_a_sample_is_made_of_what_waits(office: Office) -> None:
    body, cycle = office.person("so-noi-vu"), office.year.cycle
    sent(body, "/outbox/hold", seen(body, "/outbox"), cycle=str(cycle), authority="thu", reason="chờ xem lại")
    page = seen(body, f"/outbox/held?cycle={cycle}")
    assert 'class="mail-text"' in page
    assert re.search(r"[1-9]\d* thông báo cho \d+ nơi nhận", page)
    assert office.year.scalar("SELECT count(*) FROM message") == 0


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        (MessageState.HELD, "release", MessageState.QUEUED),
        (MessageState.UNKNOWN, "resend", MessageState.QUEUED),
        (MessageState.UNKNOWN, "count-as-sent", MessageState.SENT),
    ],
)
def test_one_mail_is_decided_about(office: Office, mails: list[int], state: MessageState, verb: str, after: MessageState) -> None:
    put(office, mails[0], state)
    body, path = office.person("so-noi-vu"), f"/outbox/{mails[0]}"
    page = seen(body, path)
    assert sent(body, f"{path}/{verb}", page).headers["location"] == f"{path}?done={verb}"
    assert office.year.scalar(f"SELECT state FROM message WHERE id = {mails[0]}") == after  # noqa: S608  a number
    again = body.client.post(f"{path}/{verb}", data={"csrf": body.csrf, "reason": "lần nữa"}, headers=PAGE)
    assert again.status_code == 422


def test_a_mail_of_another_authority_is_not_there(office: Office, mails: list[int]) -> None:
    launch_again(office.year.store, key="khac", sandbox=True)
    stranger = office.person("so-noi-vu", authority="khac")
    assert stranger.client.get(f"/outbox/{mails[0]}", headers=PAGE).status_code == 404
    assert stranger.client.get(f"/outbox/held?cycle={office.year.cycle}", headers=PAGE).status_code == 404
    assert f'href="/outbox/{mails[0]}"' not in seen(stranger, f"/outbox?cycle={office.year.cycle}")


def test_the_outbox_takes_as_many_queries_for_many_mails_as_for_few(office: Office, mails: list[int]) -> None:
    body = office.person("so-noi-vu")
    for one in mails[1:]:
        put(office, one, MessageState.CANCELLED)
    counts = []
    for path in ("/outbox?state=cancelled", "/outbox?state=queued"):
        with counted_queries(office.year.store) as statements:
            seen(body, path)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_who_got_a_mail_may_see_it_again(office: Office, mails: list[int]) -> None:
    unit = office.person("xa-1")
    with office.year.store.engine.begin() as connection:
        me = connection.execute(select(CONTACT.c.id).where(CONTACT.c.key == "test.officer.xa-1@thu.invalid")).scalar_one()
        connection.execute(update(MESSAGE).where(MESSAGE.c.id == mails[0]).values(recipient=f"c{me}"))
    assert "Vì sao có thư này" in seen(unit, f"/outbox/{mails[0]}")
    assert unit.client.get(f"/outbox/{mails[1]}", headers=PAGE).status_code == 403


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "path", ["/outbox", "/outbox/held", "/outbox/{mail}", "/journal?all=true", "/rights", "/health", "/settings", "/account"]
)
def test_every_page_speaks_and_has_nothing_inline(office: Office, mails: list[int], path: str, lang: str) -> None:
    address = path.format(mail=mails[0])
    page = seen(office.person("so-noi-vu"), f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert f'<html lang="{lang}">' in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+=", page)


# --- the journal ---------------------------------------------------------------------------------------------------------


def test_the_journal_says_who_did_what_and_why(office: Office) -> None:
    body, ident = office.person("so-noi-vu"), office.obligation("xa-1")
    office.do(body, ident, "waive", {"reason": "đơn vị đặc thù", "basis": "QĐ 1/UBND"})
    page = seen(body, "/journal")
    row = next(part for part in page.split("<tr") if "<strong>Miễn</strong>" in part)
    assert "Cán bộ thử" in row
    assert f'href="/obligations/{ident}"' in row
    assert "đơn vị đặc thù" in row
    assert "QĐ 1/UBND" in row
    assert "ghi lúc" in row  # the test's moment is not that of the database
    assert "<strong>Waive</strong>" in seen(body, "/journal?lang=en")


def test_the_journal_is_of_what_one_may_read(office: Office) -> None:
    office.do(office.person("xa-2"), office.obligation("xa-2"), "prepare")
    own, other = office.person("xa-1"), f'href="/obligations/{office.obligation("xa-2")}"'
    assert other not in seen(own, "/journal?all=true")
    assert other in seen(office.person("so-noi-vu"), "/journal")


def test_the_journal_narrows_and_turns_pages(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = seen(body, "/journal?unit=xa-1")
    assert f'href="/obligations/{office.obligation("xa-1")}"' in page
    assert f'href="/obligations/{office.obligation("xa-2")}"' not in page
    number = min(int(found) for found in re.findall(r'<td class="facts">(\d+)</td>', page))
    older = seen(body, f"/journal?unit=xa-1&before={number + 1}")
    assert re.findall(r'<td class="facts">(\d+)</td>', older)[0] == str(number)


def test_the_journal_as_a_sheet_has_no_formula(office: Office) -> None:
    body = office.person("so-noi-vu")
    office.do(body, office.obligation("xa-1"), "waive", {"reason": "=1+1"})
    sheet = load_workbook(BytesIO(body.client.get("/journal.xlsx").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]][:4] == ["Số", "Thời điểm", "Ghi lúc", "Ai"]
    assert ("=1+1", "s") in {(row[8].value, row[8].data_type) for row in rows}


def test_a_name_in_the_journal_is_escaped(office: Office) -> None:
    body = office.person("so-noi-vu")
    office.do(body, office.obligation("xa-1"), "waive", {"reason": "<b>x</b>"})
    with office.year.store.engine.begin() as connection:
        connection.execute(update(CONTACT).where(CONTACT.c.name == "Cán bộ thử").values(name="<b>A</b>"))
        connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(name="<b>Xã</b>"))
    page = seen(body, "/journal")
    assert "<b>" not in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page


def test_every_entry_has_a_word(office: Office) -> None:
    with office.year.store.reading() as connection:
        actions = set(connection.execute(select(JOURNAL.c.action)).scalars())
    assert actions - set(DONE) - set(Action) == set()


# --- rights, health, settings --------------------------------------------------------------------------------------------


def test_rights_say_what_one_may_do(office: Office) -> None:
    own, body = seen(office.person("xa-1"), "/rights"), seen(office.person("so-noi-vu"), "/rights")
    mine, everybody = own.split('id="all"')
    assert "trình lãnh đạo" in mine
    assert "giữ thư" not in mine
    assert "giữ thư" in everybody
    assert "giữ thư" in body.split('id="all"')[0]
    assert "hold mail" in seen(office.person("so-noi-vu"), "/rights?lang=en")


def test_health_is_for_everybody_and_names_nothing_real(web: Web, small_year: SmallYear) -> None:
    closed = web.at(MIDWAY, open_sandbox=False).get("/health", headers=PAGE)
    assert closed.status_code == 503
    assert "Có việc bị chậm" in closed.text
    assert "Kế hoạch nhỏ" not in closed.text
    assert "trình đơn" not in closed.text
    assert "Môi trường thử nghiệm" in web.at(MIDWAY).get("/health", headers=PAGE).text


def test_health_in_both_languages(office: Office) -> None:
    body = office.person("so-noi-vu")
    page = body.client.get("/health", headers=PAGE)
    assert page.status_code == 200
    assert "Không có việc nào đến hạn mà chưa được xử lý." in page.text
    assert "Nothing is due that was not acted on." in body.client.get("/health?lang=en", headers=PAGE).text


@pytest.mark.parametrize(
    ("party", "role", "status"),
    [
        ("so-noi-vu", Role.OFFICER, 200),
        ("so-noi-vu", Role.ADMINISTRATOR, 200),
        ("xa-1", Role.OFFICER, 403),
        ("xa-1", Role.AUDITOR, 403),
    ],
)
def test_settings_are_for_who_runs_the_year_or_the_system(office: Office, party: str, role: Role, status: int) -> None:
    who = office.person(party, role)
    assert who.client.get("/settings", headers=PAGE).status_code == status
    assert ('href="/settings"' in seen(who, "/")) == (status == 200)
    tested = who.client.post("/settings/test-mail", data={"csrf": who.csrf}, headers=PAGE, follow_redirects=False)
    assert tested.status_code == (303 if status == 200 else 403)


def test_settings_show_ladders_and_days_and_no_secret(small_year: SmallYear, tmp_path: Path) -> None:
    now = small_year.slot(date(2025, 1, 7))
    with open_office(small_year, tmp_path, now=now, smtp_password="bi-mat-1", secret_key="bi-mat-2" * 8, smtp_user="ai-do") as office:
        page = seen(office.person("so-noi-vu"), "/settings")
    assert "bi-mat" not in page
    assert "ai-do" not in page
    assert str(tmp_path) not in page
    assert "DONDOC_SMTP_PASSWORD" in page
    assert "T-1: 1 ngày làm việc trước hạn" in page
    assert "Tết Nguyên Đán" in page


def test_a_test_mail_is_a_real_one_to_oneself(office: Office) -> None:
    body = office.person("so-noi-vu")
    answers = [body.client.post("/settings/test-mail", data={"csrf": body.csrf}, headers=PAGE) for _ in range(2)]
    assert office.year.scalar("SELECT count(*) FROM notice WHERE kind = 'test-mail' AND recipient LIKE 'a%'") == 1
    assert answers[1].status_code == 422
    assert "đợi một phút" in answers[1].text
    assert "Đã gửi thư thử" in seen(body, "/settings?done=test")


def enter(who: Browser, page: str, **fields: str) -> tuple[int, str, str]:
    """What comes of days entered by the form."""
    csrf = field(page, "csrf", form="/settings/calendar")
    answer = who.client.post("/settings/calendar", data={"csrf": csrf, **fields}, headers=PAGE, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def version_seen(page: str) -> str:
    """The calendar that a preview was made of, as its form sends it."""
    found = re.search(r"name=\"etag\" value='(\"[^\"]+\")'", page)
    assert found is not None
    return found[1]


def test_days_swapped_are_seen_first_and_entered_once(office: Office) -> None:
    body, swap = office.person("so-noi-vu"), {"entry": "swap", "on": "2025-01-31", "instead": "2025-02-08", "decision": "12/QĐ-UBND"}
    before = office.year.actions().count("enter-calendar")
    status, _, shown = enter(body, page := seen(body, "/settings"), **swap)
    assert (status, office.year.actions().count("enter-calendar")) == (200, before)
    assert re.search(r"Kế hoạch của đơn vị</span>\s*<span class=\"change-dates\"><s>thứ Sáu 31/01/2025", shown)
    assert enter(body, page, **swap, sure="yes", etag='"cũ"')[0] == 422
    sure = {"sure": "yes", "etag": version_seen(shown)}
    assert enter(body, page, **swap, **sure)[:2] == (303, "/settings?done=calendar&year=2025#calendar")
    there = seen(body, "/settings?year=2025")
    assert re.search(r"thứ Bảy 08/02/2025</td>\s*<td>làm bù</td><td>12/QĐ-UBND", there)
    clear = {"entry": "clear", "on": "2025-02-08", "decision": "13/QĐ-UBND"}
    assert enter(body, page, **clear, **sure)[0] == 422  # somebody else has entered days since
    assert enter(body, page, **clear, sure="yes", etag=version_seen(enter(body, page, **clear)[2]))[0] == 303
    assert "08/02/2025" not in seen(body, "/settings?year=2025")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"entry": "swap", "on": "2025-01-31"}, "phải ghi ngày làm bù", id="without its other day"),
        pytest.param({"entry": "makeup", "on": "2025-02-05"}, "thứ bảy hoặc chủ nhật", id="made up on a working day"),
        pytest.param({"entry": "off", "on": "2099-02-05"}, "nhập cả năm trước", id="a year without days"),
    ],
)
def test_days_that_cannot_be_are_refused(office: Office, fields: dict[str, str], said: str) -> None:
    body = office.person("so-noi-vu")
    status, _, shown = enter(body, seen(body, "/settings"), decision="12/QĐ-UBND", **fields)
    assert status == 422
    assert said in shown
    assert 'value="12/QĐ-UBND"' in shown
