"""The page as HTML: whole and in parts, in both languages, under a strict policy of content."""

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from statistics import median

import jinja2
import msgspec
import pytest

from notifier.sandbox.formats import Formats
from notifier.sandbox.gauge_views import AccountView
from notifier.sandbox.rendering import Fragment, FragmentView, Renderer
from notifier.sandbox.views import MatterView, PhoneState
from notifier.sandbox.wording import LANGUAGES, read_words
from tests.house.code import PACKAGE
from tests.sandbox.samples import (
    ACCOUNT,
    AGDA,
    AT,
    CLOCK,
    EVENT,
    FIGURES,
    LETTER,
    LOAD,
    MATTER,
    PAGE,
    PARTS,
    PERSON,
    PHONE,
    ROBOT,
    SWITCHES,
    TEXTS,
    WHY,
)

RENDERER = Renderer(TEXTS, run="run-1")
STATIC = PACKAGE / "sandbox" / "page" / "static"
FRAGMENTS: Mapping[str, tuple[Fragment, FragmentView]] = {
    "account": ("account", ACCOUNT),
    "clock": ("clock", CLOCK),
    "figures": ("figures", FIGURES),
    "health": ("health", PARTS),
    "load": ("load", LOAD),
    "switches": ("switches", SWITCHES),
    "person-tolvan": ("person", PERSON),
    "person-agda": ("person", AGDA),
    "phone-tolvan-ios": ("phone", PHONE),
    "phone-karin-android": ("phone", ROBOT),
    "event-e1": ("event", EVENT),
    "event-e2": ("event", LETTER),
}
"""By the id of the outermost element."""
EMPTY = {"meta", "link", "input", "path", "rect", "circle", "br"}


class Elements(HTMLParser):
    """Elements with their attributes, in order; fails where an end tag closes another element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.roots = 0
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag in EMPTY:
            return
        self.roots += not self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            assert self.open.pop() == tag

    def ids(self) -> list[str]:
        """Give every id."""
        return [attributes["id"] or "" for _, attributes in self.found if "id" in attributes]


def everything(language: str) -> list[str]:
    parts = [RENDERER.fragment(name, view, language) for name, view in FRAGMENTS.values()]
    return [RENDERER.page(PAGE, language), RENDERER.why(WHY, language), RENDERER.app(MATTER, language), *parts]


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_part_is_one_element_with_the_id_by_which_the_page_finds_it(name: str, language: str) -> None:
    elements = Elements(RENDERER.fragment(*FRAGMENTS[name], language))
    assert elements.roots == 1
    assert elements.found[0][1]["id"] == name


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_every_part_once(language: str) -> None:
    ids = Elements(RENDERER.page(PAGE, language)).ids()
    assert len(ids) == len(set(ids))
    assert set(ids) >= FRAGMENTS.keys() - {"phone-karin-android"}


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strict_policy_of_content_has_nothing_to_refuse(language: str) -> None:
    for html in everything(language):
        for tag, attributes in Elements(html).found:
            assert tag not in {"style", "form", "iframe", "base"}
            assert not [name for name in attributes if name == "style" or name.startswith("on")]
            assert tag != "script" or (attributes["src"] or "").startswith("/sandbox/static/")
            assert not (attributes.get("href") or "").startswith(("http", "//", "javascript"))


@pytest.mark.holds("R45")
def test_every_static_file_that_the_page_names_exists() -> None:
    html = RENDERER.page(PAGE, "sv") + RENDERER.app(MATTER, "sv")
    named = set(re.findall(r"/sandbox/static/([a-z.]+)", html))
    imported = {name for path in STATIC.glob("*.js") for name in re.findall(r'from "\./([a-z.]+)"', path.read_text())}
    assert named | imported == {path.name for path in STATIC.iterdir()}


@pytest.mark.holds("R45")
def test_what_the_page_loads_is_small() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < 20_000
    assert sum(path.stat().st_size for path in STATIC.glob("*.css")) < 27_000


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_a_name(language: str) -> None:
    for html in everything(language):
        for text, attributes in re.findall(r"<(?:button|summary)([^>]*)>(.*?)</(?:button|summary)>", html, re.DOTALL):
            assert "aria-label=" in text or re.sub(r"<[^>]*>", "", attributes).strip()
        for _, attributes in Elements(html).found:
            assert int(attributes.get("tabindex") or 0) <= 0


@pytest.mark.holds("R45", "I10")
def test_a_notification_speaks_the_language_of_its_phone_whatever_the_page_speaks() -> None:
    assert "Hello! You have new information in 1177." in RENDERER.fragment("phone", ROBOT, "sv")
    assert "Hej! Du har ny information i 1177." in RENDERER.fragment("phone", PHONE, "en")


@pytest.mark.holds("R45")
def test_a_phone_shows_what_became_of_it() -> None:
    away = msgspec.structs.replace(PHONE, state=PhoneState(online=False, waiting=2, doubled=1))
    assert "2 väntar hos Apple" in RENDERER.fragment("phone", away, "sv")
    assert "Visat två gånger: 1" in RENDERER.fragment("phone", away, "sv")
    gone = RENDERER.fragment("phone", msgspec.structs.replace(ROBOT, state=PhoneState(revoked=True)), "sv")
    assert "Appen är borttagen" in gone
    assert '"act": "restore"' in gone
    assert "Ingen telefon" in RENDERER.fragment("person", AGDA, "sv")


@pytest.mark.holds("R45", "B24")
@pytest.mark.parametrize(("language", "said"), [("sv", "Numret i /subject har fel"), ("en", "number in /subject has")])
def test_a_dead_letter_has_its_sentence(language: str, said: str) -> None:
    assert said in RENDERER.fragment("event", LETTER, language)


@pytest.mark.holds("R45")
def test_only_an_event_that_was_opened_can_be_marked() -> None:
    assert RENDERER.fragment("event", EVENT, "sv").count("/sandbox/mark") == 3
    assert "/sandbox/mark" not in RENDERER.fragment("event", LETTER, "sv")
    mark = msgspec.structs.replace(EVENT, kind="read", title={})
    assert "/sandbox/mark" not in RENDERER.fragment("event", mark, "sv")


@pytest.mark.holds("R45")
def test_what_a_publisher_wrote_is_never_markup() -> None:
    bad = "<img src=x>'\"&"
    event = msgspec.structs.replace(EVENT, matter=bad, id=bad, source=bad, number=bad, subject="")
    elements = Elements(RENDERER.fragment("event", event, "sv"))
    assert "img" not in {tag for tag, _ in elements.found}
    bodies = [attributes["data-body"] or "" for _, attributes in elements.found if "data-body" in attributes]
    assert [msgspec.json.decode(body)["matter"] for body in bodies] == [bad] * 3


@pytest.mark.holds("R38", "R45")
def test_why_shows_each_step_with_its_reason_and_the_exact_bytes() -> None:
    swedish = RENDERER.why(WHY, "sv")
    assert "Ombudet är spärrat för det här barnet." in swedish
    assert "+38\N{NARROW NO-BREAK SPACE}ms" in swedish
    assert "apns-topic: se.1177.app" in swedish
    assert "{&#34;aps&#34;:{&#34;badge&#34;:3}}" in swedish
    assert "Inget personligt" in swedish
    assert "Bertil</b>" not in swedish
    assert "Bertil (ombud)" in swedish


@pytest.mark.holds("R38", "R45")
def test_why_of_what_is_unknown_says_so() -> None:
    empty = msgspec.structs.replace(WHY, steps=(), statuses=(), letters=(), pushes=())
    assert "Inget mer är känt" in RENDERER.why(empty, "sv")


@pytest.mark.holds("R45")
@pytest.mark.parametrize(("about_child", "said"), [(True, "ombud för"), (False, "gäller dig")])
def test_the_app_says_whom_it_is_about(about_child: bool, said: str) -> None:
    matter: MatterView = msgspec.structs.replace(MATTER, about_child=about_child, happens_at=None)
    assert said in RENDERER.app(matter, "sv")
    assert "onsdag 25 november 09:04" in RENDERER.app(MATTER, "sv")


@pytest.mark.holds("R45", "I12")
@pytest.mark.parametrize(
    ("account", "said"),
    [
        (ACCOUNT, "Allt är redovisat"),
        (AccountView(exact=False, differences=("one is missing",)), "one is missing"),
        (AccountView(), "Räknar"),
    ],
)
def test_the_account_says_yes_no_or_not_yet(account: AccountView, said: str) -> None:
    assert said in RENDERER.fragment("account", account, "sv")


@pytest.mark.holds("R45")
def test_the_page_names_its_start_and_its_language() -> None:
    english = RENDERER.page(PAGE, "en")
    assert 'data-run="run-1"' in english
    assert '<html lang="en">' in english
    assert 'href="/sandbox?lang=sv"' in english


@pytest.mark.holds("R45")
def test_a_view_that_lacks_something_is_refused() -> None:
    with pytest.raises(jinja2.UndefinedError):
        RENDERER.fragment("phone", EVENT, "sv")


@pytest.mark.holds("R45")
@pytest.mark.parametrize(
    ("length", "swedish", "english"),
    [
        (timedelta(milliseconds=12), "+12 ms", "+12 ms"),
        (timedelta(microseconds=400), "+0,4 ms", "+0.4 ms"),
        (timedelta(seconds=3.4), "+3,4 s", "+3.4 s"),
        (timedelta(seconds=61), "+1 min", "+1 min"),
        (timedelta(hours=25), "+1 dag 1 tim", "+1 day 1 h"),
        (timedelta(milliseconds=-5), "−5 ms", "−5 ms"),
    ],
)
def test_lengths_are_written_for_people(length: timedelta, swedish: str, english: str) -> None:
    words = {language: read_words(language) for language in LANGUAGES}
    for language, said in (("sv", swedish), ("en", english)):
        assert re.sub("\N{NARROW NO-BREAK SPACE}", " ", Formats(words, language).after(length)) == said


@pytest.mark.holds("R45")
def test_times_are_of_stockholm_and_days_of_the_phone() -> None:
    words = {language: read_words(language) for language in LANGUAGES}
    formats = Formats(words, "sv")
    assert formats.moment(AT) == "söndag 22 november 09:04"
    assert formats.long_day(AT, "en") == "Sunday 22 November"
    assert formats.long_day(AT, "fi") == "söndag 22 november"
    assert formats.duration(timedelta()) == "0\N{NARROW NO-BREAK SPACE}min"
    assert formats.milliseconds(None) == "–"
    assert formats.decimal(1204.4) == "1\N{NARROW NO-BREAK SPACE}204"


@pytest.mark.holds("R45")
def test_a_phone_is_rendered_well_within_a_millisecond() -> None:
    taken = []
    for _ in range(200):
        began = time.perf_counter()
        RENDERER.fragment("phone", PHONE, "sv")
        taken.append(time.perf_counter() - began)
    assert median(taken) < 0.001


@pytest.mark.holds("R45", "B7")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_app_shows_nothing_of_a_matter_whose_details_were_not_sent(language: str) -> None:
    bare = msgspec.structs.replace(MATTER, title={}, type="", source="", matter="", unit="", link="", subject="")
    html = RENDERER.app(bare, language)
    assert "/sandbox/mark" not in html
    assert {"sv": "Du har ny information", "en": "You have new information"}[language] in html
