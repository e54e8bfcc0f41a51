"""What a lane does about an answer of Apple or Google: a row per answer, as data (protocols 2.5 and 3.4)."""

from enum import StrEnum

import msgspec

from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.wire.exchange import Failure


class Reaction(StrEnum):
    """What follows for the lane; what follows for the push is its outcome."""

    DONE = "done"
    """Nothing."""
    AGAIN = "again"
    """Nothing: this push is tried later."""
    FAIL = "fail"
    """Nothing: this push is never tried again, and its device stays."""
    FORGET = "forget"
    """Nothing: the device is gone, and forgotten unless the deletion brake stops it."""
    REFRESH = "refresh"
    """New credentials, once, and the same push once more."""
    KEEP = "keep"
    """The credentials of before, for as long as new ones are kept."""
    RECONNECT = "reconnect"
    """A new connection in place of this one."""
    SLOW = "slow"
    """Less at a time; where the provider names a wait, nothing until then."""
    STOP = "stop"
    """Nothing more until somebody mends it: one push a minute asks whether it was."""


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer's reaction and outcome."""

    reaction: Reaction
    outcome: Outcome


DONE = Row(reaction=Reaction.DONE, outcome=Accepted())
REFUSED = Row(reaction=Reaction.FAIL, outcome=Refused(trouble=Trouble.REFUSED))
GONE = Row(reaction=Reaction.FORGET, outcome=TokenGone(since=None))
MALFORMED = Row(reaction=Reaction.FAIL, outcome=Refused(trouble=Trouble.MALFORMED))
"""A push that we built wrongly: none like it will ever be taken."""
STOPPED = Row(reaction=Reaction.STOP, outcome=Refused(trouble=Trouble.CONFIGURATION))
EXPIRED = Row(reaction=Reaction.REFRESH, outcome=Again(trouble=Trouble.CREDENTIALS))
TOO_NEW = Row(reaction=Reaction.KEEP, outcome=Again(trouble=Trouble.CREDENTIALS))
FOREIGN_KEY = Row(reaction=Reaction.RECONNECT, outcome=Again(trouble=Trouble.CREDENTIALS))
CLOSING = Row(reaction=Reaction.RECONNECT, outcome=Again(trouble=Trouble.NOT_SENT))
BUSY = Row(reaction=Reaction.AGAIN, outcome=Again(trouble=Trouble.BUSY))
BROKEN = Row(reaction=Reaction.AGAIN, outcome=Again(trouble=Trouble.UNAVAILABLE))
OVERLOADED = Row(reaction=Reaction.SLOW, outcome=Again(trouble=Trouble.UNAVAILABLE))

NOT_SENT = Row(reaction=Reaction.AGAIN, outcome=Again(trouble=Trouble.NOT_SENT))
UNSURE = Row(reaction=Reaction.AGAIN, outcome=Again(trouble=Trouble.UNKNOWN, unknown=True))
FAILURES: dict[Failure, Row] = {
    Failure.NOT_SENT: NOT_SENT,
    Failure.UNPROCESSED: NOT_SENT,
    Failure.RESET: UNSURE,
    Failure.LOST: UNSURE,
    Failure.TIMED_OUT: UNSURE,
}


def read_failure(failure: Failure) -> Row:
    """Say what the lack of a reply means: only what surely was not processed may sound again (I3)."""
    return FAILURES[failure]
