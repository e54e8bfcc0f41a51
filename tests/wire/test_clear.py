"""What Apple and Google see, of every type, for everybody: the list of B8 and nothing else (R16)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.app.keyring import DETAILS_KEY_ID
from notifier.domain.events import Event
from notifier.domain.identifiers import CollapseId, DeviceId, PersonId, Pseudonym
from notifier.domain.people import Audience, Device, Platform
from notifier.domain.plans import Delivery, Opening, make_push_id
from notifier.domain.pushes import Alert, BadgeDown, Parcel, Removal
from notifier.domain.verdicts import Loudness
from notifier.wire import apns, fcm
from notifier.wire.catalogue import load_catalogue
from notifier.wire.details import open_details
from notifier.wire.exchange import Request
from notifier.wire.payloads import MOST_REMOVALS
from tests.domain.cast import NOON, a_child, a_person, an_event, an_ombud, around
from tests.schemas.files import CATALOGUE
from tests.whole.needles import Needles
from tests.wire.clear import APNS_BODY, APNS_HEADERS, FCM_BODY, FCM_HEADERS, find_strangers
from tests.wire.contracts import changed
from tests.wire.parcels import ANDROID_TOKEN, IOS_TOKEN
from tests.wire.planning import PLANNER, SECRETS
from tests.wire.samples import KEY, TOLVAN

TYPES = load_catalogue(
    changed("links.json", lambda links: links.update({"12": "https://app.skane.example/arende/{matter}"}))
).types
CONTENT_KEY = bytes.fromhex("9b1f60c7a2d48e3571f0b6c98a2e4d1735f8609cb1e7a3d24c5f8b90e6a17d32")
ABOUT = bytes.fromhex("d3c2a1908f7e4d5c9b8a7f6e5d4c3b2a")
MATTERS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789._~-", min_size=12, max_size=60).map(
    "~m~".__add__
)
"""Longer than chance, and like no word that stands in a request anyway."""
UNITS = st.from_regex(r"SE[0-9]{10}-[A-Z0-9]{4,18}", fullmatch=True)
MOMENTS = st.none() | st.datetimes(datetime(2026, 12, 1), datetime(2026, 12, 3), timezones=st.just(UTC))
BADGES = st.integers(0, 2**31 - 1)
PROJECT = "made-up-project"
LINE = {Platform.IOS: (IOS_TOKEN, "apns:production:se.1177.app"), Platform.ANDROID: (ANDROID_TOKEN, "fcm:production")}
COLLAPSE_IDS = st.binary(min_size=16, max_size=16).map(CollapseId)


def a_phone(platform: Platform, number: int) -> Device:
    token, lane = LINE[platform]
    return Device(
        id=DeviceId(0x5D3C2A1908F7E400 + number), platform=platform, lane=lane, kind="token",
        token=SECRETS.seal_token(token), content_key=SECRETS.seal_content_key(CONTENT_KEY), language="sv",
        trusted_at=NOON - timedelta(days=1),
    )  # fmt: skip


PHONES = tuple(a_phone(platform, number) for number, platform in enumerate(LINE, 1))
ANNA, BERTIL, CHILD = (PersonId(0x3F1E2D4C5B6A7988 + number) for number in range(3))
ADULT = Audience(subject=a_person(ANNA, devices=PHONES))
GUARDED = Audience(subject=a_child(id=CHILD), ombud=(an_ombud(a_person(BERTIL, devices=PHONES), about_id=ABOUT),))
HIDDEN = Audience(subject=a_person(ANNA, devices=PHONES, protected=True, protected_at=NOON - timedelta(days=2)))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Publish something of any type, whose every part could be told from chance."""
    known = draw(st.sampled_from(sorted(TYPES.values(), key=lambda one: one.name)))
    happens_at = draw(MOMENTS)
    if known.useful.from_happens_at and known.useful.length is None:
        happens_at = happens_at or datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
    return msgspec.structs.replace(
        an_event(known), id="published-under-this-id", matter=draw(MATTERS), unit=draw(UNITS),
        region=draw(st.sampled_from(["01", "12"])), happens_at=happens_at, subject=Pseudonym(KEY.secret[::-1]),
    )  # fmt: skip


def secrets_of(event: Event) -> Needles:
    """Give everything that is nobody else's business."""
    link = event.type.link_to(event.matter, event.region)
    titles = CATALOGUE.titles[event.type.name].values()
    texts = [event.type.name, event.unit, event.matter, link, link.rpartition("/")[0], event.source, event.id, TOLVAN]
    texts += [str(event.happens_at), *(title for title in titles if len(title.encode()) >= 8)]
    ids = (ANNA, BERTIL, CHILD, *(phone.id for phone in PHONES))
    return Needles({
        "text": [text.encode() for text in texts if len(text) >= 8],
        "about": [ABOUT, apns.spell_id(ABOUT).encode()],
        "key": [CONTENT_KEY, KEY.secret],
        "pseudonym": [event.subject],
        "id": [*(one.to_bytes(8) for one in ids), *(str(one).encode() for one in ids)],
    })  # fmt: skip


def wrap(opening: Opening, badge: int) -> Iterator[tuple[Delivery, Parcel]]:
    """Make the parcels of an opening as the sender does."""
    for planned in opening.planned:
        for one in planned.deliveries:
            content = Alert(
                text_key=one.text_key, loudness=one.loudness, badge=badge, collapse_id=one.collapse_id,
                expires_at=one.expires_at, sealed=one.sealed, key_id=DETAILS_KEY_ID,
            )  # fmt: skip
            push_id = make_push_id(planned.notice, one.id)
            yield one, post(one.platform, content, push_id)


def post(platform: Platform, content: Alert | BadgeDown | Removal, push_id: bytes) -> Parcel:
    token, lane = LINE[platform]
    return Parcel(id=push_id, platform=platform, lane=lane, token=token, kind="token", content=content)


def encode(parcel: Parcel) -> Request:
    return apns.encode(parcel, "se.1177.app") if parcel.platform is Platform.IOS else fcm.encode(parcel, PROJECT, NOON)


def strangers_in(parcel: Parcel) -> list[str]:
    if parcel.platform is Platform.IOS:
        return find_strangers(encode(parcel), f"/3/device/{IOS_TOKEN}", APNS_HEADERS, APNS_BODY)
    return find_strangers(encode(parcel), f"/v1/projects/{PROJECT}/messages:send", FCM_HEADERS, FCM_BODY)


def written(request: Request) -> bytes:
    """Give a request as whoever carries it sees it."""
    lines = [request.path, *(f"{name}: {value}" for name, value in request.headers.items())]
    return "\n".join(lines).encode() + b"\n" + request.body


def in_clear(request: Request) -> object:
    """Give a body without what differs from push to push: ids, badge, sealed text, how long it lives."""
    body = json.loads(request.body)
    for holder in (body, body.get("message", {}).get("data", {})):
        for name in ("id", "s", "badge"):
            holder.pop(name, None)
    body.get("aps", {}).pop("badge", None)
    android = body.get("message", {}).get("android", {})
    android.pop("ttl", None)
    for name in ("tag", "notification_count"):
        android.get("notification", {}).pop(name, None)
    return body


@pytest.mark.holds("R16", "B8", "A28", "A32", "I10", "R15")
@pytest.mark.parametrize("audience", [ADULT, GUARDED, HIDDEN], ids=["own", "child", "protected"])
@given(event=events(), badge=BADGES)
def test_a_notice_shows_the_closed_list_and_no_secret_in_any_spelling(
    audience: Audience, event: Event, badge: int
) -> None:
    needles = secrets_of(event)

    pushes = list(wrap(PLANNER.open(event, audience, around(), NOON), badge))

    assert {parcel.platform for _, parcel in pushes} == {Platform.IOS, Platform.ANDROID}
    for _, parcel in pushes:
        request = encode(parcel)
        assert strangers_in(parcel) == []
        assert needles.find(written(request)) == set()
        assert len(request.body) <= 4096


@pytest.mark.holds("R16", "B8")
@pytest.mark.parametrize("platform", list(LINE))
@given(push_id=COLLAPSE_IDS, badge=BADGES, shown=st.lists(COLLAPSE_IDS, min_size=1, max_size=MOST_REMOVALS))
def test_quiet_work_shows_a_badge_and_random_ids_only(
    platform: Platform, push_id: bytes, badge: int, shown: list[CollapseId]
) -> None:
    for content in (BadgeDown(badge=badge), Removal(collapse_ids=tuple(shown), badge=badge)):
        assert strangers_in(post(platform, content, push_id)) == []
        assert len(encode(post(platform, content, push_id)).body) <= 4096


@pytest.mark.holds("R16", "B8")
@given(first=events(), second=events())
def test_of_two_types_of_one_class_nobody_could_tell_which_it_is(first: Event, second: Event) -> None:
    second = msgspec.structs.replace(second, type=msgspec.structs.replace(second.type, weight=first.type.weight))
    bodies = []
    for event in (first, second):
        plain = msgspec.structs.replace(event, type=msgspec.structs.replace(event.type, own_min_age=13))
        pushes = wrap(PLANNER.open(plain, ADULT, around(), NOON), 1)
        bodies.append([in_clear(encode(parcel)) for _, parcel in pushes])
    assert bodies[0] == bodies[1]


@pytest.mark.holds("R15", "R16", "B9", "A32")
@pytest.mark.parametrize(("audience", "about"), [(ADULT, None), (GUARDED, apns.spell_id(ABOUT))], ids=["own", "child"])
@given(event=events())
def test_the_device_and_no_other_reads_type_unit_matter_child_and_link(
    audience: Audience, about: str | None, event: Event
) -> None:
    pushes = list(wrap(PLANNER.open(event, audience, around(), NOON), 1))

    for delivery, parcel in pushes:
        assert isinstance(parcel.content, Alert)
        assert parcel.content.sealed is not None
        mine = {"content_key": CONTENT_KEY, "push_id": parcel.id, "key_id": DETAILS_KEY_ID}
        details = json.loads(open_details(parcel.content.sealed, device=delivery.device, **mine))
        moment = details.pop("happens_at")
        assert details == {
            "v": 1,
            "type": event.type.name,
            "unit": event.unit,
            "matter": event.matter,
            "link": event.type.link_to(event.matter, event.region),
            "about": about,
        }
        assert (None if moment is None else datetime.fromisoformat(moment)) == event.happens_at
        with pytest.raises(ValueError, match="not for this device"):
            open_details(parcel.content.sealed, device=DeviceId(delivery.device + 1), **mine)


@pytest.mark.holds("B7", "B9", "R15", "R16")
@given(event=events())
def test_a_protected_persons_push_holds_nothing_of_the_event_not_even_sealed(event: Event) -> None:
    for delivery, parcel in wrap(PLANNER.open(event, HIDDEN, around(), NOON), 1):
        assert delivery.sealed is None
        assert b'"s"' not in encode(parcel).body


@pytest.mark.holds("B9")
@given(event=events())
def test_no_two_seals_share_a_nonce_and_a_resend_is_the_same_bytes(event: Event) -> None:
    pushes = [
        *wrap(PLANNER.open(event, ADULT, around(), NOON), 1),
        *wrap(PLANNER.open(event, GUARDED, around(), NOON), 1),
    ]
    sealed = [delivery.sealed for delivery, _ in pushes if delivery.sealed is not None]

    assert len({one[:12] for one in sealed}) == len(sealed)
    for delivery, parcel in pushes:
        assert isinstance(parcel.content, Alert)
        quiet = msgspec.structs.replace(parcel.content, loudness=Loudness.PASSIVE)
        again = msgspec.structs.replace(parcel, content=quiet)
        assert delivery.sealed is not None
        assert _sealed_text(encode(again)) == _sealed_text(encode(parcel))


def _sealed_text(request: Request) -> str:
    body = json.loads(request.body)
    return str(body.get("message", {}).get("data", body)["s"])


@pytest.mark.holds("R16")
def test_the_search_finds_what_it_looks_for() -> None:
    event = an_event(TYPES["se.1177.booking.changed.v1"], matter="a-matter-of-somebody")
    leak = Request(path="/3/device/x", headers={"apns-collapse-id": event.matter.encode().hex()}, body=b"{}")
    assert secrets_of(event).find(written(leak)) == {"text hex"}
    assert find_strangers(leak, "/3/device/x", APNS_HEADERS, APNS_BODY) != []
