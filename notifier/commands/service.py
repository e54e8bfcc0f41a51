"""Commands that run the service or prepare it."""

from pathlib import Path

from notifier.commands.arguments import Commands, add_command

ROLES = ("dispatch", "upkeep")


def add_service(commands: Commands) -> None:
    """Add run, sandbox, check, migrate, upkeep and account."""
    _add_run(commands)
    add_command(commands, "sandbox", "run everything embedded, with simulated phones", "sandbox.command:run")
    _add_sandboxed(commands)
    check = add_command(commands, "check", "say every fault of the settings at once", "check:run")
    check.set_defaults(unread=True)
    add_command(commands, "migrate", "bring the database up to date", "migrate:run")
    add_command(commands, "upkeep", "recount badges and drop what is past its time, once", "upkeep:run")
    add_command(commands, "account", "show as JSON whether every record is accounted for; 1 if not", "account:run")


def _add_run(commands: Commands) -> None:
    run = add_command(commands, "run", "run the service, all roles of it or some", "run:run")
    run.add_argument(
        "--role", dest="roles", action="append", choices=ROLES, help="only this role; may be given several times"
    )
    run.add_argument(
        "--from", dest="start", choices=("earliest",), help="read topics that were never read, or all anew, from there"
    )


def _add_sandboxed(commands: Commands) -> None:
    """Add what the sandbox starts as a process of its own; nobody else calls it, so no list shows it."""
    sandboxed = commands.add_parser("sandboxed")
    sandboxed.add_argument("terms", type=Path, metavar="FILE")
    sandboxed.set_defaults(target="notifier.app.sandbox.dispatcher:run", unread=True)
