"""Messages: their states, which leads where, and what a try at sending can come to."""

from __future__ import annotations

from enum import StrEnum


class MessageState(StrEnum):
    """Where a message stands."""

    HELD = "held"  #: kept back by a person, a restore or the fuse
    QUEUED = "queued"  #: frozen, waits to leave
    SENDING = "sending"  #: on a connection now
    SENT = "sent"  #: the mail server has taken it over
    UNKNOWN = "unknown"  #: it may have left: nobody knows
    REFUSED = "refused"  #: the mail server refuses this recipient for good
    BOUNCED = "bounced"  #: came back after it was sent
    CANCELLED = "cancelled"  #: never to leave; its notices were gathered anew or are void


class Outcome(StrEnum):
    """What one try at sending came to."""

    SENT = "sent"  #: accepted
    LATER = "later"  #: 4xx, or the connection went before the content was handed over: tried again
    REFUSED = "refused"  #: 5xx for this recipient
    STOPPED = "stopped"  #: 5xx for all, no TLS, wrong certificate: nothing more is tried now
    DOWN = "down"  #: no connection could be made: nothing more is tried now
    UNKNOWN = "unknown"  #: no answer after the content was handed over


#: What delivery makes of a message that is `sending`.
AFTER: dict[Outcome, MessageState] = {
    Outcome.SENT: MessageState.SENT,
    Outcome.LATER: MessageState.QUEUED,
    Outcome.REFUSED: MessageState.REFUSED,
    Outcome.STOPPED: MessageState.QUEUED,
    Outcome.DOWN: MessageState.QUEUED,
    Outcome.UNKNOWN: MessageState.UNKNOWN,
}


class MessageVerb(StrEnum):
    """What a person can do with one message."""

    RELEASE = "release-message"
    RESEND = "resend-message"
    COUNT_AS_SENT = "count-message-as-sent"
    CANCEL = "cancel-message"
    BOUNCE = "record-bounce"


#: From where each verb leads where.
MESSAGE_MOVES: dict[MessageVerb, tuple[frozenset[MessageState], MessageState]] = {
    MessageVerb.RELEASE: (frozenset({MessageState.HELD}), MessageState.QUEUED),
    MessageVerb.RESEND: (frozenset({MessageState.UNKNOWN}), MessageState.QUEUED),
    MessageVerb.COUNT_AS_SENT: (frozenset({MessageState.UNKNOWN}), MessageState.SENT),
    MessageVerb.CANCEL: (frozenset({MessageState.HELD, MessageState.QUEUED}), MessageState.CANCELLED),
    MessageVerb.BOUNCE: (frozenset({MessageState.SENT, MessageState.UNKNOWN}), MessageState.BOUNCED),
}


class MessageMoveError(Exception):
    """A message cannot make that move: why not, and what is allowed."""

    def __init__(self, message: int, *, verb: MessageVerb, state: MessageState) -> None:
        """Keep the message, the verb, its state and what would be allowed."""
        self.message, self.verb, self.state = message, verb, state
        self.allowed = tuple(other for other, (states, _) in MESSAGE_MOVES.items() if state in states)
        super().__init__(f"message {message} is {state}: {verb} is not possible; allowed: {', '.join(self.allowed) or 'nothing'}")


class NoSuchMessageError(LookupError):
    """No message has that id or Message-ID."""

    def __init__(self, message: object) -> None:
        """Keep what was asked for."""
        super().__init__(f"there is no message {message}; `dondoc outbox` lists them")


def moved_message(message: int, *, state: MessageState, verb: MessageVerb) -> MessageState:
    """Return the state that the verb leads to; MessageMoveError if it may not."""
    states, to = MESSAGE_MOVES[verb]
    if state not in states:
        raise MessageMoveError(message, verb=verb, state=state)
    return to
