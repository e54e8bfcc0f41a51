"""Write the list of Kafka's jars anew: python -m notifier.embedded.pin."""

import tempfile
from pathlib import Path

from notifier.embedded import maven
from notifier.embedded.jars import PINS, sha256_of
from notifier.embedded.progress import Download, say_nothing

# 4.3.1 is the newest that is whole in Maven's index (4.4.0 lacks a jar); without slf4j-simple the broker logs nothing.
WANTED = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")
HEAD = "# What runs Apache Kafka in `make run` and `make test`. Written by: python -m notifier.embedded.pin\n"


def pin(wanted: tuple[str, ...], path: Path) -> None:
    """Resolve the wanted libraries, download all that they need and pin the bytes that came; review the difference."""
    with tempfile.TemporaryDirectory() as folder:
        needed = maven.resolve(wanted, Path(folder))
        found = maven.download(needed, Path(folder), Download(len(needed), 0, say_nothing))
        lines = [f"{sha256_of(jar)}  {jar.stat().st_size:>8}  {name}\n" for name, jar in found.items()]
    path.write_text(HEAD + "".join(lines))


if __name__ == "__main__":
    pin(WANTED, PINS)
