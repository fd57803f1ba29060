from __future__ import annotations

import pytest

from api.doors.hosts import ForeignHostError, Names, OpenSandboxError, check_host, is_loopback, names_this_machine
from api.serving import serve
from config.settings import Settings
from tests.api.conftest import MIDWAY, Web


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "localhost"])
def test_the_loopback_may_be_bound(host: str) -> None:
    check_host(host, anybody=False, open_sandbox=True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "2001:db8::1", "10.0.0.1", "no.such.host.invalid"])  # noqa: S104
def test_any_other_address_needs_accounts_and_closed_sandboxes(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ForeignHostError, match="dondoc admin create"):
        serve(host, 8000, "sqlite://")
    check_host(host, anybody=True, open_sandbox=False)
    with pytest.raises(OpenSandboxError, match="DONDOC_OPEN_SANDBOX"):
        check_host(host, anybody=True, open_sandbox=True)


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


@pytest.mark.parametrize(
    ("web_host", "header", "ours"),
    [
        ("127.0.0.1", "dondoc.tinh.invalid", True),
        ("127.0.0.1", "localhost:8000", True),
        ("0.0.0.0", "dondoc.tinh.invalid:443", True),  # noqa: S104
        ("0.0.0.0", "localhost", False),  # noqa: S104
        ("0.0.0.0", "evil.invalid", False),  # noqa: S104
    ],
)
def test_the_name_of_the_settings_is_answered(web_host: str, header: str, *, ours: bool) -> None:
    names = Names.of(Settings(_env_file=None, base_url="https://dondoc.tinh.invalid", web_host=web_host))
    assert names.are_ours(header) is ours


def test_a_request_that_names_another_host_is_refused(web: Web) -> None:
    answer = web.at(MIDWAY).get("/api/v1/cycles", headers={"Host": "evil.invalid", "Accept-Language": "en"})
    assert answer.status_code == 421
    assert answer.json()["title"] == "Host not accepted"
    assert answer.headers["content-security-policy"]
