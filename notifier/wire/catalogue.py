"""The event catalogue: one file, one type, and no code for a new one (R1)."""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Literal

import jsonschema_rs
import msgspec

from notifier.domain.catalogue import EventType
from notifier.domain.faults import Misconfigured
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.contract import Contract, Document, first_line, read_contract, violations
from notifier.wire.entries import Text, Title, read_event_type, read_texts, read_title
from notifier.wire.links import add_links, find_strays
from notifier.wire.sizes import find_faults

MarkName = Literal["handled", "withdrawn"]
_NAMES: Mapping[str, MarkName] = {"matter.handled": "handled", "matter.withdrawn": "withdrawn"}
_OURS = re.compile(r"se\.1177\.[a-z]+\.(.+)")

_EVENTS, _MARKS = _FOLDERS = ("events/", "marks/")
_ENTRY_SCHEMA, _TEXTS, _TEXTS_SCHEMA = "catalogue.schema.json", "texts.json", "texts.schema.json"
_LINKS, _LINKS_SCHEMA = "links.json", "links.schema.json"
_BESIDE = (_ENTRY_SCHEMA, _TEXTS, _TEXTS_SCHEMA, _LINKS, _LINKS_SCHEMA, "data.json")


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Every event type and mark there is, with the compiled schema of its data."""

    types: Mapping[str, EventType]
    marks: Mapping[str, MarkName]
    """By what follows the service in the type: `matter.handled.v1`."""
    validators: Mapping[str, jsonschema_rs.Validator]
    """By type, and for marks by the same as in `marks`."""
    titles: Mapping[str, Title]
    texts: Mapping[str, Text]
    version: str
    """Of all that the catalogue was read from; recorded in traces."""

    def mark_kind(self, type_name: str) -> MarkName | None:
        """Say which mark a type is, None if it is none; every service has the same marks."""
        return self.marks.get(_after_service(type_name))

    def unknown(self, type_name: str) -> DeadLetterReason:
        """Say why a type that is neither in `types` nor a mark is refused: by its version only, or altogether."""
        known = {name.rpartition(".v")[0] for name in (*self.types, *self.marks)}
        stems = {stem.rpartition(".v")[0] for stem in (type_name, _after_service(type_name))}
        return DeadLetterReason.TYPE_UNKNOWN if known.isdisjoint(stems) else DeadLetterReason.VERSION_UNKNOWN

    def validator(self, type_name: str) -> jsonschema_rs.Validator:
        """Give the validator of the data of a known type or mark."""
        return self.validators[type_name if type_name in self.types else _after_service(type_name)]

    def violation(self, type_name: str, data: object) -> str | None:
        """Give the JSON pointer, from the event's root, of the first violated field of a known type's data."""
        validator = self.validator(type_name)
        if validator.is_valid(data):
            return None
        return "/data" + min(violations(validator, data))


def load_catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Build the catalogue from the files of `schemas/` by path; raise Misconfigured with all faults of all files."""
    own = {name: content for name, content in files.items() if name.startswith(_FOLDERS) or name in _BESIDE}
    contract = read_contract(own, *_BESIDE)
    faults = [*contract.faults, *contract.check(_TEXTS, _TEXTS_SCHEMA), *contract.check(_LINKS, _LINKS_SCHEMA)]
    validators: dict[str, jsonschema_rs.Validator] = {}
    for name in (name for name in contract.documents if name.startswith(_FOLDERS)):
        admitted = _admit(contract, name)
        if isinstance(admitted, jsonschema_rs.Validator):
            validators[name] = admitted
        else:
            faults += admitted
    if faults:
        raise Misconfigured(*faults)
    catalogue = _build(contract.documents, validators, _hash(own))
    if faults := [*find_strays(contract.documents[_LINKS], catalogue.types), *_find_oversizes(catalogue)]:
        raise Misconfigured(*faults)
    return catalogue


def _find_oversizes(catalogue: Catalogue) -> Iterator[str]:
    for name, known in catalogue.types.items():
        yield from find_faults(f"{_EVENTS}{name}.json", known, catalogue.validators[name])


def _admit(contract: Contract, name: str) -> jsonschema_rs.Validator | tuple[str, ...]:
    """Hold a file to the catalogue's schema, its name and JSON Schema; give its data's validator, or the faults."""
    if faults := contract.check(name, _ENTRY_SCHEMA):
        return faults
    entry = contract.documents[name]
    home = f"{_EVENTS}{entry['type']}.json" if "type" in entry else f"{_MARKS}{entry['mark']}.json"
    if name != home:
        return (f"{name}: describes what belongs in {home}",)
    try:
        return contract.compile(name, entry["data"])
    except ValueError as error:
        return (f"{name}#/data: {first_line(error)}",)


def _build(
    documents: Mapping[str, Document], validators: Mapping[str, jsonschema_rs.Validator], version: str
) -> Catalogue:
    entries = {_key(documents[name]): documents[name] for name in validators}
    links = documents[_LINKS]
    types = {key: add_links(read_event_type(entry), links) for key, entry in entries.items() if "type" in entry}
    return Catalogue(
        types=types,
        marks={key: _NAMES[entry["mark"]] for key, entry in entries.items() if "mark" in entry},
        validators={_key(documents[name]): validator for name, validator in validators.items()},
        titles={key: read_title(entry) for key, entry in entries.items()},
        texts=read_texts(documents[_TEXTS]),
        version=version,
    )


def _key(entry: Document) -> str:
    return str(entry["type"]) if "type" in entry else f"{entry['mark']}.v{entry['version']}"


def _after_service(type_name: str) -> str:
    """Give what follows the service in a type of ours: `matter.handled.v1`; empty for any other text."""
    match = _OURS.fullmatch(type_name)
    return "" if match is None else match[1]


def _hash(files: Mapping[str, bytes]) -> str:
    """Give 12 hexadecimal digits that change with any file's name or content."""
    digest = sha256()
    for name in sorted(files):
        digest.update(f"{name}:{len(files[name])}:".encode() + files[name])
    return digest.hexdigest()[:12]
