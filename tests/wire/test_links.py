"""What a tap opens is data, by region and service (R15)."""

import pytest

from notifier.domain.catalogue import EventType
from notifier.wire.catalogue import load_catalogue
from tests.schemas.files import CATALOGUE
from tests.wire.contracts import changed, faults

INBOX = "se.1177.inbox.message.received.v1"
CHANGED, CREATED = "se.1177.booking.changed.v1", "se.1177.booking.created.v1"
OWN_APP = "https://app.skane.example/arende/{matter}"
OWN_BOOKINGS = "https://tider.skane.example/{matter}"


def types(**links: str) -> dict[str, EventType]:
    read = changed("links.json", lambda known: known.update(links))
    return dict(load_catalogue(read).types)


@pytest.mark.holds("R15")
def test_a_link_leads_straight_to_the_matter() -> None:
    assert CATALOGUE.types[INBOX].link_to("m-8812", "01") == "https://e-tjanster.1177.se/inkorg/m-8812"


@pytest.mark.holds("R15")
def test_a_region_opens_its_own_app_for_its_own_matters_and_for_no_others() -> None:
    known = types(**{"12": OWN_APP})

    for type_ in known.values():
        assert type_.link_to("m-1", "12") == "https://app.skane.example/arende/m-1"
        assert type_.link_to("m-1", "01") == type_.link.replace("{matter}", "m-1")


@pytest.mark.holds("R15")
def test_a_service_of_a_region_goes_before_the_region() -> None:
    known = types(**{"12": OWN_APP, "12:booking": OWN_BOOKINGS})

    assert known[CHANGED].link_to("m-1", "12") == known[CREATED].link_to("m-1", "12")
    assert known[CHANGED].link_to("m-1", "12") == "https://tider.skane.example/m-1"
    assert known[INBOX].link_to("m-1", "12") == "https://app.skane.example/arende/m-1"


@pytest.mark.holds("R15")
def test_a_region_may_have_its_own_link_for_one_service_only() -> None:
    known = types(**{"12:booking": OWN_BOOKINGS})

    assert known[INBOX].link_to("m-1", "12") == "https://e-tjanster.1177.se/inkorg/m-1"


@pytest.mark.holds("R15", "R43")
def test_a_service_that_there_is_not_is_said() -> None:
    found = faults(changed("links.json", lambda links: links.update({"12:bokning": OWN_BOOKINGS})))

    assert found == ("links.json#/12:bokning: no event type is of the service bokning",)


@pytest.mark.holds("R15", "B8", "R43")
@pytest.mark.parametrize(
    "links",
    [
        {"12": "http://app.skane.example/{matter}"},
        {"12": "https://app.skane.example/{matter}?who={subject}"},
        {"12": "https://app.skane.example/start"},
        {"Skåne": OWN_APP},
        {"12": 7},
    ],
)
def test_a_link_that_says_more_than_the_matter_is_refused(links: dict) -> None:
    assert faults(changed("links.json", lambda known: known.update(links)))[0].startswith("links.json#")
