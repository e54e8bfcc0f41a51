"""The phones of the made-up people; one that is replaced keeps its place and gets a new token."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from notifier.sandbox.people import Person, Platform

_KINDS = {"ios": "iPhone", "android": "Android"}


class Handset(msgspec.Struct, frozen=True, kw_only=True):
    """One phone."""

    person: Person
    platform: Platform
    generation: int = 0
    """How often it was replaced."""

    @property
    def slug(self) -> str:
        """Its name in addresses, whatever its generation."""
        return f"{self.person.slug}-{self.platform}"

    @property
    def alias(self) -> str:
        """What people call it."""
        return f"{self.person.name}'s {_KINDS[self.platform]}"

    @property
    def token(self) -> str:
        """The token, of the form that the platform gives, the same in every run."""
        name = f"{self.person.number}/{self.platform}/{self.generation}".encode()
        if self.platform == "ios":
            return hashlib.sha256(name).hexdigest()
        return f"made-up-{hashlib.md5(name, usedforsecurity=False).hexdigest()}:{hashlib.sha512(name).hexdigest()}"


def make_handsets(people: Iterable[Person], generations: Mapping[str, int]) -> dict[str, Handset]:
    """Make everybody's phones by slug; `generations` says which were replaced."""
    handsets = (Handset(person=person, platform=platform) for person in people for platform in person.phones)
    return {one.slug: msgspec.structs.replace(one, generation=generations.get(one.slug, 0)) for one in handsets}
