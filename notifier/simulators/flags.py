"""The command line of the simulators."""

import argparse
from pathlib import Path

from notifier.simulators.credentials import PROJECT

ABOUT = """\
Simulated push providers with phones, for people who build apps and back ends without Apple's and Google's accounts.

Each command serves HTTP/2 (plain with prior knowledge, or TLS with --tls-folder) and prints one line when it is ready:
  ready apns=http://127.0.0.1:2197 fcm=- control=http://127.0.0.1:2199
They check requests as the real ones do, answer with the same errors, and show what each phone would show.
There are two servers with the same answers: a fast one, and with --frames one that misbehaves frame by frame.
Faults are ordered, and phones seen, taken off the network and swiped, over the control address: GET / there lists
all orders.
"""
EXAMPLES = """\
examples:
  python -m notifier.simulators credentials made-up --token-uri http://127.0.0.1:2197/token
  python -m notifier.simulators both --port 2197 --control-port 2199 --print \\
      --apns-key made-up/apns.p8 --service-account made-up/fcm.json
  curl 127.0.0.1:2199/phones
  curl "127.0.0.1:2199/phones?since=0&entries=2"
  curl -X PUT 127.0.0.1:2199/providers/apns -d '{"condition": "down"}'

  python -m notifier.simulators apns --frames --port 2197 --control-port 2199
  curl -X PUT 127.0.0.1:2199/frames -d '{"seed": 7, "processed": 0.5, "goaway_below": 0.0005, "refused": 0.01}'
  curl 127.0.0.1:2199/counts
"""


def build_parser() -> argparse.ArgumentParser:
    """Describe all commands."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m notifier.simulators", description=ABOUT, epilog=EXAMPLES)
    parser.formatter_class = form
    commands = parser.add_subparsers(dest="command", required=True, metavar="apns|fcm|both|credentials")
    for name, what in (("apns", "Apple"), ("fcm", "Google"), ("both", "Apple and Google on one port")):
        command = commands.add_parser(name, help=f"serve {what}", description=f"Serve {what}.", formatter_class=form)
        _add_serving(command)
        if name != "fcm":
            _add_apns(command)
        if name != "apns":
            _add_fcm(command)
    _add_credentials(commands.add_parser("credentials", help="write made-up credentials", formatter_class=form))
    return parser


def _add_serving(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--address", default="127.0.0.1", help="address to listen on (default %(default)s)")
    add("--port", type=int, default=0, help="port for pushes; 0, the default, takes a free one")
    add("--control-port", type=int, metavar="N", help="port for faults, counts and phones; 0 takes a free one")
    add("--tls-folder", type=Path, metavar="FOLDER", help="serve TLS; a CA (ca.pem, to be trusted) and a leaf go there")
    add(
        "--streams", type=int, default=1000, help="HTTP/2 streams that a connection may have open (default %(default)s)"
    )
    add(
        "--frames",
        action="store_true",
        help="serve frame by frame, slower and HTTP/2 only: GOAWAY, RST_STREAM, lost connections, small windows, too"
        " few streams, half answers and silence can be ordered (PUT /frames)",
    )
    add("--no-phones", action="store_true", help="keep counts only: fastest, for load")
    add(
        "--journal",
        type=Path,
        metavar="FILE",
        help="append a JSON line per accepted push: time, token, headers, payload",
    )
    add("--print", action="store_true", help="print a line per notice that a phone shows")
    add(
        "--keep",
        type=Path,
        metavar="FILE",
        help="keep phones, what waits for them and their tokens' states over a restart; of more than 1,000 phones"
        " those that changed last",
    )


def _add_apns(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("APNs", "POST /3/device/TOKEN; without a key only the form of JWTs is checked")
    group.add_argument("--apns-key", type=Path, metavar="FILE", help="the .p8 key (or its public PEM) that signs JWTs")
    group.add_argument("--key-id", metavar="KID", help="the only kid to accept")
    group.add_argument("--team-id", metavar="ISS", help="the only iss to accept")
    group.add_argument("--topic", action="append", default=[], metavar="BUNDLE", help="a topic to allow (default: all)")


def _add_fcm(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("FCM", "POST /token and POST /v1/projects/PROJECT/messages:send")
    group.add_argument("--service-account", type=Path, metavar="FILE", help="the account whose assertions are accepted")
    group.add_argument("--project", help="the only project (default: the service account's, else all)")
    group.add_argument("--token-seconds", type=int, default=3599, help="life of access tokens (default %(default)s)")


def _add_credentials(command: argparse.ArgumentParser) -> None:
    command.description = "Write an APNs key and an FCM service account, both made up, mode 0600; keys there are kept."
    command.add_argument("folder", type=Path)
    command.add_argument("--token-uri", required=True, metavar="URL", help="where the account gets its access tokens")
    command.add_argument("--project", default=PROJECT, help="FCM project (default %(default)s)")
