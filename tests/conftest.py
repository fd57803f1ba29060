"""
What every test may use: Hypothesis profiles, the databases, and honest skips.

A test that needs a program of the system says so, and says how to get it:

    @pytest.mark.requires_system("soffice", install="apt-get install libreoffice-writer")

or, in a fixture, calls `requires_system(...)` with the same arguments. The need is a program's name, or a check that
answers yes or no. Such a skip is counted on the last line of the summary; where CI is "true" it is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


MISSING = "missing on this system: "

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=5_000, deadline=None)
settings.load_profile("ci")  # `--hypothesis-profile` comes later and wins


# --- system packages -------------------------------------------------------------------------------------------------


class RequiresSystem(Protocol):
    """Skips the test that asks (fails it in CI) unless the system has what it needs."""

    def __call__(self, need: str | Callable[[], bool], *, install: str) -> None: ...


def _require_system(need: str | Callable[[], bool], *, install: str) -> None:
    found = shutil.which(need) is not None if isinstance(need, str) else need()
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{MISSING}{install}", pytrace=False)
    pytest.skip(f"{MISSING}{install}")


@pytest.fixture(scope="session")
def requires_system() -> RequiresSystem:
    return _require_system


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("requires_system"):
        _require_system(*mark.args, **mark.kwargs)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    yield
    reasons = (str(report.longrepr[2]) for report in terminalreporter.getreports("skipped") if isinstance(report.longrepr, tuple))
    missing = Counter(reason.partition(MISSING)[2] for reason in reasons if MISSING in reason)
    cures = [f"{install} ({count})" for install, count in sorted(missing.items())]
    terminalreporter.write_line("; ".join([f"skipped for lack of a system package: {missing.total()}", *cures]))


# --- databases -------------------------------------------------------------------------------------------------------
