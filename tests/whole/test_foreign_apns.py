"""A push service that is not ours, of which notifier knows what an operator's settings say and nothing else."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import orjson
import pytest

from tests.whole.book import Told, values
from tests.whole.commands import command
from tests.whole.foreign_apns import find_node, run_foreign_apns
from tests.whole.opening import open_trial
from tests.whole.people import Person, make_adults, make_children
from tests.whole.quiet import read_account, settle
from tests.whole.stage import PATIENT, Stage
from tests.whole.trial import Trial
from tests.whole.wholeness import require_account

_SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
_QUIET, _ANSWER, _URGENT = (
    f"se.1177.{name}.v1" for name in ("prescription.updated", "contact.case.updated", "video.meeting.starting")
)
_TEXTS = {"NOTICE_OWN", "NOTICE_CHILD", "NOTICE_UPDATE"}
_SILENT = {"only badge", "background"}
_KINDS = {"NOTICE_OWN passive", "NOTICE_OWN active", "NOTICE_OWN time-sensitive", *_SILENT}
_NARROW = {"settings": {"headerTableSize": 0, "initialWindowSize": 16}, "tls": {"maxVersion": "TLSv1.2"}, "streams": 1}


@pytest.mark.skipif(find_node() is None, reason="NOT TESTED: Node is not installed here (Debian package nodejs)")
@pytest.mark.slow
@pytest.mark.parametrize("conditions", [pytest.param({}, id="as Apple"), pytest.param(_NARROW, id="narrow")])
@pytest.mark.holds("R2", "R12", "R13", "R16", "R19", "A28", "A32")
async def test_a_foreign_apns_takes_every_push_of_a_notifier_that_knows_it_by_settings_alone(
    stage: Stage, tmp_path: Path, conditions: Mapping[str, object]
) -> None:
    adults = [msgspec.structs.replace(one, phones=()) for one in make_adults(4, seed=5)]
    people = [*adults, *make_children(2, adults, seed=5)]
    async with (
        run_foreign_apns(tmp_path, **conditions) as apple,
        open_trial(stage, f"foreign{len(conditions)}", people) as trial,
    ):
        settings = apple.settings | PATIENT | {"SCHEMAS__EXTRA_FOLDER": str(_write_policy(tmp_path / "schemas"))}
        imported = await command(trial, "import", "devices", str(_write_iphones(tmp_path, adults)), **settings)
        assert imported[0] == 0, imported[1]
        service = await trial.run(**settings)

        told = await _publish_alerts(trial, adults)
        await trial.publish([trial.book.mark_read(one) for one in told[: len(adults)]])
        await settle(trial)

        assert await service.stop() == 0
        taken = await apple.end()
        account = await read_account(trial)
        require_account(trial, account)

    assert taken.refusals == []
    assert taken.kinds.keys() >= _KINDS
    alerts = {kind: count for kind, count in taken.kinds.items() if kind not in _SILENT}
    assert {kind.partition(" ")[0] for kind in alerts} == _TEXTS
    assert sum(alerts.values()) == account.planned


async def _publish_alerts(trial: Trial, adults: Sequence[Person]) -> Sequence[Told]:
    """Tell adults and guardians, also quietly and of what starts now, until nothing is left to be sent."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    told = [trial.book.tell(person) for person in (*adults, *adults, *trial.children)]
    told += [trial.book.tell(person, _QUIET) for person in adults]
    told += [trial.book.tell(person, _ANSWER, live=True) for person in adults]
    told += [trial.book.tell(person, _URGENT, happens_at=soon) for person in adults]
    await trial.publish(values(told))
    await settle(trial)
    return told


def _write_iphones(folder: Path, people: Sequence[Person]) -> Path:
    """Write what `notifier import devices` reads: one iPhone each, the first with an outdated app."""
    lines = [
        {
            "person": person.number,
            "platform": "ios",
            "environment": "production",
            "token": os.urandom(32).hex(),
            "app_version": "2.1" if number else "1.9",
            "registered_at": datetime.now(UTC) - timedelta(days=1),
        }
        for number, person in enumerate(people)
    ]
    file = folder / "devices.jsonl"
    file.write_bytes(b"\n".join(orjson.dumps(line) for line in lines))
    return file


def _write_policy(folder: Path) -> Path:
    """Lay a policy over the national one in which apps below 2.0 are outdated."""
    policy = orjson.loads((_SCHEMAS / "policy.json").read_bytes())
    policy["policy"]["least_app_version"] = {"ios": "2.0"}
    folder.mkdir()
    (folder / "policy.json").write_bytes(orjson.dumps(policy))
    return folder
