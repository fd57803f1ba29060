"""
Addresses of accounts: one spelling for each, and none that merely looks like another.

An account is known by its address, so two addresses that people read alike must never be two accounts. All is ASCII in lower case; a
domain of another script is taken in its ASCII form (`xn--`) only, and only where it means letters that cannot be mistaken for Latin ones
without their marks.
"""

from __future__ import annotations

import re
import unicodedata

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_LONGEST = 254
_LONGEST_LOCAL_PART = 64
_ENCODED = "xn--"


class UnfitAccountAddressError(ValueError):
    """An address cannot be an account's: what is wrong with it, and what to do."""

    def __init__(self, why: str) -> None:
        """Keep the reason; the address itself is not repeated, since logs keep what errors say."""
        self.why = why
        super().__init__(f"this address cannot be an account's: {why}; write name@domain in plain letters without marks")


def account_address(text: str) -> str:
    """
    Return the one spelling of an address by which its account is known.

    Lengths as in RFC 5321, section 4.5.3.1; quoted local parts, comments and address literals are refused.

    Raises:
        UnfitAccountAddressError: it is no address, or has letters that look like others.

    """
    written = text.strip(" \t")
    if not written.isascii():  # before anything is normalised: the sign of Kelvin would become a K
        msg = "it has letters outside plain ASCII, which can be mistaken for others"
        raise UnfitAccountAddressError(msg)
    address = written.lower()
    local, at, domain = address.partition("@")
    if not at or len(address) > _LONGEST or len(local) > _LONGEST_LOCAL_PART or _LOCAL_PART.fullmatch(local) is None:
        msg = "it is not written as an address"
        raise UnfitAccountAddressError(msg)
    _check_domain(domain)
    return address


def _check_domain(domain: str) -> None:
    labels = domain.split(".")
    numeric = labels[-1].isdecimal()
    if len(labels) == 1 or numeric or any(_LABEL.fullmatch(label) is None for label in labels):
        msg = "what stands behind the @ is no domain"
        raise UnfitAccountAddressError(msg)
    for label in labels:
        if label.startswith(_ENCODED):
            _check_encoded(label)


def _check_encoded(label: str) -> None:
    """Refuse an encoded label that is broken, or whose letters are not all Latin (Vietnamese ones are)."""
    try:
        meant = label.encode("ascii").decode("idna")
        again = meant.encode("idna").decode("ascii")
    except UnicodeError:
        msg = "its domain is encoded wrongly"
        raise UnfitAccountAddressError(msg) from None
    letters = [character for character in meant if character.isalpha()]
    if again != label or meant.isascii() or any(not unicodedata.name(letter, "").startswith("LATIN ") for letter in letters):
        msg = "its domain has letters that can be mistaken for others"
        raise UnfitAccountAddressError(msg)
