"""A made-up page: one value of each kind that the page shows."""

from datetime import UTC, datetime, timedelta

import msgspec

from notifier.sandbox.event_views import EventView, PushView, StateView, StepView, TypeView, WhyView
from notifier.sandbox.gauge_views import AccountView, ClockView, FiguresView, LoadView, PartView, SwitchView
from notifier.sandbox.views import ChoiceView, EntryView, MatterView, PageView, PersonView, PhoneState, PhoneView

AT = datetime(2026, 11, 22, 8, 4, 31, tzinfo=UTC)
"""09:04:31 in Stockholm."""
TEXTS = {
    "NOTICE_OWN": {"sv": "Hej! Du har ny information i 1177.", "en": "Hello! You have new information in 1177."},
    "NOTICE_CHILD": {"sv": "Ett barn du är ombud för har ny information", "en": "A child you act for has new …"},
}
ENTRIES = tuple(
    EntryView(
        key=f"{at:032x}",
        identity=f"{at:032x}",
        text_key="NOTICE_CHILD" if at % 2 else "NOTICE_OWN",
        at=AT - timedelta(minutes=at),
        sounded=at % 2 == 0,
        times_shown=1 + at % 2,
        push=100 - at,
    )
    for at in range(6)
)
PHONE = PhoneView(
    slug="tolvan-ios",
    platform="ios",
    owner="Tolvan",
    language="sv",
    state=PhoneState(badge=6, received=9, sounds=3, entries=ENTRIES, more=3),
)
ROBOT = PhoneView(
    slug="karin-android",
    platform="android",
    owner="Karin",
    language="en",
    state=PhoneState(entries=ENTRIES[:1], badge=1),
)
EVENT = EventView(
    slug="e1",
    source="urn:se:1177:inkorg",
    id="e-1 <&>",
    type="se.1177.results.available.v1",
    title={"sv": "Nytt provsvar", "en": "New test result"},
    kind="event",
    subject="Tolvan",
    number="191212121212",
    matter="m-1",
    at=AT,
    states=(
        StateView(state="accepted", reason=None, after=timedelta(milliseconds=12)),
        StateView(state="unreachable", reason="not_available", after=timedelta(seconds=3.4)),
    ),
)
LETTER = msgspec.structs.replace(EVENT, slug="e2", states=(), refused="check_digit", field="/subject")
WHY = WhyView(
    event=EVENT,
    steps=(
        StepView(at=AT, after=timedelta(milliseconds=9), who="event", what="opened", version="catalogue 3, policy 12"),
        StepView(
            at=AT,
            after=timedelta(milliseconds=9),
            who="ombud",
            name="Bertil",
            what="decided",
            value="skip",
            reason="blocked",
        ),
        StepView(
            at=AT,
            after=timedelta(milliseconds=38),
            who="subject",
            name="Tolvan",
            device=1,
            what="delivery",
            value="accepted",
            lane="apns-production",
            loudness="active",
            attempts=2,
            due_at=AT,
        ),
    ),
    statuses=('{"state":"accepted"}',),
    letters=('{"reason":"check_digit"}',),
    pushes=(
        PushView(
            owner="Tolvan",
            platform="ios",
            at=AT,
            path="/3/device/abc",
            headers=(("apns-topic", "se.1177.app"),),
            body='{"aps":{"badge":3}}',
            size_bytes=1412,
        ),
    ),
)
MATTER = MatterView(
    phone=PHONE,
    title={"sv": "Ändrad bokad tid", "en": "Changed appointment"},
    type="se.1177.booking.changed.v1",
    source="urn:se:1177:tidbok",
    matter="m-42",
    unit="SE2321000016-A1B2",
    link="https://e-tjanster.1177.se/bokade-tider/m-42",
    happens_at=AT + timedelta(days=3),
    about_child=True,
    subject="201806062384",
    reader="191212121212",
)
ACCOUNT = AccountView(exact=True, records=12840, opened=12004, planned=3, deliveries=(("accepted", 2), ("waiting", 1)))
CLOCK = ClockView(now=AT, ahead=timedelta(), left=timedelta(days=9, hours=22))
FIGURES = FiguresView(events_per_second=812.3, p50_ms=8.42, p99_ms=1240.0, waiting=1204, metrics="/metrics")
LOAD = LoadView(events_per_second=250, most=1000)
PARTS = (PartView(name="kafka", state="ready"), PartView(name="apns", state="ill", why="connection refused"))
SWITCHES = (SwitchView(name="apns_down", kind="toggle", on=True), SwitchView(name="kill_dispatcher", kind="once"))
PERSON = PersonView(slug="tolvan", name="Tolvan", number="191212121212", story="tolvan", age=113, phones=(PHONE,))
AGDA = PersonView(slug="agda", name="Agda", number="189001019802", story="agda", age=136, phones=())
PAGE = PageView(
    people=(PERSON, AGDA),
    choices=(ChoiceView(number="191212121212", name="Tolvan", story="tolvan"),),
    types=(
        TypeView(
            name="se.1177.results.available.v1",
            title={"sv": "Nytt provsvar", "en": "New test result"},
            category="results",
            importance="normal",
        ),
    ),
    events=(EVENT, LETTER),
    parts=PARTS,
    figures=FIGURES,
    account=ACCOUNT,
    switches=SWITCHES,
    clock=CLOCK,
    load=LOAD,
)
