"""Who learns of a child's event, written from RULES B7, B11, B12, B13 and A12 to A15, sharing nothing with the house.

Each function gives every reason that forbids a push, by name; none means that the push is sent. Which of several
reasons is told is left open by the documents, so that any of them is right.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Case:
    """One row: what is true of the child, the guardian, their link and the event on one day."""

    today: date
    own_from: date
    """First day on which the child is told itself."""
    ombud_until: date
    """First day on which no guardian is told."""
    child_dead: bool = False
    child_protected: bool = False
    child_device_since_flag: bool = False
    guardian_dead: bool = False
    guardian_protected: bool = False
    guardian_state: str = "fine"
    """Or `inactive`, `under 13`, `not joined`, `unknown`."""
    blocked: bool = False
    relation: str = "guardian"
    link: str = "in force"
    """Or `not yet`, `last day`, `first day`, `ended today`, `ended`, `tombstone`."""
    withheld: str = "no"
    """Or `from everybody`, `from guardians`."""


def bars_child(case: Case) -> set[str]:
    """Name everything that keeps the child's own push back."""
    bars = set()
    if case.child_dead:
        bars.add("deceased")
    if case.withheld == "from everybody":
        bars.add("withheld")
    if case.today < case.own_from:
        bars.add("too_young")
    if case.child_protected and not case.child_device_since_flag:
        bars.add("protected")
    return bars


_LINK = {
    "in force": None,
    "first day": None,
    "last day": None,
    "not yet": "link_not_yet_valid",
    "ended today": "link_ended",
    "ended": "link_ended",
    "tombstone": "link_ended",
}


_GUARDIAN = {"fine": None, "inactive": "account_inactive", "under 13": "too_young", "not joined": "region_not_joined"}


def bars_guardian(case: Case) -> set[str] | None:
    """Name everything that keeps the guardian's push back; None where the guardian is no recipient at all."""
    if case.guardian_state == "unknown":
        return None
    bars = {_LINK[case.link], _GUARDIAN[case.guardian_state]} - {None}
    if case.child_dead or case.guardian_dead:
        bars.add("deceased")
    if case.child_protected or case.guardian_protected:
        bars.add("protected")
    if case.blocked:
        bars.add("blocked")
    if case.relation != "guardian":
        bars.add("link_ended")
    if case.withheld != "no":
        bars.add("withheld")
    if case.today >= case.ombud_until:
        bars.add("too_old_for_proxy")
    return {bar for bar in bars if bar is not None}
