"""The words of the page: what codes are called in one language."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

from notifier.sandbox.event_views import EventView, PushView, StepView
from notifier.sandbox.views import PhoneView

LANGUAGES = ("sv", "en")
Words = Mapping[str, Any]
"""Groups of words by code, as they stand in `words/<language>.json`."""

_FOLDER = Path(__file__).with_name("words")
_VALUES = {
    "decided": "verdicts",
    "delivery": "pushes",
    "ended": "ends",
    "fallback": "fallbacks",
    "dead letter": "replays",
}
"""Where the value of a step has its words."""


def read_words(language: str) -> Words:
    """Read the words of one language."""
    words: Words = orjson.loads((_FOLDER / f"{language}.json").read_bytes())
    return words


class Wording:
    """Finds the words of codes; a code without words speaks for itself."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """Give them by the names that templates use."""
        return {
            "because": self.because,
            "letter": self.letter,
            "phone_name": self.phone_name,
            "state": self.state,
            "step": self.step,
            "word": self.word,
        }

    def word(self, code: str, group: str) -> str:
        """Give the word of a code within a group."""
        return str(self._words[group].get(code, code))

    def state(self, code: str) -> str:
        """Give the word of what a publisher is told: a state or an end."""
        return self.word(code, "states" if code in self._words["states"] else "ends")

    def letter(self, event: EventView) -> str:
        """Say why a record could not be used, naming its field."""
        field = event.field or self._words["events"]["the_record"]
        return self.word(event.refused or "", "letters").replace("{field}", field)

    def step(self, step: StepView) -> str:
        """Say what happened in one step."""
        value = self.word(step.value or "", _VALUES.get(step.what, "states"))
        what = "replayed" if step.what == "dead letter" and step.value else step.what
        return self.word(what, "steps").replace("{value}", value)

    def because(self, step: StepView) -> str:
        """Say why, in a sentence, for whatever list the reason is of."""
        code, _, field = (step.reason or "").partition(" ")
        group = next((each for each in ("reasons", "letters", "troubles") if code in self._words[each]), "reasons")
        return self.word(code, group).replace("{field}", field or self._words["events"]["the_record"])

    def phone_name(self, phone: PhoneView | PushView) -> str:
        """Say whose phone it is, e.g. `Ingrids iPhone`."""
        own = self._words["whose_hissing"] if phone.owner.endswith(("s", "x", "z")) else self._words["whose"]
        return str(own).format(owner=phone.owner, phone="iPhone" if phone.platform == "ios" else "Android")
