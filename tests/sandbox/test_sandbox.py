"""`notifier sandbox` as whoever types `make run` meets it: phones light up, and after Ctrl-C nothing is left."""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from signal import SIGINT

import pytest

from notifier.app.sandbox.phones import ShownPhone
from notifier.app.sandbox.screen import Scroll, tell_change
from notifier.embedded.ports import choose_port
from notifier.sandbox import make_handsets, make_people
from notifier.sandbox.views import EntryView
from tests.dispatch.parts import Clock
from tests.embedded.processes import users_of
from tests.house.code import ROOT

READY_SECONDS, SHOWN_SECONDS, STOPPED_SECONDS = 40, 40, 10
"""Twelve seconds on a quiet machine; tests share theirs."""
INGRIDS_CHILD = "Ingrid's iPhone .* Ett barn du är ombud för"


@pytest.fixture
async def state() -> AsyncIterator[Path]:
    """Lend a state folder that PostgreSQL's owner can reach."""
    with tempfile.TemporaryDirectory(prefix="notifier-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "state"


async def start(state: Path, **settings: str) -> asyncio.subprocess.Process:
    port = str(choose_port())
    page = str(choose_port(avoid=int(port)))
    ours = {
        "NOTIFIER_STATE__DIR": str(state),
        "NOTIFIER_HTTP__PORT": page,
        "NOTIFIER_HTTP__INTERNAL_PORT": port,
        **settings,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFIER_") or "CACHE" in name}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "notifier", "sandbox"),
        cwd=ROOT,
        env=kept | ours,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )


async def read_until(process: asyncio.subprocess.Process, *words: str, within: float) -> list[str]:
    """Read lines until each of the words, which are patterns, has come."""
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(within):
        while not all(any(re.search(word, line) for line in lines) for word in words):
            line = (await process.stdout.readline()).decode()
            assert line, (await process.stderr.read()).decode() if process.stderr else ""
            lines.append(line.rstrip())
    return lines


@pytest.mark.slow
@pytest.mark.holds("R43", "R2", "R7", "A35", "A36")
async def test_phones_light_up_and_nothing_is_left_after_ctrl_c(state: Path) -> None:
    process = await start(state)
    try:
        await read_until(process, "notifier is ready", within=READY_SECONDS)
        shown = await read_until(process, "Karin's Android", INGRIDS_CHILD, within=SHOWN_SECONDS)
        process.send_signal(SIGINT)
        async with asyncio.timeout(STOPPED_SECONDS):
            _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, said.decode()
    assert users_of(state) == []
    quiet = ("Agda's", "Märta's", "Sven's", "Gun's", "Rut's", "Per's", "Nils's")
    assert [line for line in shown if any(name in line for name in quiet)] == []


@pytest.mark.holds("R43", "A36", "B42")
async def test_made_up_people_move_into_no_part_but_our_own(state: Path) -> None:
    process = await start(state, NOTIFIER_KAFKA__BOOTSTRAP="localhost:9092", NOTIFIER_ALLOW_PLAINTEXT="true")
    _, said = await asyncio.wait_for(process.communicate(), READY_SECONDS)
    assert process.returncode == 2
    assert said.decode() == (
        "notifier: NOTIFIER_KAFKA__BOOTSTRAP: is set, but made-up people belong in our own parts only; "
        "unset it, or use `notifier run`.\n"
    )


def shown(*pushes: int, badge: int) -> ShownPhone:
    entries = tuple(
        EntryView(
            key=f"k{push}", identity=f"i{push}", text_key="NOTICE_OWN", at=datetime(2026, 11, 22, 8, 26, 9, tzinfo=UTC),
            sounded=push % 2 == 0, times_shown=1, push=push,
        )
        for push in sorted(pushes, reverse=True)
    )  # fmt: skip
    return ShownPhone(
        token="t", badge=badge, received=9, sounds=9, online=True, waiting=0, revoked=False, doubled=0, entries=entries,
        more=0,
    )  # fmt: skip


@pytest.mark.holds("R43", "B8")
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, shown(2, badge=1), ["  09:26:09  Olle's Android     ♪ badge  1  Hej!"]),
        (shown(2, badge=1), shown(2, 3, badge=2), ["  09:26:09  Olle's Android       badge  2  Hej!"]),
        (
            shown(1, badge=1),
            shown(1, 2, 3, badge=3),
            ["  09:26:09  Olle's Android     ♪ badge  3  Hej!", "  09:26:09  Olle's Android       badge  3  Hej!"],
        ),
        (shown(2, 3, badge=2), shown(3, badge=0), ["            Olle's Android       badge  0  takes away 1"]),
        (shown(2, badge=1), shown(2, badge=0), []),
        (None, shown(badge=0), []),
    ],
)
def test_what_is_new_on_a_phone_is_said_in_its_words(
    before: ShownPhone | None, after: ShownPhone, said: list[str]
) -> None:
    olle = next(one for one in make_handsets(make_people(date(2026, 11, 22)), {}).values() if one.person.name == "Olle")
    assert tell_change(olle, before, after, {"NOTICE_OWN": "Hej!"}) == said


@pytest.mark.holds("R43", "R45")
def test_under_load_the_terminal_gets_as_many_lines_as_somebody_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    scroll = Scroll(clock)
    for _ in range(3):
        scroll.say([f"line {at}" for at in range(20)])
    clock.move(0.5)
    scroll.say(["a", "b"])
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"line {at}" for at in range(20)] + [f"line {at}" for at in range(10)] + ["  … 10 more", "a", "b"]
