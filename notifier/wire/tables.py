"""The reaction tables as people read them, for the page of the room that follows them: one line per row."""

from collections.abc import Iterable

from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.wire.apns_replies import ROWS
from notifier.wire.fcm_replies import CODES, STATUSES
from notifier.wire.reactions import Row

_HEAD = "| answer | the lane | the push |\n|---|---|---|\n"


def describe_apns() -> str:
    """Write Apple's answers, in the order of the table, as Markdown."""
    return _table((f"{status} `{reason}`", row) for (status, reason), row in ROWS.items())


def describe_fcm() -> str:
    """Write Google's answers: by `errorCode`, then by status where there is none."""
    codes = [(f"`{code}`", row) for code, row in CODES.items()]
    return _table([*codes, *((f"{status} without `errorCode`", row) for status, row in STATUSES.items())])


def _table(rows: Iterable[tuple[str, Row]]) -> str:
    return _HEAD + "".join(f"| {answer} | {row.reaction} | {_say(row.outcome)} |\n" for answer, row in rows)


def _say(outcome: Outcome) -> str:
    match outcome:
        case Accepted():
            return "accepted"
        case TokenGone():
            return "failed, device gone"
        case Refused(trouble=Trouble.CONFIGURATION):
            return "waits until it is mended"
        case Refused():
            return f"failed, {outcome.trouble}"
        case Again(after=None):
            return f"again, {outcome.trouble}"
        case Again():
            return f"again after {outcome.after}, {outcome.trouble}"
