from __future__ import annotations

import pytest

from api.hosts import ForeignHostError, check_host, is_loopback, names_this_machine
from api.serving import serve
from tests.api.conftest import MIDWAY, Web


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_the_loopback_may_be_bound(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "2001:db8::1", "10.0.0.1", "no.such.host.invalid"])  # noqa: S104
def test_any_other_address_is_refused(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ForeignHostError, match="DONDOC_WEB_HOST"):
        serve(host, 8000, "sqlite://")


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("127.0.0.1:8000", True),
        ("127.0.0.1", True),
        ("localhost:9", True),
        ("[::1]:8000", True),
        ("evil.invalid", False),
        ("evil.invalid:8000", False),
        ("127.0.0.1.evil.invalid", False),
        ("127.0.0.1@evil.invalid", False),
        ("192.0.2.1", False),
        ("", False),
        ("[::1", False),
    ],
)
def test_a_host_header_names_this_machine_or_not(header: str, *, ours: bool) -> None:
    assert names_this_machine(header) is ours


def test_a_request_that_names_another_host_is_refused(web: Web) -> None:
    answer = web.at(MIDWAY).get("/api/v1/cycles", headers={"Host": "evil.invalid", "Accept-Language": "en"})
    assert answer.status_code == 421
    assert answer.json()["title"] == "Host not accepted"
    assert answer.headers["content-security-policy"]
