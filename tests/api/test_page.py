from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from api.pages.words import CYCLE_STATES, WORDS
from store.commands import moves
from store.schema import PARTY
from store.upkeep import ask_upkeep
from store.years import load_year
from tests.api.conftest import LAUNCHED, MIDWAY, Web, counted_queries, launch_again

if TYPE_CHECKING:
    from store.session import Store
    from tests.conftest import SmallYear


class Loaded(HTMLParser):
    """What a page makes a browser load, and what runs or is styled inside it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag != "a":
            self.addresses += [given[name] or "" for name in ("src", "href") if name in given]
        self.inline += [name for name in given if name == "style" or name.startswith("on")]


def test_the_page_is_vietnamese_first(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    answer = web.at(MIDWAY).get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.text
    assert '<html lang="vi">' in page
    for words in ("Môi trường thử nghiệm", "Kế hoạch nhỏ để thử", "Quá hạn 3 ngày", "hết thứ Sáu 31/01/2025", "Ai còn nợ việc gì"):
        assert words in page


def test_the_page_in_english(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    page = web.at(MIDWAY).get("/?lang=en").text
    assert '<html lang="en">' in page
    for words in ("Sandbox", "A small plan for tests", "3 days overdue", "Friday 31 January 2025", "Who owes what", "?lang=en"):
        assert words in page
    for vi, _ in (WORDS["owed"], WORDS["late"]):
        assert vi not in page


def test_stages_with_counts_late_and_next(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    page = web.at(MIDWAY).get("/").text
    row = re.search(r"<tr>\s*<th scope=\"row\">Kế hoạch của đơn vị</th>(.*?)</tr>", page, re.DOTALL)
    assert row is not None
    cells = re.findall(r"<div>(.*?)</div>", row[1])
    assert cells == ['<span class="count">Đang thực hiện <b>4</b></span> ', "4", "0", "–"]


def test_whose_turn_it_is(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    ident = small_year.ids("plan")[0]
    with small_year.store.transaction(now=MIDWAY) as transaction:
        moves.prepare(small_year.store, transaction, ident)
    with small_year.store.transaction(now=MIDWAY) as transaction:
        moves.submit(small_year.store, transaction, ident)
    page = web.at(MIDWAY).get(f"/obligations/{ident}").text
    assert "Đã gửi" in page
    assert "chờ nơi nhận xem xét" in page


def test_a_name_is_escaped(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    with small_year.store.transaction(now=MIDWAY) as transaction:
        transaction.connection.execute(update(PARTY).where(PARTY.c.key == "xa-1").values(name="<script>alert(1)</script>"))
    page = web.at(MIDWAY).get("/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "script" not in Loaded(page).tags


@pytest.mark.parametrize("address", ["/", "/?lang=en", "/cycles/1", "/obligations/1", "/cycles/9"])
def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(web: Web, small_year: SmallYear, address: str) -> None:
    answer = web.at(MIDWAY).get(address, headers={"Accept": "text/html"})
    loaded = Loaded(answer.text)
    assert loaded.addresses == ["/static/status.css"]
    assert loaded.inline == []
    assert not {"script", "style"} & set(loaded.tags)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")


def test_the_stylesheet_is_served_and_loads_nothing(web: Web) -> None:
    answer = web.at(MIDWAY).get("/static/status.css")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    assert "@media (max-width" in answer.text


def test_a_page_of_three_cycles_takes_as_many_queries_as_of_one(web: Web, store: Store) -> None:
    client = web.at(MIDWAY)
    counts = []
    for key in ("mot", "hai", "ba"):
        launch_again(store, key=key, sandbox=True)
        client.get("/")  # reads the new authority's calendar, once
        with counted_queries(store) as seen:
            page = client.get("/").text
        counts.append((page.count("<article"), len(seen)))
    assert counts == [(1, 12), (2, 12), (3, 12)]


def test_a_real_authority_is_not_shown(web: Web, store: Store) -> None:
    launch_again(store, key="that", sandbox=False)
    page = web.at(MIDWAY).get("/").text
    assert "UBND that" not in page
    assert "Chưa có chu kỳ đánh giá nào" in page


def test_more_than_is_shown_is_said(web: Web, small_year: SmallYear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.status.MOST_OF_MANY", 2)
    small_year.tick(MIDWAY)
    page = web.at(MIDWAY).get("/").text
    assert page.count('<tr id="obligation-') == 2
    assert f'<a href="/cycles/{small_year.cycle}">Còn nữa' in page
    assert web.at(MIDWAY).get(f"/cycles/{small_year.cycle}").text.count('<tr id="obligation-') == 4


def test_a_closed_cycle_owes_nothing(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    with small_year.store.transaction(now=MIDWAY) as transaction:
        transaction.connection.exec_driver_sql("UPDATE cycle SET state = 'cancelled'")
    page = web.at(MIDWAY).get("/").text
    assert "Đã hủy" in page
    assert "Hiện không ai còn nợ việc gì." in page


def test_a_late_engine_is_said_on_the_page(web: Web, small_year: SmallYear) -> None:
    page = web.at(MIDWAY).get("/").text
    assert 'role="alert"' in page
    small_year.tick(MIDWAY)
    assert 'role="alert"' not in web.at(MIDWAY).get("/").text


def test_a_repair_is_said_in_words(web: Web, small_year: SmallYear) -> None:
    store = small_year.store
    with store.transaction(now=LAUNCHED) as transaction:
        year = load_year(store, transaction.connection, small_year.cycle, now=LAUNCHED)
        ask_upkeep(transaction, year, [f"contact/{year.people.ids['xa-1']}/head", "released-after-due/report/2025-Q1"])
    small_year.tick(LAUNCHED)
    page = web.at(LAUNCHED).get("/").text
    assert "Xã 001 (tên chưa có nguồn): chưa có người đứng đầu nhận được thư" in page
    assert "“Báo cáo định kỳ, quý I/2025” được mở sau thời hạn của chính nó" in page


def test_a_date_says_whose_it_is(web: Web, small_year: SmallYear) -> None:
    small_year.tick(MIDWAY)
    ident = small_year.ids("plan")[2]
    for act in (moves.prepare, moves.submit):
        small_year.move(act, ident, now=MIDWAY)
    page = web.at(MIDWAY).get(f"/obligations/{ident}").text
    assert "hạn xem xét của nơi nhận: " in page
    small_year.move(moves.accept, ident, now=MIDWAY)
    done = web.at(MIDWAY + timedelta(days=60)).get(f"/obligations/{ident}").text
    assert "hết thứ Sáu 31/01/2025" in done
    assert "Hoàn thành trễ hạn" in done
    assert WORDS["review_until"][0] not in done
    assert "Quá hạn 3" not in done


def test_every_word_has_two_languages() -> None:
    pairs = [*WORDS.values(), *CYCLE_STATES.values()]
    assert all(vi and en for vi, en in pairs)
