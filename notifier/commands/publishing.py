"""Commands for publishers."""

from pathlib import Path

from notifier.commands.arguments import Commands, add_command

_FILES = "an event, a list of events, JSON lines, or a type of the catalogue with its examples"


def add_publishing(commands: Commands) -> None:
    """Add validate and publish."""
    validate = add_command(
        commands, "validate", "say whether events would be taken; 1 if one would not", "validate:run"
    )
    validate.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES)
    validate.add_argument("--topic", help="the topic they are meant for; the open one by default")
    publish = add_command(commands, "publish", "publish events to Kafka", "publish:run")
    publish.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_FILES)
    publish.add_argument("--topic", help="another than the open one")
    publish.add_argument("--binary", action="store_true", help="attributes as headers instead of one JSON document")
    publish.add_argument(
        "--renew", action="store_true", help="as if they happened now: new ids, all instants moved; examples always are"
    )
