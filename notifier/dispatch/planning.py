"""Step 3 of the path as a whole: decisions, and the ids and deliveries they would get."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import msgspec

from notifier.dispatch.batches import Batch, Item, Span
from notifier.dispatch.bounds import Rooms
from notifier.dispatch.sealing import Sealing
from notifier.domain.circumstances import Circumstances
from notifier.domain.devices import choose_text, update_border
from notifier.domain.ends import is_legacy
from notifier.domain.events import Event, Mark
from notifier.domain.guardianship import is_about_child, withhold
from notifier.domain.identifiers import CollapseId, DeliveryId, NoticeId, PersonId, Pseudonym
from notifier.domain.judgement import decide
from notifier.domain.people import Audience, Device, Person
from notifier.domain.plans import Delivery, Marking, Opening, Planned, make_push_id
from notifier.domain.verdicts import Decision, Push
from notifier.wire.records import Decoded, Position, RawRecord, Read

Entropy = Callable[[int], bytes]


class Planner(msgspec.Struct, frozen=True, kw_only=True):
    """Turns a read batch and its audience into what the ledger opens."""

    entropy: Entropy
    sealing: Sealing
    rooms: Rooms
    lease: timedelta
    rejudge_every: timedelta
    catalogue: str

    def within(self, rooms: Rooms) -> "Planner":
        """Give the same planner for one batch, whose places are taken there."""
        return msgspec.structs.replace(self, rooms=rooms)

    def plan(
        self,
        spans: tuple[Span, ...],
        decoded: Decoded,
        records: Mapping[Position, RawRecord],
        audiences: Mapping[Pseudonym, Audience],
        people: Mapping[Pseudonym, PersonId],
        around: Circumstances,
    ) -> Batch:
        """Plan every usable record of a poll; audiences hold every subject, people also those who marked."""
        items = tuple(
            Item(position=read.position, work=self._work(read, audiences, people, around)) for read in decoded.reads
        )
        return Batch(
            spans=spans,
            items=items,
            letters=decoded.letters,
            records=records,
            day=around.day,
            now=around.now,
            lease=self.lease,
            rejudge_at=around.now + self.rejudge_every,
            catalogue=self.catalogue,
            policy=around.policy.version,
            update_border=update_border(around.policy, around.now),
        )

    def _work(
        self,
        read: Read,
        audiences: Mapping[Pseudonym, Audience],
        people: Mapping[Pseudonym, PersonId],
        around: Circumstances,
    ) -> Opening | Marking:
        item = read.item
        if isinstance(item, Mark):
            return Marking(mark=item, subject=audiences[item.subject].subject.id, by=people.get(item.by))
        return self.open(item, audiences[item.subject], around, around.now, appended_at=read.appended_at)

    def open(
        self,
        event: Event,
        audience: Audience,
        around: Circumstances,
        opened_at: datetime,
        *,
        appended_at: datetime | None = None,
        notices: Mapping[PersonId, NoticeId] = MappingProxyType({}),
    ) -> Opening:
        """Decide about one event, and prepare its notices and deliveries; `notices` has the ids that some have."""
        event = withhold(event, around)
        about = {ombud.person.id: ombud.link.about_id for ombud in audience.ombud}
        decisions = decide(event, audience, opened_at, around)
        subject = audience.subject
        return Opening(
            event=event,
            subject=subject.id,
            day=around.day,
            opened_at=opened_at,
            useful_until=event.type.useful.until(opened_at, event.happens_at),
            about_child=is_about_child(event, subject, around.now),
            legacy=is_legacy(event.type.legacy_sends, subject),
            planned=tuple(
                self._prepare(event, self._name(one, notices), about.get(one.recipient), subject, around)
                for one in decisions
            ),
            appended_at=appended_at,
        )

    def _name(self, decision: Decision, notices: Mapping[PersonId, NoticeId]) -> Planned:
        notice = notices.get(decision.recipient) or NoticeId(self._id())
        return Planned(decision=decision, notice=notice, collapse_id=CollapseId(self.entropy(16)))

    def _prepare(
        self, event: Event, planned: Planned, about: bytes | None, subject: Person, around: Circumstances
    ) -> Planned:
        decision = planned.decision
        push = decision.verdict
        if not isinstance(push, Push):
            return planned
        clear_only = decision.own and subject.protected
        written = None if clear_only else self.sealing.write(event, about)
        text = event.type.text(own=decision.own)
        deliveries = tuple(
            self._deliver(push, device, planned, choose_text(text, device, around), written) for device in push.devices
        )
        return msgspec.structs.replace(planned, deliveries=deliveries)

    def _deliver(self, push: Push, device: Device, planned: Planned, text: str, written: bytes | None) -> Delivery:
        delivery = DeliveryId(self._id())
        push_id = make_push_id(planned.notice, delivery)
        return Delivery(
            id=delivery,
            device=device.id,
            lane=device.lane,
            loudness=push.loudness,
            text_key=text,
            collapse_id=planned.collapse_id,
            expires_at=push.expires_at,
            sealed=None if written is None else self._seal(written, device, push_id),
            token=device.token,
            platform=device.platform,
            kind=device.kind,
            leased=self.rooms.reserve(device.lane),
            doubtful=device.doubtful,
        )

    def _seal(self, written: bytes, device: Device, push_id: bytes) -> bytes | None:
        """Seal the details; a device whose key we cannot open still gets the generic text."""
        try:
            return self.sealing.seal(written, device, push_id)
        except LookupError:
            return None

    def _id(self) -> int:
        return int.from_bytes(self.entropy(8)) >> 1
