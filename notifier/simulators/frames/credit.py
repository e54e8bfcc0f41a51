"""What clients may send us: windows as small as ordered, given back in steps as small as ordered (RFC 9113, 6.9)."""

from notifier.simulators.frames.mischief import Mischief
from notifier.simulators.frames.request import Request
from notifier.simulators.frames.wire import Wire


class Credit:
    """Gives back what was received on one connection."""

    def __init__(self, wire: Wire, mischief: Mischief) -> None:
        """Start with the windows that the connection announces."""
        self._wire = wire
        self._most_bytes = mischief.connection_window_bytes
        self._step_bytes = mischief.window_step_bytes or 0

    def give_back(self) -> None:
        """Widen the connection's window; as it starts with 65,535 bytes, it is narrowed by not giving back."""
        step_bytes = self._step_bytes or max(1, self._most_bytes // 2)
        while self._wire.inbound_flow_control_window + step_bytes <= self._most_bytes:
            self._wire.increment_flow_control_window(step_bytes)

    def give_back_to(self, request: Request, size_bytes: int) -> None:
        """Widen the window of a stream on which more is to come."""
        request.credit_bytes += size_bytes
        step_bytes = self._step_bytes or request.credit_bytes
        while 0 < step_bytes <= request.credit_bytes:
            self._wire.increment_flow_control_window(step_bytes, request.stream)
            request.credit_bytes -= step_bytes
