"""What the page is told after an order, in both languages at once."""

from collections.abc import Mapping
from pathlib import Path

import orjson

from notifier.sandbox.wording import LANGUAGES, read_words

Said = Mapping[str, str]
"""One sentence by language."""

_FILE = Path(__file__).with_name("words") / "answers.json"


class Refused(Exception):
    """An order that cannot be followed; says why by the key of an answer."""


class Answers:
    """Gives sentences by key."""

    def __init__(self) -> None:
        self._answers: Mapping[str, Said] = orjson.loads(_FILE.read_bytes())
        self._words = {language: read_words(language) for language in LANGUAGES}

    def say(self, key: str, **values: object) -> Said:
        """Give a sentence; KeyError for one that does not exist."""
        return {language: sentence.format(**values) for language, sentence in self._answers[key].items()}

    def explain(self, reason: str, field: str | None) -> Said:
        """Say why an event would be refused."""
        return {
            language: words["letters"][reason].replace("{field}", field or words["events"]["the_record"])
            for language, words in self._words.items()
        }
