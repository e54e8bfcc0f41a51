"""The bench itself: its people and events are what the contract takes, and its report judges as the issue says."""

from datetime import UTC, date, datetime

import pytest

from notifier.app.contract import read_schemas
from notifier.domain.events import Event, Mark
from notifier.wire.catalogue import load_catalogue
from notifier.wire.events import decode_all
from notifier.wire.keys import KEY_BYTES, Key
from notifier.wire.numbers import born, parse_subject
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.publishers import load_register
from notifier.wire.records import RawRecord
from tests.bench.filling import read_regions
from tests.bench.people import make_people
from tests.bench.report import Judged
from tests.bench.stage import PREFIX, SCHEMAS
from tests.bench.stories import Storyteller

TODAY = date(2026, 11, 22)
COUNT = 5_000


@pytest.mark.holds("A38")
def test_the_population_is_mixed_as_the_bench_says_and_every_number_is_its_own() -> None:
    people = make_people(COUNT, read_regions(), TODAY)
    numbers = {parse_subject(person.number): person for person in people}
    assert len(numbers) == COUNT
    assert all(born(number) == person.born for number, person in numbers.items())
    children = [person for person in people if person.guardians]
    assert len(children) == COUNT * 12 // 100
    assert all(TODAY.year - child.born.year <= 12 and not child.phones for child in children)
    assert sum(person.phones == 2 for person in people) == pytest.approx(COUNT * 0.08, rel=0.15)


@pytest.mark.holds("A38", "B24")
def test_every_event_that_the_bench_sends_is_one_that_the_contract_takes() -> None:
    people = make_people(COUNT, read_regions(), TODAY)
    stories = list(Storyteller(people, SCHEMAS, "runab").tell(30_000))
    raw = [
        RawRecord(
            topic=f"{PREFIX}events", partition=0, offset=at, key=one.key, headers=(), value=one.value, timestamp_ms=0
        )
        for at, one in enumerate(stories)
    ]
    files = read_schemas(SCHEMAS)
    register, pseudonymiser = load_register(files, PREFIX), Pseudonymiser(Key(id=1, secret=bytes(range(KEY_BYTES))))
    decoded = decode_all(raw, load_catalogue(files), register, pseudonymiser, datetime.now(UTC))
    assert not decoded.letters
    marks = [read.item for read in decoded.reads if isinstance(read.item, Mark)]
    events = [read.item for read in decoded.reads if isinstance(read.item, Event)]
    assert len(marks) == pytest.approx(len(stories) * 0.1, rel=0.25)
    assert {mark.matter for mark in marks} <= {event.matter for event in events}
    assert {event.type.name for event in events} == {path.stem for path in (SCHEMAS / "events").glob("*.json")}


@pytest.mark.parametrize(
    ("value", "at_most", "missed"),
    [(4_000, False, False), (3_999.9, False, True), (200, True, False), (200.1, True, True)],
)
@pytest.mark.holds("A38")
def test_a_gate_is_missed_only_beyond_it(value: float, at_most: bool, missed: bool) -> None:
    gate = 200 if at_most else 4_000
    assert Judged(name="figure", value=value, gate=gate, at_most=at_most).missed is missed
