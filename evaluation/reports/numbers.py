"""Numbers as officers write them: a decimal comma, and a point or a space between thousands (83,54 · 1.234 · 1.234,5)."""

from __future__ import annotations

import re
from decimal import Decimal

#: Digits before the comma; longer ones are no count of anything.
MOST_DIGITS = 15
_PLAIN = re.compile(r"-?\d+(,\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}((\.\d{3})+|( \d{3})+)(,\d+)?")


def as_number(text: str) -> Decimal | None:
    """Return the number that a text writes, or None; a point that parts no thousands (83.54) is none."""
    text = " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    plain = text.replace(".", "").replace(" ", "").replace(",", ".")
    return Decimal(plain) if len(plain.partition(".")[0].lstrip("-")) <= MOST_DIGITS else None


def decimals_of(number: Decimal) -> int:
    """Return how many decimals a number was written with."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def number_text(number: Decimal) -> str:
    """Return a number as officers write it: 1.234,5."""
    whole, _, rest = f"{number:,f}".partition(".")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")
