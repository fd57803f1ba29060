"""The log of a running program: what went wrong and where, and no value that was at hand."""

from __future__ import annotations

import subprocess
import sys

FAILING = """
import structlog
from cli.logs import set_up_logs

def sign_in():
    password = "".join(reversed("2retnuh"))
    raise ValueError("no such account")

set_up_logs()
try:
    sign_in()
except ValueError as error:
    structlog.get_logger().error("request.failed", exc_info=error)
"""


def test_an_error_is_told_with_its_way_and_without_values() -> None:
    told = subprocess.run([sys.executable, "-c", FAILING], check=True, capture_output=True, text=True)
    said = told.stdout + told.stderr
    assert ("request.failed" in said, "in sign_in" in said, "no such account" in said) == (True, True, True)
    assert "hunter2" not in said
