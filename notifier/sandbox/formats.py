"""How times, lengths and counts are written on the page, in one language."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifier.sandbox.wording import Words

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_THIN = "\N{NARROW NO-BREAK SPACE}"
_UNKNOWN = "–"


def clock_time(at: datetime) -> str:
    """Give hours and minutes as a phone in Sweden shows them, e.g. `08:04`."""
    return f"{at.astimezone(_STOCKHOLM):%H:%M}"


def full_time(at: datetime) -> str:
    """Give the time with seconds, e.g. `08:04:31`."""
    return f"{at.astimezone(_STOCKHOLM):%H:%M:%S}"


def count(number: int) -> str:
    """Give a number with thin spaces between its thousands."""
    return f"{number:,}".replace(",", _THIN)


class Formats:
    """What depends on the language."""

    def __init__(self, words: Mapping[str, Words], language: str) -> None:
        self._calendars = {each: words[each]["calendar"] for each in words}
        self._language = language
        self._units: Mapping[str, str] = words[language]["units"]
        self._comma = words[language]["comma"]

    def filters(self) -> Mapping[str, Callable[..., str]]:
        """Give them by the names that templates use."""
        return {
            "after": self.after,
            "clock_time": clock_time,
            "count": count,
            "decimal": self.decimal,
            "duration": self.duration,
            "full_time": full_time,
            "long_day": self.long_day,
            "milliseconds": self.milliseconds,
            "moment": self.moment,
        }

    def decimal(self, number: float) -> str:
        """Give a number with one decimal below a hundred, and none from there."""
        return count(round(number)) if number >= 100 or number == 0 else f"{number:.1f}".replace(".", self._comma)

    def milliseconds(self, length_ms: float | None) -> str:
        """Give a length as `12 ms` or `3,4 s`; a dash where nothing was measured."""
        if length_ms is None:
            return _UNKNOWN
        if length_ms < 10 and length_ms != round(length_ms):
            return f"{length_ms:.1f}".replace(".", self._comma) + self._unit("ms")
        if length_ms < 1000:
            return f"{length_ms:.0f}" + self._unit("ms")
        return f"{length_ms / 1000:.1f}".replace(".", self._comma) + self._unit("s")

    def after(self, length: timedelta) -> str:
        """Give how long after something else, e.g. `+12 ms`, `+3,4 s`, `+2 min`; what came before has a minus."""
        sign = "+" if length >= timedelta() else "−"
        length = abs(length)
        if length < timedelta(minutes=1):
            milliseconds = length / timedelta(milliseconds=1)
            return sign + self.milliseconds(round(milliseconds) if milliseconds >= 1 else milliseconds)
        return sign + self.duration(length)

    def duration(self, length: timedelta) -> str:
        """Give a length in its two largest units, e.g. `9 dagar 22 tim`."""
        minutes = max(int(length / timedelta(minutes=1)), 0)
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        parts = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
        said = [f"{number}{self._unit(unit)}" for number, unit in parts if number][:2]
        return " ".join(said) or f"0{self._unit('min')}"

    def long_day(self, at: datetime, language: str) -> str:
        """Give weekday, day and month in any language that there are words of."""
        here = at.astimezone(_STOCKHOLM)
        calendar = self._calendars.get(language, self._calendars[self._language])
        weekday, month = calendar["weekdays"][here.weekday()], calendar["months"][here.month - 1]
        return str(calendar["day"].format(weekday=weekday, day=here.day, month=month))

    def moment(self, at: datetime) -> str:
        """Give day and time of something that is not of today."""
        return f"{self.long_day(at, self._language)} {clock_time(at)}"

    def _unit(self, name: str) -> str:
        return _THIN + self._units[name]
