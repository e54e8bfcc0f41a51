"""Views become HTML: the whole page, or one part of it as it changes, by the same templates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import jinja2
import msgspec

from notifier.sandbox.event_views import WhyView
from notifier.sandbox.formats import Formats
from notifier.sandbox.gauge_views import PartView, SwitchView
from notifier.sandbox.views import MatterView, PageView
from notifier.sandbox.wording import LANGUAGES, Wording, Words, read_words

Fragment = Literal["account", "clock", "event", "figures", "health", "load", "person", "phone", "switches"]
"""A part of the page that changes while it is open."""
FragmentView = msgspec.Struct | tuple[PartView, ...] | tuple[SwitchView, ...]
Texts = Mapping[str, Mapping[str, str]]
"""What notifications say, by text key and language."""

_FOLDER = Path(__file__).parent / "page" / "templates"
STATIC = _FOLDER.with_name("static")
"""The folder of styles and modules."""


class Renderer:
    """Renders in every language that there are words of; `run` names this start of the server (the page reloads)."""

    def __init__(self, texts: Texts, run: str = "") -> None:
        words = {language: read_words(language) for language in LANGUAGES}
        self._environments = {language: _make_environment(words, language, texts, run) for language in LANGUAGES}

    def page(self, view: PageView, language: str) -> str:
        """Render the page as it is first shown."""
        return self._template("page", language).render(view=view)

    def fragment(self, name: Fragment, view: FragmentView, language: str) -> str:
        """Render one part of the page; its outermost element has the id by which the page finds it."""
        return str(self._template(name, language).module.fragment(view))  # type: ignore[attr-defined]

    def why(self, view: WhyView, language: str) -> str:
        """Render everything that is known of one event."""
        return self._template("why", language).render(view=view)

    def app(self, view: MatterView, language: str) -> str:
        """Render what the app shows behind a notification."""
        return self._template("app", language).render(view=view)

    def _template(self, name: str, language: str) -> jinja2.Template:
        return self._environments[language].get_template(f"{name}.html")


def _make_environment(words: Mapping[str, Words], language: str, texts: Texts, run: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(Formats(words, language).filters())
    environment.filters.update(Wording(words[language]).filters())
    environment.globals |= {"language": language, "run": run, "texts": texts, "words": words[language]}
    return environment
