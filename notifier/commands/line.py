"""From words to an exit code: 0 fine, 1 the answer is no, 2 misconfigured, 69 a part is away, 70 our fault."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import cast

import uvloop

from notifier.commands.arguments import add_config
from notifier.commands.failures import explain
from notifier.commands.operating import add_operating
from notifier.commands.publishing import add_publishing
from notifier.commands.service import add_service
from notifier.settings import load_settings

INTERRUPTED = 130
_CLOSED = 141
"""As if the signal had been let through: nobody reads our output any more."""


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words say and give the exit code."""
    parser = build_parser()
    arguments = parser.parse_args(words)
    if not hasattr(arguments, "target"):
        parser.print_help()
        return 0
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(execute(arguments))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED
    except Exception as fault:
        if sys.flags.dev_mode:
            raise
        code, lines = explain(fault)
        sys.stderr.writelines(f"notifier: {line}\n" for line in lines)
        return code


def build_parser() -> argparse.ArgumentParser:
    """Declare every command."""
    parser = argparse.ArgumentParser(
        prog="notifier",
        description="From an e-service event in Kafka to a push with the right badge on the right phones.",
        epilog="Exit codes: 0 fine, 1 the answer is no, 2 misconfigured, 69 a part is away, 70 our fault, 130 Ctrl-C.",
    )
    add_config(parser)
    commands = parser.add_subparsers(metavar="COMMAND")
    for add in (add_service, add_publishing, add_operating):
        add(commands)
    return parser


async def execute(arguments: argparse.Namespace) -> int:
    """Call what the command names with the settings, or with their file where it reads them itself."""
    values = dict(vars(arguments))
    module, _, function = values.pop("target").partition(":")
    config = cast("Path | None", values.pop("config", None))
    run = cast("Callable[..., Awaitable[int]]", getattr(import_module(module), function))
    if values.pop("unread", False):
        return await run(config, **values)
    return await run(load_settings(config), **values)
