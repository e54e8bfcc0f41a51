"""A new event type is a new file (R1)."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.whole.book import values
from tests.whole.trial import Trial
from tests.whole.wholeness import read_all_screens, require_wholeness

_TYPE = "se.1177.vaccination.offered.v1"
_MODEL = Path(__file__).resolve().parents[2] / "schemas" / "events" / "se.1177.inbox.message.received.v1.json"


@pytest.mark.holds("R1", "B11")
async def test_a_type_that_is_only_a_file_in_a_folder_goes_the_whole_way(trial: Trial, tmp_path: Path) -> None:
    model = orjson.loads(_MODEL.read_bytes())
    model |= {
        "type": _TYPE,
        "category": "bookings",
        "link": "https://e-tjanster.1177.se/vaccination/{matter}",
        "examples": _rename(model["examples"]),
    }
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / f"{_TYPE}.json").write_bytes(orjson.dumps(model))
    tmp_path.chmod(0o755)
    await trial.run(SCHEMAS__EXTRA_FOLDER=str(tmp_path))

    await trial.publish(values([trial.book.tell(person, _TYPE) for person in trial.people]))

    await require_wholeness(trial)
    assert len(await read_all_screens(trial)) >= 2 * len(trial.adults)


def _rename(examples: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Let the model's examples be of the new type."""
    return {
        kind: [one | {"event": one["event"] | {"type": _TYPE}} for one in given] for kind, given in examples.items()
    }


@pytest.mark.holds("R1", "B24")
async def test_without_the_file_the_same_event_is_a_dead_letter(trial: Trial) -> None:
    await trial.run()
    await trial.publish([trial.book.tell(trial.adults[0], _TYPE).value])
    trial.book.told.clear()
    trial.book.broken += 1

    await require_wholeness(trial)
    letters = await trial.fetch("select reason from dead_letter")
    assert [row["reason"] for row in letters] == ["type_unknown"]
