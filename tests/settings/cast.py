"""Files and folders that settings name, as they should be."""

from pathlib import Path

import pytest

from notifier.settings import make_keys


def clear_environment(patch: pytest.MonkeyPatch) -> None:
    """Take every variable of ours out of the environment."""
    import os

    for name in list(os.environ):
        if name.upper().startswith("NOTIFIER_"):
            patch.delenv(name)


def set_production(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Set what a production process has; each file is there and closed."""
    secrets = {name: folder / name for name in ("apns.p8", "account.json", "password")}
    for path in secrets.values():
        path.write_text("made up")
        path.chmod(0o600)
    (folder / "ca.pem").write_text("made up")
    make_keys(folder / "keys")
    values = {
        "KAFKA__BOOTSTRAP": "kafka-1.example:9093,kafka-2.example:9093",
        "KAFKA__SECURITY": "sasl_ssl",
        "KAFKA__USERNAME": "notifier",
        "KAFKA__PASSWORD_FILE": str(secrets["password"]),
        "KAFKA__CA_FILE": str(folder / "ca.pem"),
        "POSTGRES__DSN": "postgresql://notifier:swordfish@db.example/notifier?sslmode=verify-full",
        "APNS__URL": "https://api.push.apple.com",
        "APNS__KEY_FILE": str(secrets["apns.p8"]),
        "APNS__KEY_ID": "ABCDEFGHIJ",
        "APNS__TEAM_ID": "KLMNOPQRST",
        "FCM__URL": "https://fcm.googleapis.com",
        "FCM__SERVICE_ACCOUNT_FILE": str(secrets["account.json"]),
        "KEYS__FOLDER": str(folder / "keys"),
    }
    for name, value in values.items():
        patch.setenv("NOTIFIER_" + name, value)
