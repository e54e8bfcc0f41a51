"""No push is ever over 4,096 bytes: a catalogue that could make one is refused when it is read (R16, A32)."""

import pytest

from notifier.app.contract import read_schemas
from notifier.wire.catalogue import load_catalogue
from notifier.wire.details import SIZES
from tests.schemas.files import CATALOGUE, FILES, SCHEMAS
from tests.wire.contracts import Change, changed, faults

INBOX = "se.1177.inbox.message.received.v1"
FILE = f"events/{INBOX}.json"
# Written from A32: {"v":1,"type":"…","unit":"…","matter":"…","happens_at":"…","link":"…","about":"…"}, each value as
# long as it may be: matter 64, unit 31 (DESIGN 8), an instant with microseconds and offset, a UUID.
BESIDE_THE_LINK = len('{"v":1,"type":"","unit":"","matter":"","happens_at":"","link":"","about":""}') + sum(
    (len(INBOX), 31, 64, len("2026-12-01T09:30:00.123456+01:00"), 36)
)


def link_of(length: int) -> str:
    """Make a template that is this long once the longest matter stands in it."""
    return "https://e-tjanster.1177.se/".ljust(length - 64 - 1, "a") + "/{matter}"


@pytest.mark.holds("A32")
def test_details_are_padded_to_three_sizes() -> None:
    assert SIZES == (256, 512, 1024)


@pytest.mark.holds("A32", "R16")
def test_a_type_whose_longest_details_just_fit_is_taken() -> None:
    link = link_of(1024 - BESIDE_THE_LINK)

    assert load_catalogue(changed(FILE, lambda entry: entry.update(link=link))).types[INBOX].link == link


@pytest.mark.holds("A32", "R16", "R43")
def test_a_type_whose_longest_details_are_a_byte_too_long_is_refused_by_its_name() -> None:
    link = link_of(1024 - BESIDE_THE_LINK + 1)

    (fault,) = faults(changed(FILE, lambda entry: entry.update(link=link)))

    assert fault.startswith(f"{FILE}: the longest push of this type is too large for a phone, with the link https://")
    assert fault.endswith("details of 1025 bytes; 1024 fit")


@pytest.mark.holds("A32", "R15", "R16")
def test_the_link_of_a_region_is_reckoned_with_too() -> None:
    fits, over = link_of(1024 - BESIDE_THE_LINK), link_of(1024 - BESIDE_THE_LINK + 1)

    load_catalogue(changed("links.json", lambda links: links.update({"12:inbox": fits})))
    (fault,) = faults(changed("links.json", lambda links: links.update({"12:inbox": over})))

    assert fault.startswith(f"{FILE}: the longest push of this type is too large")


@pytest.mark.holds("A32", "R16", "R43")
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            lambda entry: entry["data"]["properties"].update(matter={"type": "string"}),
            f"{FILE}#/data/properties/matter: lets through more than 64 characters",
        ),
        (
            lambda entry: entry["data"]["properties"].update(unit={"type": "string", "maxLength": 32}),
            f"{FILE}#/data/properties/unit: lets through more than 31 characters",
        ),
    ],
)
def test_a_schema_that_lets_longer_references_through_than_are_reckoned_with_is_refused(
    change: Change, fault: str
) -> None:
    assert faults(changed(FILE, change)) == (fault,)


@pytest.mark.holds("A32", "R16", "R43")
def test_references_that_are_longer_for_every_type_are_refused_for_every_type() -> None:
    def lengthen(parts: dict) -> None:
        parts["$defs"]["matter"]["pattern"] = "^[A-Za-z0-9._~-]{1,640}$"

    assert len(faults(changed("data.json", lengthen))) == len(CATALOGUE.types)


@pytest.mark.holds("A32", "R16", "R43")
def test_each_type_is_written_out_whole_for_both_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the providers' limit that of Google's longest token, no push could carry it."""
    monkeypatch.setattr("notifier.wire.payloads.MOST_BYTES", 2048)

    found = faults(dict(FILES))

    assert {fault.partition(":")[0] for fault in found} == {f"events/{name}.json" for name in CATALOGUE.types}
    assert all("providers take 2048" in fault for fault in found)


@pytest.mark.holds("R43")
def test_the_contract_as_it_lies_here_fits() -> None:
    assert load_catalogue(read_schemas(SCHEMAS)).types.keys() == CATALOGUE.types.keys()
