"""
The outbox: notices become messages, messages leave, and what came of it is kept.

Cancelling is what commands and the tick need of it; gathering, claiming, recording and holding are the delivery's.
"""

from store.outbox.cancelling import cancel_notices, cancel_where, take_back

__all__ = ["cancel_notices", "cancel_where", "take_back"]
