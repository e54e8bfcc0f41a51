"""Log lines: our facts as JSON, of foreign records only where they come from (R41, I10)."""

import io
import logging
import warnings
from collections.abc import Iterator

import orjson
import pytest

from notifier.telemetry import Telemetry, start_logs
from tests.telemetry.cast import FACTS, NOW

NUMBER, TOKEN = "191212121212", "a1b2c3d4e5f6" * 5


@pytest.fixture(autouse=True)
def _keep_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers, root.level = handlers, level


def lines(stream: io.BytesIO) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.holds("R42")
def test_each_fact_is_one_line_except_those_that_are_metrics_only() -> None:
    stream = io.BytesIO()
    telemetry = Telemetry(start_logs("debug", stream), lambda: NOW)
    for fact in FACTS:
        telemetry.observe(fact)

    found = lines(stream)
    assert [line["event"] for line in found] == [
        "batch_opened", "batch_halved", "partition_fenced", "waited", "recorded", "dropped", "rejudged",
        "projection_applied", "relayed", "lane_turned", "braked",
    ]  # fmt: skip
    opened = found[0]
    assert opened["lag_seconds"] == 2.0
    assert opened["took_seconds"] == {"decode": 0.001, "open": 0.01}
    assert opened["verdicts"] == {"push": 4, "skip:muted": 2, "hold:feed_stale": 1}
    assert opened["level"] == "debug"
    assert str(opened["at"]).endswith("Z")


@pytest.mark.holds("R42")
@pytest.mark.parametrize(("level", "count"), [("info", 7), ("warning", 4), ("error", 2)])
def test_the_level_of_the_settings_is_kept(level: str, count: int) -> None:
    stream = io.BytesIO()
    telemetry = Telemetry(start_logs(level, stream), lambda: NOW)
    for fact in FACTS:
        telemetry.observe(fact)

    assert len(lines(stream)) == count


@pytest.mark.holds("I10", "R41")
def test_a_foreign_record_says_where_it_comes_from_and_nothing_that_it_holds() -> None:
    stream = io.BytesIO()
    start_logs("info", stream)
    foreign = logging.getLogger("aiokafka.client")
    foreign.info("known %s", NUMBER)
    foreign.warning("unable to reach %s of %s", TOKEN, NUMBER)
    foreign.error(f"text with {NUMBER}")
    foreign.error("failed for %s", NUMBER, exc_info=KeyError(TOKEN))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"odd {NUMBER}", stacklevel=1)

    text = stream.getvalue().decode()
    assert NUMBER not in text
    assert TOKEN not in text
    found = lines(stream)
    assert [line["level"] for line in found] == ["warning", "error", "error", "warning"]
    assert [line["logger"] for line in found] == ["aiokafka.client"] * 3 + ["py.warnings"]
    assert found[2]["fault"] == "KeyError"
    assert str(found[0]["where"]).startswith("test_logs:")
