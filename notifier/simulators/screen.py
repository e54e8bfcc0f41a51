"""What people read while phones show things: a line per arrival."""

from datetime import datetime

from notifier.simulators.lines import Lines
from notifier.simulators.phones import Phone
from notifier.simulators.remembered import Act


class Screen:
    """Prints what phones show."""

    def __init__(self, lines: Lines) -> None:
        """Write to these lines."""
        self._lines = lines

    def say(self, phone: Phone, act: Act, at: datetime) -> None:
        """Say what a push did on its phone; nothing of one that neither shows nor takes away."""
        if not (act.shows or act.remove):
            return
        said = act.text_key if act.shows else f"takes away {len(act.remove)}"
        sound = "sound" if act.sounds else "quiet"
        self._lines.write(f"{at:%H:%M:%S}  {phone.alias}  {said}  badge {phone.badge}  {sound}\n".encode())
