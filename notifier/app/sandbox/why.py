"""Everything that is known of one event: trace, statuses, dead letters, and the exact bytes of its pushes (R38)."""

from collections.abc import Mapping
from datetime import timedelta

from notifier.app.sandbox.happenings import Happenings, Told
from notifier.app.sandbox.pocket import Pocket
from notifier.app.sandbox.world import World
from notifier.dispatch.traces import TraceStep
from notifier.domain.plans import make_push_id
from notifier.postgres.recognising import find_recipients, find_sent
from notifier.postgres.tracing import trace
from notifier.sandbox.event_views import PushView, StepView, WhyView
from notifier.wire.numbers import parse_subject
from notifier.wire.payloads import spell_id

_OPERATOR, _PURPOSE = "sandbox", "shown on the page"
_MOST_PUSHES = 8


class Why:
    """Explains; each look-up leaves its audit row, as everywhere (A37)."""

    def __init__(self, world: World, happenings: Happenings, pocket: Pocket) -> None:
        self._world, self._happenings, self._pocket = world, happenings, pocket

    async def explain(self, source: str, id: str) -> WhyView | None:
        """Give what is known of an event; None where the page has forgotten it. Raises Unavailable."""
        found = self._happenings.find(source, id)
        if not found:
            return None
        return WhyView(
            event=found[0].view,
            steps=await self._trace(found[0]),
            statuses=tuple(value for told in found for value in told.statuses),
            letters=tuple(value for told in found for value in told.letters),
            pushes=await self._find_pushes(found[0]),
        )

    async def _trace(self, told: Told) -> tuple[StepView, ...]:
        if not _can_be_kept(told):
            return ()
        pool, view = self._world.house.pool, told.view
        traced = await trace(pool, view.source, view.id, operator=_OPERATOR, purpose=_PURPOSE)
        names = self._name(await find_recipients(pool, view.source, view.id))
        return tuple(self._step(step, told, names) for step in traced.steps)

    def _name(self, recipients: Mapping[str, bytes]) -> Mapping[str, str]:
        """Say who `subject` and each `ombud` are, by the pseudonyms of those who live here."""
        pseudonymise = self._world.house.keyring.pseudonymiser.pseudonym
        known = {bytes(pseudonymise(parse_subject(person.number))): person.name for person in self._world.people}
        return {part: known.get(recipient, "") for part, recipient in recipients.items()}

    def _step(self, step: TraceStep, told: Told, names: Mapping[str, str]) -> StepView:
        part, _, device = step.who.partition(", device ")
        return StepView(
            at=step.at,
            after=max(step.at - told.view.at, timedelta()),
            who="event" if part == "event" else "subject" if part == "subject" else "ombud",
            name=names.get(part, ""),
            device=int(device) if device else None,
            what=step.step,
            value=step.value,
            reason=step.reason,
            lane=step.lane,
            loudness=step.loudness,
            attempts=step.attempts,
            due_at=step.due_at,
            version=step.version,
        )

    async def _find_pushes(self, told: Told) -> tuple[PushView, ...]:
        if not _can_be_kept(told):
            return ()
        sent = await find_sent(self._world.house.pool, told.view.source, told.view.id)
        found = [self._pocket.push_of(spell_id(make_push_id(one.notice, one.delivery))) for one in sent]
        known = [one for one in found if one is not None][:_MOST_PUSHES]
        views = [await self._view(*one) for one in known]
        return tuple(view for view in views if view is not None)

    async def _view(self, slug: str, serial: int) -> PushView | None:
        seen, handset = await self._world.orders.push(serial), self._world.handsets[slug]
        if seen is None:
            return None
        return PushView(
            owner=handset.person.name,
            platform=handset.platform,
            at=seen.at,
            path=seen.path,
            headers=seen.headers,
            body=seen.body,
            size_bytes=len(seen.body.encode()),
        )


def _can_be_kept(told: Told) -> bool:
    """Say whether PostgreSQL could know of an event at all: no text of its holds a NUL."""
    return "\0" not in told.view.source + told.view.id
