"""`make traceability`: which test holds which requirement, invariant, rule and answer, and what no test holds."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_name("requirements.toml")
WIDTH = 46


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The ids that a test may name: a title for each, and those that nobody has built yet."""

    title: Mapping[str, str]
    later: frozenset[str]


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A test without its parameters, and the ids that it names."""

    test: str
    ids: tuple[str, ...]


class Collector:
    """A plugin of pytest that keeps what is collected."""

    def __init__(self) -> None:
        self.held: dict[str, set[str]] = {}

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        """Read the markers of every test, also of those that this run would not select."""
        for item in items:
            ids = self.held.setdefault(item.nodeid.partition("[")[0], set())
            for marker in item.iter_markers("holds"):
                ids.update(marker.args)


def read_known() -> Known:
    """Read the table."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return Known(title=table["title"], later=frozenset(table["later"]))


def collect() -> list[Held]:
    """Collect every test of the project without running any; SystemExit where collecting fails."""
    collector, said = Collector(), StringIO()
    with redirect_stdout(said):
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", str(ROOT / "tests")], [collector])
    if code != pytest.ExitCode.OK:
        sys.exit(said.getvalue()[-4000:])
    return [Held(test=test, ids=tuple(sorted(ids))) for test, ids in sorted(collector.held.items())]


def report(known: Known, held: Sequence[Held]) -> list[str]:
    """Give the lines to print: id by id its tests, then what has none."""
    lines = []
    for name, title in known.title.items():
        tests = [one.test for one in held if name in one.ids]
        state = "later" if name in known.later and not tests else f"{len(tests)} tests"
        lines += [f"{name:<4} {title:<{WIDTH}} {state}", *(f"       {test}" for test in tests)]
    missing = find_missing(known, held)
    lines.append(f"\n{len(held)} tests; {len(known.title) - len(known.later)} ids are in scope.")
    lines.append(f"Without a test: {', '.join(missing)}." if missing else "Each of them has a test.")
    return lines


def find_missing(known: Known, held: Sequence[Held]) -> list[str]:
    """Give the ids in scope that no test names."""
    named = {name for one in held for name in one.ids}
    return [name for name in known.title if name not in known.later | named]


def main() -> int:
    """Print the report, or with `--json` what was collected; 1 where an id in scope has no test."""
    known, held = read_known(), collect()
    if "--json" in sys.argv:
        sys.stdout.buffer.write(msgspec.json.encode(held))
        return 0
    print("\n".join(report(known, held)))
    return 1 if find_missing(known, held) else 0


if __name__ == "__main__":
    sys.exit(main())
