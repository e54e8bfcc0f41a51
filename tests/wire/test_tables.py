"""The page of the providers shows the reactions as they are."""

import pytest

from notifier.wire.tables import describe_apns, describe_fcm
from tests.house.code import ROOT

PAGE = ROOT / "notifier" / "providers" / "README.md"


@pytest.mark.holds("R13")
@pytest.mark.parametrize("table", [describe_apns(), describe_fcm()], ids=["apns", "fcm"])
def test_the_page_shows_every_row_of_the_tables(table: str) -> None:
    assert table in PAGE.read_text("utf-8")
