"""What a plan's lines say about its survey and its council: settings, which the rules of each read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class TooFew(StrEnum):
    """What becomes of a group of respondents that sent too few ballots about a unit."""

    REFUSE = "refuse"  #: no points until there are more, or the rule is changed
    LEAVE_OUT = "leave-out"  #: the other groups' questions make up the whole leaf
    COUNT = "count"  #: it counts all the same, if there is any ballot


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyRules:
    """What the authority decides about its survey (domain §14.9)."""

    held: bool = True  #: False: no survey this year; the appraisal alone is rescaled to 100
    minimum: int = 1  #: valid ballots that a unit needs from each group of respondents
    too_few: TooFew = TooFew.REFUSE


class Base(StrEnum):
    """Of whom a majority is needed."""

    ENTITLED = "entitled"  #: of all that may vote on the matter
    TAKING_PART = "taking-part"  #: of those that did


@dataclass(frozen=True, kw_only=True, slots=True)
class CouncilRules:
    """What the council's own rules say."""

    quorum: Decimal = Decimal(50)  #: more than so many per cent of the entitled take part
    majority: Decimal = Decimal(50)  #: more than so many per cent agree
    base: Base = Base.ENTITLED
    in_writing: bool = True  #: votes in writing count
    chair_decides: bool = False  #: exactly at the bound the chair's side wins
    secret: bool = False  #: nobody sees a count before the votes are counted, nor ever who voted how
    remind_before: int = 1  #: working days before a session takes no more votes: who has not voted is reminded
