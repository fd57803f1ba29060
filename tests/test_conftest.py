"""The honest skip: counted on the summary's last line, a failure in CI."""

from __future__ import annotations

from pathlib import Path

import pytest

QUICK = ("-p", "no:schemathesis")  # a plugin of which nothing is needed here takes seconds to import
SUITE = """
import pytest

@pytest.mark.requires_system("no-such-program", install="apt-get install nothing")
def test_marked():
    assert False

@pytest.fixture(scope="session")
def server(requires_system):
    requires_system(lambda: False, install="apt-get install server")

def test_by_fixture(server):
    assert False

def test_by_the_same_fixture(server):
    assert False

@pytest.mark.requires_system("sh", install="apt-get install dash")
def test_at_hand():
    pass

def test_skipped_otherwise():
    pytest.skip("another reason")
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    root = Path(__file__).parent.parent
    scope = "asyncio_default_fixture_loop_scope = function"
    pytester.makeini(f"[pytest]\npythonpath = {root}\n{scope}\nmarkers = requires_system(need, install)")
    pytester.makepyfile(SUITE)
    return pytester


@pytest.mark.parametrize("workers", [pytest.param([], id="alone"), pytest.param(["-n1"], id="in a worker")])
def test_missing_package_is_counted(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, workers: list[str]) -> None:
    monkeypatch.delenv("CI", raising=False)
    result = suite.runpytest_subprocess("-rs", *QUICK, *workers)
    result.assert_outcomes(passed=1, skipped=4)
    summary = "skipped for lack of a system package: 3; apt-get install nothing (1); apt-get install server (2)"
    assert result.outlines[-2] == summary


def test_missing_package_fails_in_ci(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    result = suite.runpytest_subprocess(*QUICK)
    result.assert_outcomes(passed=1, skipped=1, errors=3)
