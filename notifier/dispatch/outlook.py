"""From resolved matters to the rows of a batch: what is written is derived here, for every implementer alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from notifier.dispatch.batches import Badge, Due
from notifier.domain.devices import UPDATE
from notifier.domain.ends import Course, course_of
from notifier.domain.identifiers import DeliveryId, DeviceId, PersonId
from notifier.domain.matters import Cancelled, Ending, Lowered, Opened, Settled
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.resolution import Resolution
from notifier.domain.verdicts import Loudness, Push, louder


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a batch changes, over all its matters."""

    opened: tuple[tuple[Opened, Course], ...]
    notices: tuple[tuple[Opening, Settled], ...]
    badges: Mapping[PersonId, int]
    """The change of each recipient's unread count, also 0 where the badge is only to be read."""
    replaced: tuple[NoticeRef, ...]
    """Notices of earlier batches whose waiting deliveries newer ones end."""
    replaced_here: tuple[NoticeRef, ...]
    """The same within this batch."""
    cancelled: tuple[Cancelled, ...]
    endings: tuple[Ending, ...]
    lowered: tuple[Lowered, ...]


def foresee(resolutions: Sequence[Resolution]) -> Outlook:
    """Collect what the matters of a batch made of it."""
    opened = [opened for resolution in resolutions for opened in resolution.opened]
    notices = [(one.opening, settled) for one in opened for settled in one.notices]
    replaced = {settled.replaces for _, settled in notices if settled.replaces is not None}
    here = {ref_of(opening, settled) for opening, settled in notices}
    return Outlook(
        opened=tuple((one, course_of(one)) for one in opened),
        notices=tuple(notices),
        badges=_sum_badges(resolutions, notices),
        replaced=tuple(sorted(replaced - here, key=_ref_order)),
        replaced_here=tuple(sorted(replaced & here, key=_ref_order)),
        cancelled=tuple(cancelled for resolution in resolutions for cancelled in resolution.cancelled),
        endings=tuple(ending for resolution in resolutions for ending in resolution.endings),
        lowered=tuple(lowered for resolution in resolutions for lowered in resolution.lowered),
    )


def _sum_badges(resolutions: Iterable[Resolution], notices: Iterable[tuple[Opening, Settled]]) -> dict[PersonId, int]:
    changes = {s.planned.decision.recipient: 0 for _, s in notices if isinstance(s.verdict, Push)}
    for resolution in resolutions:
        for (recipient, _), change in resolution.badges.items():
            changes[recipient] = changes.get(recipient, 0) + change
    return changes


def _ref_order(ref: NoticeRef) -> tuple[object, ...]:
    return (ref.day, ref.event, ref.notice)


def ref_of(opening: Opening, settled: Settled) -> NoticeRef:
    """Say where a notice is stored."""
    return NoticeRef(day=opening.day, event=opening.event.key, notice=settled.planned.notice)


def plan_deliveries(
    outlook: Outlook, replaced: Mapping[NoticeRef, Loudness]
) -> list[tuple[Opening, Settled, Delivery]]:
    """Give all deliveries of a batch, each with its matter's collapse id and the loudness it takes over (A23).

    What is replaced or handled within the batch is born in no lane's hands.
    """
    loudness, over = dict(replaced), {*outlook.replaced_here, *(one.notice for one in outlook.cancelled)}
    planned = []
    for opening, settled in outlook.notices:
        if isinstance(settled.verdict, Push):
            inherited = None if settled.replaces is None else loudness.get(settled.replaces)
            level = settled.verdict.loudness if inherited is None else louder(settled.verdict.loudness, inherited)
            ref = ref_of(opening, settled)
            loudness[ref] = level
            stays = ref not in over
            planned += [
                (opening, settled, _adapt(delivery, settled, level, leased=delivery.leased and stays))
                for delivery in settled.planned.deliveries
            ]
    return planned


def _adapt(delivery: Delivery, settled: Settled, level: Loudness, *, leased: bool) -> Delivery:
    same = delivery.loudness is level and delivery.leased is leased
    if same and delivery.collapse_id == settled.collapse_id:
        return delivery
    return msgspec.structs.replace(delivery, loudness=level, collapse_id=settled.collapse_id, leased=leased)


def find_updates(planned: Iterable[tuple[Opening, Settled, Delivery]]) -> dict[DeviceId, DeliveryId]:
    """Give the delivery that would tell each device to update: the last of the batch, which no other replaces (R19)."""
    return {delivery.device: delivery.id for _, _, delivery in planned if delivery.text_key == UPDATE}


def give_back_texts(
    planned: Iterable[tuple[Opening, Settled, Delivery]], told: Collection[DeliveryId]
) -> list[tuple[Opening, Settled, Delivery]]:
    """Let only these deliveries tell to update; the others get the text of their notice."""
    return [
        (opening, settled, delivery)
        if delivery.text_key != UPDATE or delivery.id in told
        else (opening, settled, _restore_text(opening, settled, delivery))
        for opening, settled, delivery in planned
    ]


def _restore_text(opening: Opening, settled: Settled, delivery: Delivery) -> Delivery:
    own = settled.planned.decision.own
    return msgspec.structs.replace(delivery, text_key=opening.event.type.text(own=own))


def make_due(opening: Opening, settled: Settled, delivery: Delivery, badge: Badge) -> Due:
    """Make the lane's entry of a delivery just opened."""
    decision = settled.planned.decision
    return Due(
        ref=ref_of(opening, settled),
        id=delivery.id,
        source=opening.event.source,
        event_id=opening.event.id,
        recipient=decision.recipient,
        subject=decision.about,
        device=delivery.device,
        delivery=delivery,
        lease=0,
        attempts=0,
        opened_at=opening.opened_at,
        appended_at=opening.appended_at,
        badge=badge,
    )


def tally(notices: Iterable[tuple[Opening, Settled]]) -> dict[str, int]:
    """Count verdicts with their reasons, for the metrics."""
    counts: dict[str, int] = {}
    for _, settled in notices:
        verdict = settled.verdict
        name = "push" if isinstance(verdict, Push) else f"{type(verdict).__name__.lower()}:{verdict.reason}"
        counts[name] = counts.get(name, 0) + 1
    return counts
