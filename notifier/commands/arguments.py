"""How commands declare what they take."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no public name


def add_command(commands: Commands, name: str, about: str, target: str) -> argparse.ArgumentParser:
    """Add a command; `target` is the coroutine it calls, `module:function`, with the settings and its arguments."""
    parser = commands.add_parser(name, help=about, description=f"{about[:1].upper()}{about[1:]}.")
    add_config(parser)
    parser.set_defaults(target=f"notifier.app.{target}")
    return parser


def add_config(parser: argparse.ArgumentParser) -> None:
    """Let the settings' file be named; before the command and after it mean the same."""
    parser.add_argument(
        "--config", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="settings as TOML; NOTIFIER_… wins"
    )


def add_operator(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Ask who does it (A37)."""
    parser.add_argument("--operator", required=required, help="who you are; kept in the audit log")
