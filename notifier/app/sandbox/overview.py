"""The whole page as it is at this moment."""

from typing import cast

from notifier.app.sandbox.board import Board
from notifier.app.sandbox.happenings import Happenings
from notifier.app.sandbox.viewing import view_phone
from notifier.app.sandbox.world import World
from notifier.domain.ages import age_on, local_day
from notifier.sandbox import UNKNOWN, Person
from notifier.sandbox.event_views import TypeView
from notifier.sandbox.gauge_views import AccountView, ClockView, FiguresView, LoadView, PartView, SwitchView
from notifier.sandbox.views import ChoiceView, PageView, PersonView, PhoneView

_TURNING = ("nils", "johan")
_NOBODY = ChoiceView(number=UNKNOWN, name="N. N.", story="unknown")
_NOBODY_VIEW = PersonView(slug="nobody", name=_NOBODY.name, number=UNKNOWN, story=_NOBODY.story, age=None, phones=())


def view_page(world: World, board: Board, happenings: Happenings) -> PageView:
    """Give what the board shows."""
    types = world.house.contract.catalogue.types.values()
    titles = world.house.contract.catalogue.titles
    return PageView(
        people=(*(view_person(world, person, board) for person in world.people), _NOBODY_VIEW),
        choices=(*tuple(_view_choice(world, person) for person in world.people), _NOBODY),
        types=tuple(
            TypeView(name=one.name, title=titles[one.name], category=one.category, importance=one.weight)
            for one in types
        ),
        events=happenings.newest(),
        parts=cast("tuple[PartView, ...]", board.view("health") or ()),
        figures=cast("FiguresView", board.view("figures") or FiguresView()),
        account=cast("AccountView", board.view("account") or AccountView()),
        switches=cast("tuple[SwitchView, ...]", board.view("switches") or ()),
        clock=cast("ClockView", board.view("clock")),
        load=cast("LoadView", board.view("load")),
    )


def view_person(world: World, person: Person, board: Board) -> PersonView:
    """Give one person with everything that is shown of them."""
    handsets = [one for one in world.handsets.values() if one.person == person]
    shown = [cast("PhoneView | None", board.view(f"phone-{one.slug}")) for one in handsets]
    return PersonView(
        slug=person.slug,
        name=person.name,
        number=person.number,
        story=_story(world, person),
        age=age_on(person.born, local_day(world.clock.now())),
        phones=tuple(phone or view_phone(one, None) for phone, one in zip(shown, handsets, strict=True)),
    )


def _view_choice(world: World, person: Person) -> ChoiceView:
    return ChoiceView(number=person.number, name=person.name, story=_story(world, person))


def _story(world: World, person: Person) -> str:
    """Give the key of somebody's story: that of two people changes at the first midnight."""
    turned = person.slug in _TURNING and local_day(world.clock.now()) > world.since
    return f"{person.slug}_after" if turned else person.slug
