"""Accounts from the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from config.settings import settings
from store.session import open_store

if TYPE_CHECKING:
    from tests.cli.conftest import Dondoc

PASSWORD = "một hai ba bốn năm sáu"
EMAIL = "quan.tri@thu.invalid"


def web() -> TestClient:
    """The web on the same home."""
    return TestClient(create_app(lambda: open_store(settings().store_url)), base_url="http://127.0.0.1:8000")


def test_the_first_administrator_comes_with_a_link_that_works_once(staffed: Dondoc) -> None:
    said = staffed.do("admin", "create", "--authority", "thu", "--email", EMAIL.upper())
    path, token = re.search(r"http://127\.0\.0\.1:8000/links/(invitation)/(\S+)", said).groups()  # type: ignore[union-attr]
    assert path == "invitation"
    with web() as client:
        taken = client.post("/api/v1/invitation", json={"token": token, "password": PASSWORD})
        assert taken.status_code == 201
        assert [one["role"] for one in taken.json()["contacts"]] == ["administrator"]
        assert client.post("/api/v1/invitation", json={"token": token, "password": PASSWORD}).status_code == 400
    again = staffed.do("admin", "create", "--authority", "thu", "--email", EMAIL)
    assert "/links/reset/" in again
    (listed,) = staffed.read("admin", "list", "--authority", "thu")
    assert (listed["email"], listed["activated"], listed["contacts"]) == (EMAIL, True, ["admin"])
    assert staffed("verify").code == 0


def test_an_authority_without_people_gets_its_administrator(dondoc: Dondoc) -> None:
    dondoc.do("authority", "create", "that", "--name", "UBND thật")
    dondoc.do("admin", "create", "--email", EMAIL)
    assert [one["role"] for one in dondoc.read("contacts", "list")] == ["administrator"]


@pytest.mark.parametrize(("email", "code"), [("qu\u0430n.tri@thu.invalid", 1), ("nothing", 1)])
def test_an_address_that_is_none_is_refused(staffed: Dondoc, email: str, code: int) -> None:
    done = staffed("admin", "create", "--email", email)
    assert (done.code, "plain letters" in done.err) == (code, True)


def test_inviting_all_and_one(staffed: Dondoc) -> None:
    contacts = len(staffed.read("contacts", "list"))
    assert staffed.do("admin", "invite", "officer.xa-1").strip() == "officer.xa-1: đã mời"
    assert len(staffed.do("admin", "invite", "--all").splitlines()) == contacts - 1
    assert staffed("admin", "invite", "nobody").code == 1
    assert staffed("admin", "invite").code == 2
    listed = staffed.read("outbox", "list", "--authority", "thu")
    assert "token" not in str(listed)


def test_switching_off_and_on(staffed: Dondoc) -> None:
    staffed.do("admin", "invite", "officer.xa-1")
    staffed.do("admin", "disable", "officer.xa-1@thu.invalid")
    assert staffed.read("admin", "list")[0]["disabled"] is True
    staffed.do("admin", "enable", "officer.xa-1@thu.invalid")
    assert staffed.read("admin", "list")[0]["disabled"] is False
    assert staffed("admin", "disable", "nobody@thu.invalid").code == 3


def test_asking_a_second_factor_and_dropping_one(staffed: Dondoc) -> None:
    staffed.do("admin", "create", "--email", EMAIL)
    staffed.do("admin", "second-factor", "--required")
    staffed.do("admin", "reset-second-factor", EMAIL)
    staffed.do("admin", "second-factor", "--not-required")
    assert staffed("verify").code == 0
