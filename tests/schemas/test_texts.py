import re

import pytest

from notifier.wire.payloads import TEXTS as PAYLOAD_TEXTS
from tests.schemas.files import CATALOGUE

TEXTS = CATALOGUE.texts
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38's default alphabet: one septet each."""


@pytest.mark.holds("B8")
def test_the_list_is_closed() -> None:
    assert set(TEXTS) == {"own", "child", "update", "test"}
    assert all(set(text.words) == {"sv", "en"} for text in TEXTS.values())


@pytest.mark.holds("B8", "A28")
def test_no_two_texts_share_what_apple_and_google_see() -> None:
    for name, text in TEXTS.items():
        assert (text.key, text.channel, text.category) == (f"NOTICE_{name.upper()}", name, f"NOTICE_{name.upper()}")


@pytest.mark.holds("B8", "A28")
def test_the_payloads_know_the_same_list() -> None:
    named = {name: (text.key, text.channel, text.category) for name, text in TEXTS.items()}
    assert named == {name: (text.key, text.channel, text.category) for name, text in PAYLOAD_TEXTS.items()}


@pytest.mark.holds("R26", "B8", "B17")
@pytest.mark.parametrize("name", ["own", "child", "update", "test"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_text_is_one_gsm7_segment_without_fields_links_or_personal_words(name: str, language: str) -> None:
    words = TEXTS[name].words[language]
    assert set(words) <= set(BASIC)
    assert 0 < len(words) <= 160
    assert not re.search(r"[%{}<>]|https?:|www\.|\.se\b", words)
    assert set(re.findall(r"[0-9]+", words)) <= {"1177"}


@pytest.mark.holds("R7", "R16")
def test_the_swedish_texts_are_those_of_the_owner() -> None:
    assert TEXTS["own"].words["sv"] == "Hej! Du har ny information i 1177."
    assert TEXTS["child"].words["sv"] == "Ett barn du är ombud för har ny information"
