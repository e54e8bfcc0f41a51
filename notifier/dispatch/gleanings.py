"""What a batch says about itself: whom it concerns, what became of it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from notifier.dispatch.batches import Opened, Span
from notifier.dispatch.facts import BatchOpened
from notifier.domain.events import Mark
from notifier.domain.identifiers import Pseudonym
from notifier.wire.records import Decoded


def subjects_of(decoded: Decoded) -> list[Pseudonym]:
    """Give everybody that a poll is about, each once."""
    return list({read.item.subject for read in decoded.reads})


def markers_of(decoded: Decoded) -> list[Pseudonym]:
    """Give everybody who marked a matter, each once."""
    return list({read.item.by for read in decoded.reads if isinstance(read.item, Mark)})


def tell_opened(span: Span, decoded: Decoded, opened: Opened, steps: Sequence[float], now: datetime) -> BatchOpened:
    """State what became of a batch; `steps` are the instants between its steps."""
    fates = opened.fates[span.topic, span.partition]
    oldest = min((read.appended_at for read in decoded.reads), default=now)
    names = ("decode", "audience", "decide", "open")
    return BatchOpened(
        topic=span.topic,
        partition=span.partition,
        records=fates.records,
        opened=fates.opened,
        marks=fates.marks,
        duplicates=fates.duplicates,
        dead_letters=Counter(letter.reason for letter in decoded.letters),
        verdicts=opened.reasons,
        ends=opened.ends,
        lag=now - oldest,
        took={name: timedelta(seconds=end - start) for name, start, end in zip(names, steps, steps[1:], strict=False)},
    )
