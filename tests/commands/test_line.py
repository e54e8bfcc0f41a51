"""The command line: help, exit codes, one sentence per fault and never a traceback for what is expected."""

import inspect
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from notifier.commands import failures, line
from notifier.commands.line import build_parser, main
from notifier.domain.faults import Misconfigured, Unavailable

COMMANDS = (
    ("run", "--role", "dispatch", "--role", "upkeep", "--from", "earliest"),
    ("sandbox",),
    ("check",),
    ("migrate",),
    ("upkeep",),
    ("account",),
    ("publish", "a.json", "b.json", "--topic", "t", "--binary", "--renew"),
    ("validate", "a.json", "--topic", "t"),
    ("dead-letters", "list", "--reason", "not_json", "--topic", "t", "--most", "3"),
    ("dead-letters", "show", "7", "--open", "--operator", "o", "--purpose", "p"),
    ("dead-letters", "replay", "7", "8", "--operator", "o"),
    ("trace", "urn:se:1177:inkorg", "id", "--operator", "o", "--purpose", "p", "--json"),
    ("halt", "push", "--region", "01", "--type", "t", "--source", "s", "--operator", "o", "--reason", "r"),
    ("resume", "all", "--operator", "o"),
    ("import", "regions", "regions.jsonl"),
)
"""Every command of DESIGN 8 with every argument."""


@pytest.mark.holds("R43")
def test_every_command_takes_what_its_work_takes() -> None:
    tried = 0
    for words in COMMANDS:
        values = vars(build_parser().parse_args(words))
        module, _, function = values.pop("target").partition(":")
        values.pop("unread", None)
        values.pop("config", None)
        if find_spec(module) is not None:
            inspect.signature(getattr(import_module(module), function)).bind(object(), **values)
            tried += 1
    assert tried >= 9


@pytest.mark.holds("R43")
def test_without_a_command_help_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0

    text = capsys.readouterr().out
    assert all(words[0] in text for words in COMMANDS)
    assert "2 misconfigured" in text


@pytest.mark.holds("R43")
def test_faults_of_settings_are_one_line_each_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTIFIER_HTTP__PORT", "many")
    monkeypatch.setenv("NOTIFIER_KAFKA__BOOTSTRAP", "kafka.example:9092")

    assert main(["check"]) == main(["migrate"]) == 2

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert lines[:2] == lines[2:]
    assert lines[0].startswith("notifier: NOTIFIER_HTTP__PORT: ")
    assert lines[1].startswith("notifier: NOTIFIER_KAFKA__SECURITY: is plain text, which is refused; ")


@pytest.mark.holds("R43")
def test_a_part_that_nobody_runs_is_said_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 2

    assert capsys.readouterr().err == (
        "notifier: PostgreSQL is not named and no embedded one runs: set NOTIFIER_POSTGRES__DSN, "
        "or start `notifier run`.\n"
    )


@pytest.mark.holds("R43", "I10")
def test_a_part_that_does_not_answer_is_said_without_its_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOTIFIER_POSTGRES__DSN", "postgresql://notifier:swordfish@127.0.0.1:9/notifier")
    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")

    assert main(["migrate"]) == 69

    text = capsys.readouterr().err
    assert text.startswith("notifier: PostgreSQL: ConnectionRefusedError; try again")
    assert "swordfish" not in text


@pytest.mark.holds("R43", "I10")
def test_a_fault_of_ours_says_where_it_came_up_and_not_what_it_holds() -> None:
    try:
        {}["191212121212"]
    except KeyError as fault:
        code, (text,) = failures.explain(fault)

    assert code == 70
    assert text.startswith("a fault of ours, KeyError at test_line.py:")
    assert "191212121212" not in text


@pytest.mark.holds("R43")
def test_faults_of_several_tasks_are_all_said() -> None:
    group = ExceptionGroup(
        "of tasks", [Unavailable("Kafka: TimeoutError"), ExceptionGroup("", [Misconfigured("a", "b")])]
    )

    assert failures.explain(group) == (2, ["a", "b"])
    assert failures.explain(ExceptionGroup("", [Unavailable("Kafka: TimeoutError")])) == (
        69,
        ["Kafka: TimeoutError; try again when it answers."],
    )


@pytest.mark.holds("R43")
def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupt(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(line, "execute", interrupt)

    assert main(["check"]) == 130


@pytest.mark.holds("R43")
def test_the_process_itself_exits_so_and_prints_no_traceback(tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text("[http]\nprot = 1\n")
    command = [sys.executable, "-m", "notifier", "--config", str(config), "check"]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"notifier: {config}: http.prot: is no setting, http.port is; remove it or correct its name.\n"
    )


@pytest.mark.holds("R43")
def test_an_old_python_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import ast

    import notifier
    from notifier import __main__ as entry

    for module in (notifier, entry):
        ast.parse(Path(str(module.__file__)).read_text("utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    assert entry.main() == 2
    assert capsys.readouterr().err == "notifier: Python 3.11 or newer is needed: start it with one.\n"
