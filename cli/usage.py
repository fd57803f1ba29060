"""
Wrong command lines and wrong settings, said in the language spoken.

Typer and pydantic speak English alone; their sentences are known by their form and put into Vietnamese here, in one table. A sentence
that is not in it stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cli.language import Language, said, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer.exceptions import TyperException

#: English sentence (whole) → Vietnamese.
SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english, re.DOTALL), vietnamese)
    for english, vietnamese in (
        (r"No such command '(.+?)'\. Did you mean (.+)\?", r"không có lệnh “\1”; có phải \2?"),
        (r"No such command '(.+?)'\.", r"không có lệnh “\1”"),
        (r"Missing command\.", "thiếu lệnh"),
        (r"No such option: (\S+) \(Possible options: (.+)\)", r"không có tùy chọn \1; có phải \2?"),
        (r"No such option: (\S+)", r"không có tùy chọn \1"),
        (r"Got unexpected extra argument\(s\) \((.+)\)", r"thừa đối số: \1"),
        (r"Option '(.+?)' requires an argument\.", r"tùy chọn \1 cần một giá trị"),
        (r"Option '(.+?)' requires (\d+) arguments\.", r"tùy chọn \1 cần \2 giá trị"),
        (r"Option '(.+?)' does not take a value\.", r"tùy chọn \1 không nhận giá trị"),
        (r"Missing option '(.+?)'\.(.*)", r"thiếu tùy chọn \1"),
        (r"Missing argument '(.+?)'\.(.*)", r"thiếu đối số \1"),
    )
)
#: English reason why a value is wrong → Vietnamese.
REASONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english, re.DOTALL), vietnamese)
    for english, vietnamese in (
        (r"Value error, (.+) is not one of (.+)\.", r"\1 không có; viết một trong: \2"),
        (r"Value error, (.+) does not match the formats .*'%d/%m/%Y'.*", r"\1 không phải ngày; viết như 2026-03-19 hoặc 19/03/2026"),
        (r"Value error, (.+) does not match the formats (.+)\.", r"\1 không đúng dạng \2"),
        (r"Input should be a valid integer.*", "phải là số nguyên"),
        (r"Input should be a valid number.*", "phải là số"),
        (r"Input should be a valid boolean.*", "phải là true hoặc false"),
        (r"Input should be greater than or equal to (.+)", r"phải từ \1 trở lên"),
        (r"Input should be less than or equal to (.+)", r"phải từ \1 trở xuống"),
        (r"Input should be greater than (.+)", r"phải lớn hơn \1"),
        (r"Input should be less than (.+)", r"phải nhỏ hơn \1"),
        (r"Input should be (?:in a valid time format|a valid time).*", "phải là giờ trong ngày, như 18:00"),
        (r"Value error, write a local time of day without a zone.*", "phải là giờ địa phương không kèm múi giờ, như 18:00"),
        (r"Input should be ('.+')", r"viết một trong: \1"),
    )
)


def usage_words(error: TyperException) -> str:
    """Return what is wrong with a command line, and where its help is; empty where the help has been printed already."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    context: Any = getattr(error, "ctx", None)
    where = f"\n{said('Xem', 'See')}: {context.command_path} --help" if context is not None else ""
    return _vietnamese_usage(error.format_message()) + where


def _vietnamese_usage(english: str) -> str:
    wrong = re.fullmatch(r"Invalid value for '?(.+?)'?: (.+)", english, re.DOTALL)
    if spoken() is Language.EN or wrong is None:
        return _in_vietnamese(english, SENTENCES)
    return f"{wrong[1]}: {_in_vietnamese(wrong[2], REASONS)}"


def _in_vietnamese(english: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    if spoken() is Language.EN:
        return english
    return next((found.expand(vi) for pattern, vi in table if (found := pattern.fullmatch(english))), english)


def setting_words(error: Any) -> str:  # noqa: ANN401  pydantic's ValidationError, which is not imported to ask for its words
    """Return what is wrong with settings, one a line: `DONDOC_WEB_PORT=eighty: …`."""
    return "\n".join(_settings(error))


def _settings(error: Any) -> Iterator[str]:  # noqa: ANN401  likewise
    for fault in error.errors():
        why = _in_vietnamese(fault["msg"], REASONS)
        name = "DONDOC_" + "_".join(str(part) for part in fault["loc"]).upper()
        yield f"{name}={fault['input']}: {why}" if fault["loc"] and "PASSWORD" not in name else why
