"""Which devices are pushed to (R17), and whose app is too old (R19)."""

from datetime import datetime

from notifier.domain.circumstances import Circumstances
from notifier.domain.people import Device
from notifier.domain.policy import Policy

UPDATE = "update"
"""The text that tells of a new version (B8)."""


def find_fresh(devices: tuple[Device, ...], around: Circumstances) -> tuple[Device, ...]:
    """Give the devices that were confirmed recently enough: a stale one is no device, and is kept (protocols 3.5)."""
    for platform, border in around.stale_borders:
        for one in devices:
            if one.platform is platform and one.trusted_at <= border:  # seldom: only then the tuple is made again
                return tuple(one for one in devices if not _is_stale(one, around))
    return devices


def _is_stale(device: Device, around: Circumstances) -> bool:
    return any(device.platform is platform and device.trusted_at <= border for platform, border in around.stale_borders)


def choose_text(text_key: str, device: Device, around: Circumstances) -> str:
    """Give the notice's own text, or `update` where the app is too old and was not told so for a while (R19)."""
    border = update_border(around.policy, around.now)
    if border is None or not is_outdated(device, around.policy):
        return text_key
    return UPDATE if device.told_to_update_at is None or device.told_to_update_at <= border else text_key


def is_outdated(device: Device, policy: Policy) -> bool:
    """Say whether the app is below the least version of its platform; a version that says nothing is not."""
    least = read_version(policy.least_app_version.get(device.platform))
    own = read_version(device.app_version)
    return least is not None and own is not None and own < least


def update_border(policy: Policy, now: datetime) -> datetime | None:
    """Say until when a device must have been told last to be told again; None while no version is too old."""
    return now - policy.update_notice_every if policy.least_app_version else None


def read_version(text: str | None) -> tuple[int, ...] | None:
    """Read dotted numbers, `3.2` and `3.2.0` being the same; None for anything else."""
    parts = [] if text is None else text.split(".")
    if not parts or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
