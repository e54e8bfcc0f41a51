"""Why something was or was not sent, as closed lists (DESIGN 1); and what of it may leave the house (B3, A27)."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a recipient got nothing, or why a delivery ended."""

    ACCOUNT_INACTIVE = "account_inactive"
    ALREADY_HANDLED = "already_handled"
    BLOCKED = "blocked"
    DECEASED = "deceased"
    DEVICES_PARKED = "devices_parked"
    DEVICE_GONE = "device_gone"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    FEED_STALE = "feed_stale"
    HALTED = "halted"
    IDENTITY_LOOP = "identity_loop"
    LINK_ENDED = "link_ended"
    LINK_NOT_YET_VALID = "link_not_yet_valid"
    MUTED = "muted"
    NOT_YET_KNOWN = "not_yet_known"
    NO_DEVICE = "no_device"
    PROTECTED = "protected"
    PROVIDER_REFUSED = "provider_refused"
    REGION_NOT_JOINED = "region_not_joined"
    SUPERSEDED = "superseded"
    TOO_OLD_FOR_PROXY = "too_old_for_proxy"
    TOO_YOUNG = "too_young"
    UNKNOWN_PERSON = "unknown_person"
    WITHDRAWN = "withdrawn"
    WITHHELD = "withheld"


class PublicReason(StrEnum):
    """What a publisher may learn (A27)."""

    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    HELD = "held"
    NOT_AVAILABLE = "not_available"
    NO_DEVICE = "no_device"
    REGION_NOT_JOINED = "region_not_joined"
    SUPERSEDED = "superseded"
    UNKNOWN_PERSON = "unknown_person"


class DeadLetterReason(StrEnum):
    """Why a record could not be used (B24); each has a sentence in `wire.letters`."""

    ATTRIBUTE_MISSING = "attribute_missing"
    BATCH_MODE = "batch_mode"
    BEYOND_HORIZON = "beyond_horizon"
    CHECK_DIGIT = "check_digit"
    EMPTY = "empty"
    IDENTITY_IN_REFERENCE = "identity_in_reference"
    ID_REUSED = "id_reused"
    MATTER_OF_ANOTHER = "matter_of_another"
    NESTED_TOO_DEEP = "nested_too_deep"
    NOT_ALLOWED = "not_allowed"
    NOT_JSON = "not_json"
    NOT_UTF8 = "not_utf8"
    NUL_CHARACTER = "nul_character"
    SCHEMA_VIOLATED = "schema_violated"
    SPECVERSION = "specversion"
    SUBJECT_INVALID = "subject_invalid"
    TIME_IMPOSSIBLE = "time_impossible"
    TIME_INVALID = "time_invalid"
    TOO_LARGE = "too_large"
    TYPE_UNKNOWN = "type_unknown"
    UNPROCESSABLE = "unprocessable"
    VERSION_UNKNOWN = "version_unknown"


class HoldReason(StrEnum):
    """Why a notice waits and is judged again (A7, A8, A20, B28)."""

    DEVICES_PARKED = "devices_parked"
    FEED_STALE = "feed_stale"
    HALTED = "halted"
    IDENTITY_LOOP = "identity_loop"
    NOT_YET_KNOWN = "not_yet_known"


class End(StrEnum):
    """How an event ends for its publisher; the order is that of A25: the first that holds for any recipient."""

    SEEN = "seen"
    WITHDRAWN = "withdrawn"
    DELIVERED_UNSEEN = "delivered_unseen"
    LEGACY = "legacy"
    UNREACHABLE = "unreachable"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


_OPEN = {
    Reason.NO_DEVICE: PublicReason.NO_DEVICE,
    Reason.DEVICE_GONE: PublicReason.NO_DEVICE,
    Reason.REGION_NOT_JOINED: PublicReason.REGION_NOT_JOINED,
    Reason.UNKNOWN_PERSON: PublicReason.UNKNOWN_PERSON,
    Reason.EXPIRED: PublicReason.EXPIRED,
    Reason.SUPERSEDED: PublicReason.SUPERSEDED,
    Reason.DUPLICATE: PublicReason.DUPLICATE,
}


def publish_reason(reason: Reason, *, about_child: bool) -> PublicReason:
    """Say what of a true reason may leave the service: what could betray is `not_available` (B3, A27)."""
    if about_child:
        return PublicReason.NOT_AVAILABLE
    return _OPEN.get(reason, PublicReason.NOT_AVAILABLE)
