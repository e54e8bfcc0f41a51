"""The made-up people: right numbers, and the stories that they tell."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from notifier.sandbox import (
    UNKNOWN,
    Person,
    make_handsets,
    make_links,
    make_people,
    write_first_devices,
    write_heartbeat,
    write_link,
    write_preferences,
    write_regions,
    write_resident,
)
from notifier.wire.device_lines import DeviceReader
from notifier.wire.heartbeats import decode_heartbeat, is_heartbeat
from notifier.wire.imports import read_region
from notifier.wire.keys import Key
from notifier.wire.numbers import parse_subject
from notifier.wire.preference_lines import PreferenceReader
from notifier.wire.proxies import decode_proxy
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import RawRecord
from notifier.wire.residents import decode_resident
from tests.house.code import ROOT

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
DAYS = [date(2026, 11, 22), date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2028, 12, 31)]
NOBODY = Pseudonymiser(Key(id=1, secret=bytes(range(32))))


def record(key: bytes, value: bytes, partition: int = 0) -> RawRecord:
    return RawRecord(topic="1177.x", partition=partition, offset=0, key=key, value=value, headers=(), timestamp_ms=0)


@pytest.mark.holds("R43", "R7")
@pytest.mark.parametrize("today", DAYS)
def test_everybody_has_a_right_number_of_their_own(today: date) -> None:
    numbers = [person.number for person in make_people(today)] + [UNKNOWN]
    assert [parse_subject(number) for number in numbers] == numbers
    assert len(set(numbers)) == len(numbers)


@pytest.mark.holds("R43", "R8")
@pytest.mark.parametrize(
    ("today", "born"),
    [
        (date(2026, 11, 22), date(2013, 11, 23)),
        (date(2026, 12, 31), date(2014, 1, 1)),
        # Nobody turns 13 on 29 February 2028: the nearest child does on 1 March.
        (date(2028, 2, 28), date(2015, 3, 1)),
    ],
)
def test_one_child_turns_thirteen_tomorrow(today: date, born: date) -> None:
    assert next(person for person in make_people(today) if person.name == "Nils").born == born


@pytest.mark.holds("R43", "R6")
@pytest.mark.parametrize("person", make_people(DAYS[0]), ids=lambda person: person.name)
def test_what_is_published_about_somebody_is_read_as_it_was_meant(person: Person) -> None:
    change = decode_resident(record(*write_resident(person)), NOBODY)
    read = (change.region, change.protected, change.deceased, change.active, change.language, change.faults)
    assert read == (person.region, person.protected, person.deceased, person.active, person.language, ())
    assert change.born_younger == change.born_older == person.born


@pytest.mark.holds("R43", "R7")
def test_links_are_read_as_they_were_meant() -> None:
    today = DAYS[0]
    read = [decode_proxy(record(*write_link(link)), NOBODY) for link in make_links(today)]
    assert [change.blocked for change in read] == [False, True, False, True, False, False]
    assert all(change.guardian_relation for change in read)
    assert [change.valid_from > today for change in read] == [False] * 5 + [True]


@pytest.mark.holds("R43", "B21")
def test_a_heartbeat_speaks_of_its_partition() -> None:
    beat = record(*write_heartbeat(3, NOW), partition=3)
    assert is_heartbeat(beat)
    assert decode_heartbeat(beat, NOW + timedelta(seconds=1)).complete_to == NOW


@pytest.mark.holds("R43", "A19", "A11")
def test_phones_switches_and_regions_can_be_imported() -> None:
    people = make_people(DAYS[0])
    handsets = make_handsets(people, {}).values()
    devices = [DeviceReader(NOBODY, "se.1177.app")(line) for line in write_first_devices(handsets, NOW)]
    assert {device.token for device in devices} == {handset.token for handset in handsets}
    assert len(devices) == sum(len(person.phones) for person in people)
    assert [PreferenceReader(NOBODY)(line) for line in write_preferences(people)]
    lines = (ROOT / "schemas" / "regions.jsonl").read_bytes().splitlines()
    regions = [read_region(line) for line in write_regions(lines)]
    assert [region.code for region in regions if not region.joined] == ["09"]


@pytest.mark.holds("R43", "R17", "B7")
@pytest.mark.parametrize("month", range(1, 13))
def test_no_phone_of_the_made_up_world_is_stale_but_for_those_that_the_flag_silences(month: int) -> None:
    people = make_people(DAYS[0])
    handsets = make_handsets(people, {}).values()
    now, flagged_at = datetime(2027, month, 28, 23, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)

    lines = list(write_first_devices(handsets, now))
    devices = [DeviceReader(NOBODY, "se.1177.app")(line) for line in lines]

    assert list(write_first_devices(handsets, now.replace(day=1))) == lines
    for handset, device in zip(handsets, devices, strict=True):
        if handset.person.protected:
            assert device.registered_at < flagged_at
        else:
            assert timedelta() < now - device.registered_at < timedelta(days=190)


@pytest.mark.holds("R45", "R17")
def test_a_phone_that_is_replaced_keeps_its_place_and_gets_another_token() -> None:
    people = make_people(DAYS[0])
    first, second = make_handsets(people, {}), make_handsets(people, {"tolvan-ios": 1})
    assert list(first) == list(second)
    assert {slug for slug in first if first[slug].token != second[slug].token} == {"tolvan-ios"}


@pytest.mark.holds("R45")
def test_names_in_addresses_are_plain_letters_and_each_is_of_one_person() -> None:
    slugs = [person.slug for person in make_people(DAYS[0])]
    assert all(re.fullmatch("[a-z]+", slug) for slug in slugs)
    assert len(set(slugs)) == len(slugs)
    assert "marta" in slugs
