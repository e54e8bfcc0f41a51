"""Ages and days as Swedish law counts them, in Europe/Stockholm (B11, A12, A14)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_day(now: datetime) -> date:
    """Give the calendar day in Stockholm."""
    return now.astimezone(STOCKHOLM).date()


def midnight(day: date) -> datetime:
    """Give the instant at which `day` begins in Stockholm."""
    return datetime.combine(day, time(), STOCKHOLM)


def own_from(born: date, age: int) -> date:
    """Give the day from which somebody counts as `age` years old themselves: 1 March for 29 February (B11)."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Give the years that somebody has completed on a day."""
    years = day.year - born.year
    return years if day >= own_from(born, years) else years - 1


def ombud_until(born: date, age: int) -> date:
    """Give the first day on which a guardian no longer acts: the birthday, the 28th for 29 February (B11)."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)


def is_old_enough(born: date | None, age: int, now: datetime) -> bool:
    """Say whether somebody has reached `age`; an unknown birth date never has (A12)."""
    return born is not None and local_day(now) >= own_from(born, age)


def is_within(now: datetime, start: time, end: time) -> bool:
    """Say whether the Stockholm wall clock is in [start, end), which may pass midnight."""
    clock = now.astimezone(STOCKHOLM).time()
    return start <= clock < end if start <= end else clock >= start or clock < end
