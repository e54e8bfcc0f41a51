"""Modules and functions stay short enough to be read at once, and say what they promise (STYLE)."""

import pytest

from tests.house.code import functions_of, read_modules

MOST_LINES = 160
MOST_LINES_OF_A_FUNCTION = 40
LONG_MODULES = frozenset[str]()
"""Too long: none, and this list stays empty."""
LONG_FUNCTIONS = frozenset[str]()
"""Too long: none, and this list stays empty."""
MODULES = read_modules()
FUNCTIONS = [function for module in MODULES for function in functions_of(module)]


@pytest.mark.holds("R43")
def test_modules_are_short() -> None:
    assert {module.path for module in MODULES if module.lines > MOST_LINES} - LONG_MODULES == set()


@pytest.mark.holds("R43")
def test_functions_are_short() -> None:
    long = {function.name for function in FUNCTIONS if function.lines > MOST_LINES_OF_A_FUNCTION}
    assert long - LONG_FUNCTIONS == set()


@pytest.mark.holds("R43")
def test_nothing_stays_on_the_list_of_what_is_too_long_once_it_is_short() -> None:
    long_modules = {module.path for module in MODULES if module.lines > MOST_LINES}
    long_functions = {function.name for function in FUNCTIONS if function.lines > MOST_LINES_OF_A_FUNCTION}
    assert long_modules >= LONG_MODULES
    assert long_functions >= LONG_FUNCTIONS


@pytest.mark.holds("R43")
def test_every_public_function_states_its_contract() -> None:
    assert [function.name for function in FUNCTIONS if function.public and not function.documented] == []
