"""What is judged under, as PostgreSQL knows it: one round trip a second."""

from notifier.dispatch.circumstances import Surroundings
from notifier.domain.halts import Halt
from notifier.postgres.pool import Pool, connection
from notifier.postgres.positions import read_freshness
from notifier.postgres.queries import query


class Surveyor:
    """Reads freshness, halts and withheld units."""

    def __init__(self, pool: Pool, residents: str, proxies: str) -> None:
        self._pool = pool
        self._residents = residents
        self._proxies = proxies

    async def survey(self) -> Surroundings:
        """Give them as they are."""
        async with connection(self._pool) as held:
            freshness = await read_freshness(held, self._residents, self._proxies)
            halts = await held.fetch(query("read_halts"))
            units = await held.fetch(query("read_withheld_units"))
        return Surroundings(
            freshness=freshness,
            halts=tuple(
                Halt(channel=row["channel"], region=row["region"], type=row["type"], source=row["source"])
                for row in halts
            ),
            withheld_units=frozenset((row["code"], row["unit"]) for row in units),
        )
