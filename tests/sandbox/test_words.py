"""The words of the page: everything that can be said is said in both languages."""

import re
import string
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import get_args

import pytest

from notifier.domain.reasons import DeadLetterReason, End, HoldReason, PublicReason, Reason
from notifier.domain.statuses import State
from notifier.domain.verdicts import Loudness
from notifier.sandbox.event_views import EventView, StepView
from notifier.sandbox.gauge_views import PartState
from notifier.sandbox.people import make_people
from notifier.sandbox.wording import LANGUAGES, Wording, read_words
from notifier.wire.letters import SENTENCES, explain
from tests.house.code import PACKAGE
from tests.sandbox.samples import AT, PHONE

LISTS: Mapping[str, type[StrEnum]] = {
    "reasons": Reason,
    "public_reasons": PublicReason,
    "letters": DeadLetterReason,
    "holds": HoldReason,
    "ends": End,
    "states": State,
    "loudness": Loudness,
}
CODES = {
    "verdicts": {"push", "hold", "skip"},
    "deliveries": {"waiting", "accepted", "failed", "expired", "cancelled", "superseded"},
    "pushes": {"waiting", "accepted", "failed", "expired", "cancelled", "superseded"},
    "parts": {"kafka", "postgres", "dispatcher", "apns", "fcm", "residents", "proxies"},
    "part_states": set(get_args(PartState)),
    "switches": {"apns_down", "fcm_slow", "proxies_stale", "restart_postgres", "kill_dispatcher"},
    "switch_effects": {"apns_down", "fcm_slow", "proxies_stale", "restart_postgres", "kill_dispatcher"},
    "importances": {"must-deliver", "normal", "low"},
    "importance_effects": {"must-deliver", "normal", "low"},
    "kinds": set(get_args(EventView.__annotations__["kind"])),
    "whom": set(get_args(StepView.__annotations__["who"])),
}
TEMPLATES = sorted((PACKAGE / "sandbox" / "page" / "templates").glob("*.html"))
SCRIPTS = sorted((PACKAGE / "sandbox" / "page" / "static").glob("*.js"))


def leaves(words: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Give every sentence with the path to it."""
    if isinstance(words, str):
        yield path, words
    elif isinstance(words, dict):
        for key, value in words.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(words, list):
        for at, value in enumerate(words):
            yield from leaves(value, f"{path}[{at}]")


def places(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", LISTS)
def test_every_member_of_a_closed_list_has_words(group: str, language: str) -> None:
    assert set(read_words(language)[group]) == {str(member) for member in LISTS[group]}


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", CODES)
def test_every_code_of_the_page_has_words(group: str, language: str) -> None:
    assert set(read_words(language)[group]) == CODES[group]


@pytest.mark.holds("R45")
def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    swedish, english = (dict(leaves(read_words(language))) for language in ("sv", "en"))
    assert swedish.keys() == english.keys()
    assert {path for path in swedish if places(swedish[path]) - places(english[path]) - {"owner"}} == set()
    assert {path for path in swedish if places(english[path]) - places(swedish[path]) - {"owner"}} == set()


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_or_ends_in_space(language: str) -> None:
    assert [path for path, said in leaves(read_words(language)) if not said or said != said.strip()] == []


@pytest.mark.holds("R45")
def test_swedish_is_not_english() -> None:
    swedish, english = (dict(leaves(read_words(language))) for language in ("sv", "en"))
    same = {path for path in swedish if swedish[path] == english[path] and len(swedish[path].split()) > 2}
    assert same == {".calendar.day"}


@pytest.mark.holds("R45", "B24")
@pytest.mark.parametrize("reason", DeadLetterReason)
def test_a_dead_letter_says_in_english_what_its_publisher_was_told(reason: DeadLetterReason) -> None:
    wording = Wording(read_words("en"))
    event = EventView(
        slug="s", source="", id="", type="", title={}, kind="broken", subject="", number="", matter="", at=AT,
        refused=reason, field="/subject",
    )  # fmt: skip
    assert wording.letter(event) == explain(reason, "/subject")
    assert places(read_words("sv")["letters"][reason]) == places(SENTENCES[reason])


@pytest.mark.holds("R45")
def test_templates_and_scripts_use_all_words_of_the_page_and_no_others() -> None:
    words = read_words("sv")
    used = {match for path in TEMPLATES for match in re.findall(r"words\.([a-z_]+(?:\.[a-z_0-9]+)?)", path.read_text())}
    spoken = {match for path in SCRIPTS for match in re.findall(r"words\.([a-z_]+)", path.read_text())}
    titles = {"page", "figures", "clock", "health", "people", "phone", "publish", "events", "why", "account", "app"}
    known = {f"{group}.{name}" for group in titles for name in words[group]} | {"switches_title", "switches_lead"}
    assert used - {"script", "public_reasons"} == known - {"events.the_record"}
    assert spoken == set(words["script"])


@pytest.mark.holds("R38", "R45")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("opened", None),
        ("held", None),
        ("decided", "push"),
        ("judged: hold", None),
        ("delivery", "accepted"),
        ("pushed", None),
        ("attempted, again later", None),
        ("not sent", None),
        ("cancelled", None),
        ("superseded", None),
        ("fallback", "not_ours"),
        ("ended", "unreachable"),
        ("dead letter", None),
        ("dead letter", "reopened"),
    ],
)
def test_every_step_of_a_trace_is_a_sentence(what: str, value: str | None, language: str) -> None:
    step = StepView(at=AT, after=AT - AT, who="event", what=what, value=value)
    said = Wording(read_words(language)).step(step)
    assert said.endswith(".")
    assert "{" not in said
    assert said != what


@pytest.mark.holds("R38", "R45")
def test_a_reason_of_a_trace_is_explained_from_whichever_list_it_is() -> None:
    wording = Wording(read_words("en"))

    def because(reason: str) -> str:
        return wording.because(StepView(at=AT, after=AT - AT, who="event", what="held", reason=reason))

    assert because("blocked") == "The guardian is blocked for this child."
    assert because("check_digit /subject") == explain(DeadLetterReason.CHECK_DIGIT, "/subject")
    assert because("busy") == "Apple or Google has too much to do right now."
    assert because("something new") == "something"


@pytest.mark.holds("R45")
def test_a_phone_is_called_after_its_owner() -> None:
    swedish, english = (Wording(read_words(language)) for language in ("sv", "en"))
    assert swedish.phone_name(PHONE) == "Tolvans iPhone"
    assert english.phone_name(PHONE) == "Tolvan’s iPhone"


@pytest.mark.holds("R45")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_person_has_a_story(language: str) -> None:
    people = make_people(date(2026, 11, 22))
    turning = {"nils_after", "johan_after"}
    assert set(read_words(language)["stories"]) == {person.slug for person in people} | turning | {"unknown"}
