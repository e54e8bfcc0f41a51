"""`notifier dead-letters replay`: sealed records taken again, in this process (B24)."""

import os
from collections.abc import Mapping, Sequence

import msgspec

from notifier.app.crashes import make_reach
from notifier.app.dead_letters import make_sealer, unseal
from notifier.app.house import House, open_house
from notifier.app.intake import build_planner
from notifier.app.places import find_places
from notifier.app.terminal import say
from notifier.app.texts import require_texts
from notifier.dispatch.batches import Batch
from notifier.dispatch.circumstances import Outlooks
from notifier.domain.events import Mark
from notifier.domain.faults import Misconfigured
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.directory import Directory
from notifier.postgres.letters import Letters
from notifier.postgres.opening import Openings
from notifier.postgres.replaying import Replays
from notifier.postgres.surveying import Surveyor
from notifier.settings import Settings
from notifier.wire.events import decode_all
from notifier.wire.letters import explain
from notifier.wire.records import Decoded, Position, RawRecord, position_of, unpack


class NoRooms:
    """No lane runs in this process: every delivery waits for a dispatcher's feeder."""

    def reserve(self, _lane: str) -> bool:
        """Take no place."""
        return False


async def run(settings: Settings, *, ids: Sequence[int], operator: str | None) -> int:
    """Take dead letters again and say what became of each; 1 where one is dead again or cannot be taken."""
    if operator is None:
        raise Misconfigured("replay: needs --operator; it is written to the audit log.")
    require_texts(operator=operator)
    async with open_house(settings, find_places(settings), prepare=False) as house:
        openings = Openings(
            house.pool,
            Letters(house.topic("dead-letters"), house.keyring.letters.seal),
            house.topic("status"),
            make_reach(None),
        )
        sealer = make_sealer(settings)
        replays = Replays(house.pool, openings, lambda sealed, _purpose: unseal(sealer, sealed))
        records = {number: unpack(raw) for number, raw in (await replays.read(ids)).items()}
        fates = await _replay(house, replays, records, operator.strip()) if records else {}
    return _tell(ids, fates)


async def _replay(
    house: House, replays: Replays, records: Mapping[int, RawRecord], operator: str
) -> dict[int, DeadLetterReason | None]:
    now, contract = house.clocks.now(), house.contract
    decoded = decode_all(
        list(records.values()), contract.catalogue, contract.register, house.keyring.pseudonymiser, now
    )
    numbers = {position_of(record): number for number, record in records.items()}
    dead = {numbers[letter.position]: letter.reason for letter in decoded.letters}
    batch = await _plan(house, decoded, {position_of(record): record for record in records.values()})
    opened = {item.position: numbers[item.position] for item in batch.items}
    return await replays.replay(msgspec.structs.replace(batch, letters=()), opened, dead, operator)


async def _plan(house: House, decoded: Decoded, raw: Mapping[Position, RawRecord]) -> Batch:
    now = house.clocks.now()
    directory = Directory(house.pool, house.keyring.pseudonymiser.key_id, os.urandom)
    surveyor = Surveyor(house.pool, house.topic("residents"), house.topic("proxies"))
    around = await Outlooks(surveyor, house.contract.policy, house.clocks.wall, house.clocks.monotonic).at(now)
    audiences = await directory.audience_of(list({read.item.subject for read in decoded.reads}), now)
    people = await directory.find(list({read.item.by for read in decoded.reads if isinstance(read.item, Mark)}))
    return build_planner(house, NoRooms()).plan((), decoded, raw, audiences, people, around)


def _tell(ids: Sequence[int], fates: Mapping[int, DeadLetterReason | None]) -> int:
    for number in ids:
        if number not in fates:
            say(f"{number}: there is no such dead letter, its record is no longer kept, or it was reopened already.")
        elif (reason := fates[number]) is None:
            say(f"{number}: reopened")
        else:
            say(f"{number}: dead again, {reason}: {explain(reason, None)}")
    return 0 if all(number in fates and fates[number] is None for number in ids) else 1
