from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.account_addresses import UnfitAccountAddressError, account_address
from evaluation.accounts import local_path


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Can.Bo@Tinh.GOV.vn ", "can.bo@tinh.gov.vn"),
        ("a+b@x.vn", "a+b@x.vn"),
        ("a@xn--vitnam-jk8b.vn", "a@xn--vitnam-jk8b.vn"),  # việtnam
    ],
)
def test_an_address_has_one_spelling(written: str, kept: str) -> None:
    assert account_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("c\u0430n@x.vn", id="a Cyrillic letter"),
        pytest.param("\u212an@x.vn", id="the sign of Kelvin, which becomes k"),
        pytest.param("can\uff20x.vn", id="a full-width at"),
        pytest.param("ca\u0301n@x.vn", id="a mark that composes"),
        pytest.param("cán@x.vn", id="a composed mark"),
        pytest.param("ca\u200bn@x.vn", id="a space of no width"),
        pytest.param("\u202ecan@x.vn", id="writing turned round"),
        pytest.param("can@x\u3002vn", id="another full stop"),
        pytest.param("can@xn--80ak6aa92e.com", id="Cyrillic, encoded"),
        pytest.param("can@xn--a.vn", id="encoded wrongly"),
        pytest.param("can@xn--abc-.vn", id="encoded ASCII"),
        pytest.param("a@b@x.vn", id="two at"),
        pytest.param('"a b"@x.vn', id="quoted"),
        pytest.param("a@[127.0.0.1]", id="an address literal"),
        pytest.param("a@127.0.0.1", id="numbers"),
        pytest.param("a@x", id="no dot"),
        pytest.param("a..b@x.vn", id="two dots"),
        pytest.param("a@x.vn\r\nBcc: b@x.vn", id="a header"),
        pytest.param("a\x00@x.vn", id="a control character"),
        pytest.param("a" * 65 + "@x.vn", id="too long before the at"),
        pytest.param("a@" + "x." * 130 + "vn", id="too long"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_looks_alike_or_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(UnfitAccountAddressError) as refused:
        account_address(written)
    assert written == "" or written not in str(refused.value)


@given(st.text(max_size=40))
def test_what_is_kept_is_kept_again(written: str) -> None:
    try:
        kept = account_address(written)
    except UnfitAccountAddressError:
        return
    assert kept.isascii()
    assert account_address(kept) == kept == kept.lower()


@given(st.text(max_size=30))
def test_nobody_is_sent_elsewhere(asked: str) -> None:
    path = local_path(asked)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path
    assert path.isprintable()
