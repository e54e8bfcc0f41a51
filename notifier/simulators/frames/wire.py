"""h2's state of one connection, without what would keep it from misbehaving."""

from h2.config import H2Configuration
from h2.connection import ConnectionInputs, H2Connection, H2ConnectionStateMachine
from h2.events import Event
from h2.settings import SettingCodes, Settings

CLEAN_EACH = 64


class Steps(H2ConnectionStateMachine):
    """The steps of a connection; to h2 a GOAWAY is the last, RFC 9113, 6.8, lets what is in flight finish."""

    def process_input(self, input_: ConnectionInputs) -> list[Event]:
        """Take a step."""
        is_goodbye = input_ in {ConnectionInputs.SEND_GOAWAY, ConnectionInputs.RECV_GOAWAY}
        return [] if is_goodbye else super().process_input(input_)


class Wire(H2Connection):
    """The server's side of a connection: it lets its owner judge the number of streams, and goes on after a GOAWAY."""

    def __init__(self) -> None:
        """Check the headers that clients send, and trust our own."""
        config = H2Configuration(client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False)
        super().__init__(config)
        self.state_machine = Steps()
        self._opened = 0

    def open_with(self, streams: int, window_bytes: int) -> None:
        """Send the first SETTINGS; a narrower window binds the client once it acknowledges them (RFC 9113, 6.5.3)."""
        told = {SettingCodes.MAX_CONCURRENT_STREAMS: streams, SettingCodes.INITIAL_WINDOW_SIZE: window_bytes}
        self.local_settings = Settings(client=False, initial_values=told)
        self.initiate_connection()
        self.local_settings = Settings(client=False)
        self.local_settings[SettingCodes.INITIAL_WINDOW_SIZE] = window_bytes

    def allow_streams(self, streams: int) -> None:
        """Send SETTINGS with another number of streams."""
        self.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: streams})

    @property
    def open_inbound_streams(self) -> int:
        """Say that none are open, for h2 would end the connection where they are too many; forget old ones at times."""
        self._opened += 1
        if self._opened % CLEAN_EACH == 0:
            self._open_streams(1)
        return 0
