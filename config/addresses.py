"""Addresses: what counts as an e-mail address here, stricter than the standards allow."""

from __future__ import annotations

import re

_LOCAL_PART = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
_ADDRESS = re.compile(f"{_LOCAL_PART}@{_DOMAIN}", re.ASCII)
_LONGEST = 254
_LONGEST_LOCAL_PART = 64


def is_address(text: str) -> bool:
    """
    Return whether the text is an address that any mail server takes: plain ASCII, a domain with a dot, no quotes.

    Lengths as in RFC 5321, section 4.5.3.1; quoted local parts, comments, literals and addresses in Unicode are refused.
    """
    return len(text) <= _LONGEST and text.find("@") <= _LONGEST_LOCAL_PART and _ADDRESS.fullmatch(text) is not None
