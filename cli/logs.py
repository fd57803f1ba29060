"""What the running programs write of themselves: a line an event; of an error its way through the code, never the values on the way."""

from __future__ import annotations

import structlog


def set_up_logs() -> None:
    """
    Let errors be told by a plain traceback.

    structlog's own, where Rich is installed, prints every local variable of every frame: passwords and tokens among them, and of a large
    frame it takes a minute, in which the server answers nobody.
    """
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])
