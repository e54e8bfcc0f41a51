"""The files of `schemas/` as read-only documents, each held to the JSON Schema that describes it."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import jsonschema_rs
import msgspec
import orjson

from notifier.domain.faults import Misconfigured

Document: TypeAlias = dict[str, Any]
"""A JSON object whose shape its schema holds, not a type."""

_ROOT = "json-schema:///"
"""Where the folder stands for `$ref`: relative references resolve inside it and nothing is fetched."""
_LINEAR = jsonschema_rs.RegexOptions()
"""Patterns without backtracking, so that no value can make one slow."""


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON files of the folder by their path in it, and what was wrong with those that could not be read."""

    documents: Mapping[str, Document]
    faults: tuple[str, ...]
    registry: jsonschema_rs.Registry
    """The same documents, for references between them."""

    def check(self, name: str, schema: str) -> tuple[str, ...]:
        """Say every way in which a document departs from the schema in another file."""
        try:
            validator = self.compile(schema, self.documents[schema])
        except ValueError as error:
            return (f"{schema}: {first_line(error)}",)
        errors = validator.iter_errors(self.documents[name])
        return tuple(f"{name}#{pointer(error)}: {error.message}" for error in errors)

    def compile(self, name: str, schema: Document) -> jsonschema_rs.Validator:
        """Compile a schema that stands in the file `name`; raise ValueError if it is none or a reference dangles."""
        return jsonschema_rs.Draft202012Validator(
            schema,
            registry=self.registry,
            base_uri=_ROOT + name,
            validate_formats=True,
            pattern_options=_LINEAR,
            offline=True,
        )


def read_contract(files: Mapping[str, bytes], *needed: str) -> Contract:
    """Parse the JSON files; raise Misconfigured with every fault if one that is needed is missing or unreadable."""
    documents: dict[str, Document] = {}
    faults = []
    for name in sorted(name for name in files if name.endswith(".json")):
        document = _parse(files[name])
        if isinstance(document, dict):
            documents[name] = document
        else:
            faults.append(f"{name}: {document}")
    faults += [f"{name}: is missing" for name in needed if name not in files]
    if not documents.keys() >= set(needed):
        raise Misconfigured(*faults)
    registry = jsonschema_rs.Registry([(_ROOT + name, document) for name, document in documents.items()])
    return Contract(documents=documents, faults=tuple(faults), registry=registry)


def read_one(files: Mapping[str, bytes], name: str, schema: str) -> Document:
    """Read one document by itself, held to its schema; raise Misconfigured with every fault of it."""
    contract = read_contract({path: files[path] for path in (name, schema) if path in files}, name, schema)
    if faults := contract.check(name, schema):
        raise Misconfigured(*faults)
    return contract.documents[name]


def violations(validator: jsonschema_rs.Validator, value: object) -> Iterator[str]:
    """Give the JSON pointer of each violated field, that of the missing property where one is required."""
    return (pointer(error) for error in validator.iter_errors(value))


def pointer(error: jsonschema_rs.ValidationError) -> str:
    """Write where an error is as a JSON pointer (RFC 6901); empty for the whole document."""
    steps = list(error.instance_path)
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
        steps.append(error.kind.property)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def first_line(error: ValueError) -> str:
    """Give what a schema's error says, without the schema that it prints below."""
    return str(error).splitlines()[0]


def _parse(content: bytes) -> Document | str:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return f"is not JSON: {error}"
    return document if isinstance(document, dict) else "is no JSON object"
