"""What leaves the house: public reasons (B3, A27) and the ends that carry them (B6)."""

from datetime import timedelta

import pytest

from notifier.domain.ends import Ended
from notifier.domain.identifiers import EventKey
from notifier.domain.reasons import End, PublicReason, Reason, publish_reason
from notifier.domain.statuses import State, Status, publish_end_reason, tell_end
from tests.domain.cast import NOON

HIDDEN = PublicReason.NOT_AVAILABLE


SAID = {
    Reason.NO_DEVICE: PublicReason.NO_DEVICE,
    Reason.DEVICE_GONE: PublicReason.NO_DEVICE,
    Reason.REGION_NOT_JOINED: PublicReason.REGION_NOT_JOINED,
    Reason.UNKNOWN_PERSON: PublicReason.UNKNOWN_PERSON,
    Reason.EXPIRED: PublicReason.EXPIRED,
    Reason.SUPERSEDED: PublicReason.SUPERSEDED,
    Reason.DUPLICATE: PublicReason.DUPLICATE,
}


BETRAYING = [
    Reason.BLOCKED,
    Reason.PROTECTED,
    Reason.DECEASED,
    Reason.TOO_OLD_FOR_PROXY,
    Reason.LINK_ENDED,
    Reason.WITHHELD,
]


@pytest.mark.holds("B3", "A27")
@pytest.mark.parametrize("reason", Reason)
def test_only_harmless_reasons_leave_and_about_a_child_none(reason: Reason) -> None:
    assert publish_reason(reason, about_child=False) is SAID.get(reason, HIDDEN)
    assert publish_reason(reason, about_child=True) is HIDDEN


@pytest.mark.holds("B3")
@pytest.mark.parametrize("reason", BETRAYING)
def test_the_six_reasons_that_betray_never_leave(reason: Reason) -> None:
    assert {publish_reason(reason, about_child=child) for child in (True, False)} == {HIDDEN}


@pytest.mark.holds("A27")
def test_the_public_reasons_are_the_closed_list() -> None:
    assert {reason.value for reason in PublicReason} == {
        "not_available", "no_device", "region_not_joined", "unknown_person", "expired", "superseded", "duplicate",
        "held",
    }  # fmt: skip


def tell(ended: Ended, *, about_child: bool = False, late: timedelta = timedelta()) -> Status:
    return tell_end(
        EventKey(bytes(16)),
        "urn:se:1177:inkorg",
        "message-1",
        ended,
        about_child=about_child,
        opened_at=NOON,
        now=NOON + late,
    )


@pytest.mark.holds("A27", "B6")
@pytest.mark.parametrize("about_child", [True, False])
@pytest.mark.parametrize("end", [End.SEEN, End.WITHDRAWN, End.DELIVERED_UNSEEN])
def test_an_end_that_somebody_learnt_of_has_no_reason_and_is_told_at_once(end: End, about_child: bool) -> None:
    status = tell(Ended(end=end), about_child=about_child)
    assert (status.state, status.reason, status.after, status.seq) == (end, None, timedelta(), 6)


@pytest.mark.holds("A27", "B3")
@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (Ended(end=End.UNREACHABLE, reason=Reason.NO_DEVICE), PublicReason.NO_DEVICE),
        (Ended(end=End.LEGACY, reason=Reason.REGION_NOT_JOINED), PublicReason.REGION_NOT_JOINED),
        (Ended(end=End.UNREACHABLE, reason=Reason.UNKNOWN_PERSON), PublicReason.UNKNOWN_PERSON),
        (Ended(end=End.UNREACHABLE, reason=Reason.BLOCKED), HIDDEN),
        (Ended(end=End.UNREACHABLE), HIDDEN),
        (Ended(end=End.SUPERSEDED, reason=Reason.SUPERSEDED), PublicReason.SUPERSEDED),
        (Ended(end=End.EXPIRED, reason=Reason.EXPIRED), PublicReason.EXPIRED),
        (Ended(end=End.SUPERSEDED), PublicReason.SUPERSEDED),
    ],
)
def test_the_publisher_is_told_why_nobody_learnt_of_it_but_never_about_a_child(
    ended: Ended, reason: PublicReason
) -> None:
    assert publish_end_reason(ended, about_child=False) is reason
    assert publish_end_reason(ended, about_child=True) is HIDDEN


@pytest.mark.holds("A27", "B3")
@pytest.mark.parametrize(("late", "wait"), [(0, 60), (20, 40), (60, 0), (3600, 0)])
def test_not_available_is_published_60_seconds_after_opening(late: int, wait: int) -> None:
    hidden = tell(Ended(end=End.UNREACHABLE, reason=Reason.BLOCKED), late=timedelta(seconds=late))
    assert hidden.after == timedelta(seconds=wait)
    child = tell(Ended(end=End.UNREACHABLE, reason=Reason.NO_DEVICE), about_child=True, late=timedelta(seconds=late))
    assert (child.reason, child.after) == (HIDDEN, timedelta(seconds=wait))
    assert tell(Ended(end=End.UNREACHABLE, reason=Reason.NO_DEVICE)).after == timedelta()


@pytest.mark.holds("B6", "A27")
def test_the_states_are_those_of_the_contract() -> None:
    assert {state.value for state in State} == {
        "accepted", "duplicate", "rejected", "held", "pushed", "sms_sent", "email_sent",
    }  # fmt: skip
    assert [end.value for end in End] == [
        "seen", "withdrawn", "delivered_unseen", "legacy", "unreachable", "superseded", "expired",
    ]  # fmt: skip
