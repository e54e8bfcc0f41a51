"""Commands for operators and support."""

from pathlib import Path

from notifier.commands.arguments import Commands, add_command, add_operator

CHANNELS = ("push", "sms", "email", "all")
KINDS = ("regions", "devices", "preferences")
BRAKED = ("block_lifted", "death", "protection", "protection_lifted", "tombstone")
MOST_LISTED = 50


def add_operating(commands: Commands) -> None:
    """Add halt, resume, trace, dead-letters, import, release and devices."""
    _add_halt(commands, "halt", "hold what would be sent, in every process within 5 seconds", "halts:run_halt")
    _add_halt(commands, "resume", "resume what is halted; takes two people", "halts:run_resume")
    _add_trace(commands)
    _add_dead_letters(commands)
    take = add_command(commands, "import", "take over regions, devices or preferences from JSON lines", "imports:run")
    take.add_argument("kind", choices=KINDS)
    take.add_argument("file", type=Path, metavar="FILE")
    _add_release(commands)
    _add_devices(commands)


def _add_halt(commands: Commands, name: str, about: str, target: str) -> None:
    parser = add_command(commands, name, about, target)
    parser.add_argument("channel", choices=CHANNELS)
    parser.add_argument("--region", help="only this region, two digits")
    parser.add_argument("--type", help="only this event type")
    parser.add_argument("--source", help="only this source")
    add_operator(parser)
    parser.add_argument("--reason", required=name == "halt", help="why; kept in the audit log")


def _add_release(commands: Commands) -> None:
    parser = add_command(commands, "release", "let through what a mass-change brake stopped", "brakes:run")
    parser.add_argument("topic", choices=("residents", "proxies"))
    parser.add_argument("kind", choices=BRAKED)
    add_operator(parser)
    parser.add_argument("--reason", required=True, help="why; kept in the audit log")


def _add_trace(commands: Commands) -> None:
    trace = add_command(commands, "trace", "show every step of one event; each look-up is logged", "trace:run")
    trace.add_argument("source", metavar="SOURCE")
    trace.add_argument("id", metavar="ID")
    add_operator(trace)
    trace.add_argument("--purpose", required=True, help="why; kept in the audit log")
    trace.add_argument("--json", dest="as_json", action="store_true", help="as JSON")


def _add_dead_letters(commands: Commands) -> None:
    letters = commands.add_parser("dead-letters", help="list, show or replay records that could not be used")
    acts = letters.add_subparsers(required=True, metavar="list|show|replay")
    listing = add_command(acts, "list", "list the newest", "dead_letters:run_list")
    listing.add_argument("--reason", help="only of this reason")
    listing.add_argument("--topic", help="only of this topic")
    listing.add_argument("--most", type=int, default=MOST_LISTED, metavar="N", help=f"at most N ({MOST_LISTED})")
    show = add_command(acts, "show", "show one, masked", "dead_letters:run_show")
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--open", dest="opened", action="store_true", help="with its record; needs the next two")
    add_operator(show, required=False)
    show.add_argument("--purpose", help="why; kept in the audit log")
    replay = add_command(acts, "replay", "take records again, by the same rules as new ones", "replay:run")
    replay.add_argument("ids", nargs="+", type=int, metavar="ID")
    add_operator(replay, required=False)


def _add_devices(commands: Commands) -> None:
    about = "show per lane how many tokens are gone, and what a deletion brake parks; or end such a brake"
    devices = add_command(commands, "devices", about, "deletions:run")
    acts = devices.add_subparsers(metavar="release|forget")
    for name, what in (("release", "use them again: the tokens are good"), ("forget", "forget them: they are gone")):
        act = add_command(acts, name, f"end a lane's brake and {what}", f"deletions:run_{name}")
        act.add_argument("--lane", required=True, help="as `notifier devices` shows it")
        add_operator(act)
        act.add_argument("--reason", help="why; kept in the audit log")
