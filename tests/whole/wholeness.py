"""What must hold once everything has settled, whatever was killed in between."""

import orjson

from notifier.dispatch.accounting import Account
from tests.whole.quiet import Status, read_account, read_statuses, settle
from tests.whole.shown import Screen, read_journal, read_screens
from tests.whole.trial import Trial


async def require_wholeness(trial: Trial, within: float = 45.0) -> None:
    """Wait until everything has settled, then hold notifier against what was published."""
    await settle(trial, within)
    require_account(trial, await read_account(trial))
    await require_screens(trial, await read_all_screens(trial))
    require_statuses(trial, await read_statuses(trial))


async def read_all_screens(trial: Trial) -> dict[str, Screen]:
    """Give what every phone of the trial shows."""
    phones = {phone.token: phone for person in trial.people for phone in person.phones}
    shown = (await trial.stage.order("GET", "/phones")).body
    return read_screens(phones, await trial.devices(), shown, read_journal(trial.stage.journal, trial.journal_start))


def require_account(trial: Trial, account: Account) -> None:
    """The account closes, and each fate is as often as it was published (I12, A6)."""
    assert account.exact, account.differences
    book, ours = trial.book, [one.ours for one in account.partitions]
    counted = {
        "opened": sum(one.opened for one in ours),
        "marks": sum(one.marks for one in ours),
        "duplicates": sum(one.duplicates for one in ours),
        "dead_letters": sum(one.dead_letters for one in ours),
    }
    assert counted == {
        "opened": len(book.told),
        "marks": len(book.marks),
        "duplicates": book.copies,
        "dead_letters": book.broken,
    }


async def require_screens(trial: Trial, screens: dict[str, Screen]) -> None:
    """Each phone showed each of its notices once, nobody else's, and wears the right badge (I3, R14)."""
    for person in trial.adults:
        mine = {one.matter: one for one in trial.book.told if person.number in one.recipients}
        sure = {matter for matter, one in mine.items() if one.must_show(person.number)}
        for phone in person.phones:
            screen = screens.get(phone.token)
            if screen is None:
                assert not sure, f"a phone never showed {len(sure)} notices"
                continue
            shown = set(screen.matters)
            assert sure <= shown, f"{phone.platform}: lost {sorted(sure - shown)[:5]} of {len(sure)}"
            assert shown <= set(mine), f"{phone.platform}: somebody else's {sorted(shown - set(mine))[:5]}"
            assert not screen.shown_twice, await _explain(trial, phone.token)
            assert all(len(ids) == 1 for ids in screen.matters.values()), "two notices about one event"
            assert screen.badge == trial.book.badge_of(person.number), phone.platform


async def _explain(trial: Trial, token: str) -> str:
    """Say what a phone showed twice, and all that it met of it."""
    phone = orjson.loads((await trial.stage.order("GET", f"/phones/{token}")).body)
    doubled = {one["identity"] for one in phone["shown_twice"]}
    history = [moment for moment in phone["history"] if moment["identity"] in doubled]
    return f"{phone['shown_twice']}: {[phone['notices'].get(one) for one in doubled]}, {history}"


def require_statuses(trial: Trial, statuses: dict[str, list[Status]]) -> None:
    """Every record has been told of, at least once and in order (B6, A27)."""
    for one in trial.book.told:
        states = firsts(statuses.get(one.id, []))
        if not one.known:
            assert states == ["accepted", "held", "unreachable"], f"{one.id}: {states}"
        elif not one.acted and not one.read_by:
            assert states in (["accepted", "pushed"], ["accepted", "held", "pushed"]), f"{one.id}: {states}"
        else:
            # One guardian may have read it before the push to the other: consumers ignore the lower number (DESIGN 5).
            assert states[0] == "accepted", f"{one.id}: {states}"
            assert "seen" in states, f"{one.id}: {states}"
    for mark in trial.book.marks:
        assert firsts(statuses.get(mark, [])) == ["accepted"], mark
    copies = sum(status.state == "duplicate" for told in statuses.values() for status in told)
    assert copies >= trial.book.copies


def firsts(told: list[Status]) -> list[str]:
    """Give the states in the order they were first told; a copy's is none."""
    return list(dict.fromkeys(status.state for status in told if status.seq > 0))
