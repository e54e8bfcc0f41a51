"""What the pages say is so: settings, commands, links, and nothing of the machine that they were written on."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.commands.line import build_parser
from notifier.settings import describe
from tests.house.code import ROOT

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "notifier/README.md",
    "notifier/providers/README.md",
    "tests/README.md",
    "schemas/README.md",
    "schemas/push.md",
    "deploy/README.md",
)
SKIPPED = {".git", ".venv", "build", "__pycache__"}
FOREIGN = [
    "pypi." + "org",
    "pythonhosted" + ".org",
    "maven" + ".org/",
    "apache.org/" + "maven2",
    "index" + "-url http",
    "/ro" + "ot/",
    "/ho" + "me/",
    "/wo" + "rk/",
]
"""Addresses of registries, and places on one machine."""
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def tracked() -> Iterator[Path]:
    """Give every text file that belongs to the project."""
    for path in sorted(ROOT.rglob("*")):
        within = path.relative_to(ROOT).parts
        caches = any(part.endswith("_cache") or part == ".hypothesis" for part in within)
        if path.is_file() and not caches and not SKIPPED & set(within):
            yield path


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def commands() -> set[str]:
    usage = build_parser().format_help()
    return set(re.findall(r"^    ([a-z][a-z-]+)(?: |$)", usage, re.MULTILINE))


@pytest.mark.holds("R43")
def test_the_readme_shows_every_setting_as_it_is() -> None:
    assert describe() in read("README.md")


@pytest.mark.holds("R43")
@pytest.mark.parametrize("page", [page for page in PAGES if (ROOT / page).exists()])
def test_what_a_page_tells_to_run_exists(page: str) -> None:
    text = read(page)
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    spans = [*re.findall(r"`([^`\n]+)`", text), *blocks]
    made = {words[1] for span in spans if (words := span.split())[:1] == ["make"] and len(words) > 1}
    ours = {match[1] for span in spans if (match := re.match(r"(?:\.venv/bin/)?notifier ([a-z][a-z-]+)", span))}
    assert made <= make_targets()
    assert ours <= commands()


@pytest.mark.holds("R43")
def test_make_prints_every_target_of_its_own() -> None:
    phony = next(line for line in read("Makefile").splitlines() if line.startswith(".PHONY:"))
    described = set(re.findall(r"^([a-z]+):.*## \S", read("Makefile"), re.MULTILINE))
    assert set(phony.split()[1:]) == described == make_targets()


@pytest.mark.holds("R43")
@pytest.mark.parametrize("page", [page for page in PAGES if (ROOT / page).exists()])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", read(page))
    assert [link for link in links if "://" not in link and not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.holds("R44")
def test_a_test_that_the_architecture_page_links_to_an_id_names_that_id() -> None:
    rows = re.findall(r"^\| ([IB]\d+) \| (.*)$", read("notifier/README.md"), re.MULTILINE)
    links = [(name, link) for name, row in rows for link in re.findall(r"\]\(\.\./(tests/[^)]+)\)", row)]
    assert {name for name, _ in rows} >= {f"I{number}" for number in range(1, 13)}
    assert [(name, link) for name, link in links if f'"{name}"' not in read(link)] == []


@pytest.mark.holds("R43", "I10")
def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        for word in FOREIGN
        if word.encode() in path.read_bytes()
    ]
    assert found == []


@pytest.mark.holds("R43")
def test_nothing_is_left_for_later_in_a_remark() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in (".py", ".sql", ".toml", ".md", ".json", "") and UNFINISHED.search(_text(path))
    ]
    assert found == []


@pytest.mark.holds("R43")
def test_everything_that_is_installed_is_locked_with_its_hash() -> None:
    lock = read("requirements.lock")
    pins = re.findall(r"^([a-z0-9._-]+)==\S+", lock, re.MULTILINE)
    unhashed = [line for line in lock.splitlines() if re.match(r"^[a-z0-9._-]+==", line) and not line.endswith("\\")]
    project = tomllib.loads(read("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[<>=\[; ]", one)[0].lower() for one in wanted}
    assert unhashed == []
    assert names <= set(pins)
    assert "://" not in lock


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")
