"""What phones got, and when: sounds, what was forbidden, what they show in the end (A28 to A30, R2, R14)."""

import math
from collections.abc import Iterator

from notifier.domain.pushes import Accepted, Alert, Refused, Trouble
from tests.fakes.rows import NOBODY
from tests.simulation.chronicle import Chronicle
from tests.simulation.eligibility import is_stale
from tests.simulation.path import LEASE
from tests.simulation.phones import Sent
from tests.simulation.world import World

_HAND_OFF_SECONDS = 60.0
_LEASE_SECONDS = LEASE.total_seconds()
_HEARING_SECONDS = 0.5
_RECORDING_SECONDS = 5.0
"""What was answered longer ago has been recorded, however often a transaction had to be repeated."""
_REPLY_SECONDS = 2.0
"""What was committed so shortly before may not have reached its lane yet."""
_MISSED = ("muted", "account_inactive", "region_not_joined")


def check_sounds(world: World) -> Iterator[str]:
    """A29: no second sound more than a minute after the first, and never two entries of one matter."""
    first: dict[tuple[str, bytes], float] = {}
    shown: dict[tuple[str, bytes], bytes] = {}
    for sent in sorted(arrived(world), key=lambda sent: sent.arrived_at or 0):
        parcel, content = sent.parcel, sent.parcel.content
        if not isinstance(content, Alert):
            continue
        event = world.tables.deliveries[delivery_of(sent)].ref.event  # type: ignore[index]
        matter = parcel.token, world.tables.events[event].opening.event.matter_key
        if shown.setdefault(matter, content.collapse_id) != content.collapse_id:
            yield f"A28: phone {parcel.token} shows a matter twice"
        if sent.sounds:
            heard_at = first.setdefault((parcel.token, parcel.id), sent.began_at)
            if sent.began_at > heard_at + 60:
                yield f"A29: phone {parcel.token} sounds again after {sent.began_at - heard_at:.1f} s"


def arrived(world: World) -> list[Sent]:
    return [sent for sent in world.post.sent if sent.arrived_at is not None]


def delivery_of(sent: Sent) -> int:
    return int.from_bytes(sent.parcel.id[8:])


def check_leases(world: World, chronicle: Chronicle) -> Iterator[str]:
    """I3: whoever begins to send holds the lease (the process that opened or claimed it, no longer than it lasts)."""
    for sent in world.post.sent:
        if isinstance(sent.parcel.content, Alert):
            handed = chronicle.handed.get(delivery_of(sent), ())
            held = any(who == sent.process and 0 <= sent.began_at - at <= _LEASE_SECONDS for who, at in handed)
            if not held:
                yield f"I3: {sent.process} sent delivery {delivery_of(sent)} without its lease"


def check_tightenings(world: World, chronicle: Chronicle) -> Iterator[str]:
    """A30: what was decided before is at most a first hand-off; what lanes hold they let go."""
    stops = [(name, begin, end) for name, begin, end in world.stops]
    for sent in world.post.sent:
        if not isinstance(sent.parcel.content, Alert):
            continue
        row = world.tables.deliveries[delivery_of(sent)]  # type: ignore[index]
        about = chronicle.unread.person[chronicle.unread.events[row.ref.event].subject]
        read, born, born_at = chronicle.born[row.ref.event][row.ref.notice]
        claims = [claim for claim in chronicle.claims.get(delivery_of(sent), ()) if claim[1] <= sent.began_at]
        judged, handed_at = max([(read, born_at), *claims[-1:]])
        for number, at in chronicle.tightened.get((row.recipient, about), ()):
            late = sent.began_at - at
            if late < 0 or number < judged:
                continue  # it came later, or before the last judging, which is held to the rules by itself
            stopped = any(sent.process == name and begin <= sent.began_at and end >= at for name, begin, end in stops)
            held = born < number and at > handed_at + _REPLY_SECONDS
            if late > _HAND_OFF_SECONDS or (held and late > _HEARING_SECONDS and not stopped):
                yield f"A30: {row.ref.event.hex()} went to {row.recipient} {late:.1f} s after it was forbidden"


def check_phones(world: World, chronicle: Chronicle) -> Iterator[str]:
    """R2, R14: phones show unread matters only, and the newest badge; but for those whom a provider refused."""
    refused = {sent.parcel.token for sent in world.post.sent if sent.outcome == Refused(trouble=Trouble.REFUSED)}
    for token, phone in sorted(world.post.phones.items()):
        device = world.tables.devices[int(token)]  # type: ignore[index]
        owner = world.tables.persons[device.person]
        untrusted = owner.id in chronicle.hidden and device.device.trusted_at <= owner.protected_at
        untrusted |= is_stale(device.device, world.now())
        if token in world.post.uninstalled or device.parked or token in refused or untrusted:
            continue
        for sent in phone.shown.values():
            event = chronicle.unread.events[world.tables.deliveries[delivery_of(sent)].ref.event]  # type: ignore[index]
            if (device.person, event.matter_key) not in chronicle.unread.counted and not _was_overtaken(sent):
                yield f"R2: phone {token} still shows {event.id}"
        unread = world.tables.badges.get(device.person, NOBODY).unread
        if owner.deceased:
            continue  # an opening that overtook the death counts one more, and its push is not sent
        if phone.last is not None and phone.badge != unread and not _is_excused(world, token, phone.last):
            yield f"R14: phone {token} shows badge {phone.badge}, {unread} are unread"


def check_doubts(world: World) -> Iterator[str]:
    """R17: a token is in doubt until a push to it was taken, and no longer than until that is stored."""
    taken: dict[str, float] = {}
    for sent in world.post.sent:
        if sent.outcome == Accepted() and sent.answered_at is not None:
            taken[sent.parcel.token] = min(sent.answered_at, taken.get(sent.parcel.token, sent.answered_at))
    for sent in world.post.sent:
        if not sent.parcel.doubtful and sent.began_at < taken.get(sent.parcel.token, math.inf):
            yield f"R17: token {sent.parcel.token} was in no doubt before a push to it was taken"
    told = {row.delivery.device for row in world.tables.deliveries.values() if row.accepted}
    for number, device in world.tables.devices.items():
        if device.device.doubtful and number in told and not device.parked:
            yield f"R17: token {number} is in doubt though a push to it was taken"


def _was_lost(world: World, sent: Sent) -> bool:
    """Nobody heard the answer or could store it, or it showed after its answer: its badge cannot be known."""
    return sent.answered_at is None or _was_overtaken(sent) or _died_with(world, sent)


def _was_overtaken(sent: Sent) -> bool:
    """Say whether it showed after its answer; where nobody heard one, it is taken off when its lease is over."""
    return sent.answered_at is not None and (sent.arrived_at or 0) > sent.answered_at


def _died_with(world: World, sent: Sent) -> bool:
    """Say whether its process died with the answer to it unrecorded."""
    if not isinstance(sent.parcel.content, Alert) or world.tables.deliveries[delivery_of(sent)].accepted:  # type: ignore[index]
        return False
    died_at = next(process.died_at for process in world.processes if process.name == sent.process)
    return died_at is not None and 0 <= died_at - (sent.answered_at or 0) < _RECORDING_SECONDS


def _is_excused(world: World, token: str, last: Sent) -> bool:
    """A device whose alert was given up, or muted when it was already counted, has missed a badge (A24)."""
    rows = [row for row in world.tables.deliveries.values() if str(row.delivery.device) == token]
    return _was_lost(world, last) or any(row.state in ("failed", "expired") or row.reason in _MISSED for row in rows)
