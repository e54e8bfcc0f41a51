"""All settings of notifier."""

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from notifier.settings.parts import Apns, Fcm, Http, Kafka, Keys, Postgres, Schemas, State
from notifier.settings.tuning import Crash, Sender, Telemetry

PREFIX = "NOTIFIER_"
DELIMITER = "__"
ENVIRONMENT_ONLY = {"NOTIFIER_CACHE_DIR": "where downloads of embedded parts are kept; only in the environment"}
"""Variables that are read before there are settings."""


class Settings(BaseSettings):
    """The settings as sections; built by `read_settings` and seen by the composition root only (STYLE 6)."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    kafka: Kafka = Kafka()
    postgres: Postgres = Postgres()
    apns: Apns = Apns()
    fcm: Fcm = Fcm()
    http: Http = Http()
    keys: Keys = Keys()
    state: State = State()
    schemas: Schemas = Schemas()
    sender: Sender = Sender()
    telemetry: Telemetry = Telemetry()
    test: Crash = Crash()
    allow_plaintext: bool = Field(default=False, description="let parts on a loopback address be spoken to without TLS")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values only from `read_settings`, which knows where each came from."""
        return (init_settings,)


SECTIONS: dict[str, type[BaseModel]] = {
    name: field.annotation
    for name, field in Settings.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
}
"""The sections by name."""


def variable(*path: str) -> str:
    """Give the name of a setting in the environment."""
    return PREFIX + DELIMITER.join(path).upper()
