"""The projections of a process, put together."""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from notifier.app.house import House, utc_now
from notifier.dispatch.brakes import brake_of
from notifier.dispatch.feeding import Feed
from notifier.dispatch.layouts import ProxyLayout, ResidentLayout
from notifier.dispatch.projections import Projection
from notifier.dispatch.rebuilds import Rebuilt, sweep
from notifier.kafka.clusters import describe_topics
from notifier.kafka.connections import Cluster
from notifier.postgres.letters import SEALED_FOR
from notifier.postgres.positions import Positions
from notifier.postgres.proxies import PostgresProxies
from notifier.postgres.rebuilds import RebuiltProxies, RebuiltResidents
from notifier.postgres.residents import PostgresResidents
from notifier.wire.contacts import ContactSealer
from notifier.wire.proxies import decode_proxy
from notifier.wire.residents import decode_resident


def build_feeds(house: House, cluster: Cluster) -> dict[str, Feed[Any, Any]]:
    """Put together what reads residents and proxies, by topic."""
    return {feed.topic: feed for feed in (_residents(house, cluster), _proxies(house, cluster))}


def _residents(house: House, cluster: Cluster) -> Feed[Any, Any]:
    keyring = house.keyring
    contacts = ContactSealer(keyring.contacts, keyring.index)
    store = PostgresResidents(house.pool, keyring.pseudonymiser.key_id, partial(_seal, house))
    layout = ResidentLayout(contacts, os.urandom, production=house.places.state is None)
    return _feed(
        house,
        cluster,
        house.topic("residents"),
        Projection(store, layout, house.observe, house.clocks.monotonic),
        partial(decode_resident, pseudonymiser=keyring.pseudonymiser),
        RebuiltResidents(house.pool),
    )


def _proxies(house: House, cluster: Cluster) -> Feed[Any, Any]:
    store = PostgresProxies(house.pool, house.keyring.pseudonymiser.key_id, partial(_seal, house))
    return _feed(
        house,
        cluster,
        house.topic("proxies"),
        Projection(store, ProxyLayout(os.urandom), house.observe, house.clocks.monotonic),
        partial(decode_proxy, pseudonymiser=house.keyring.pseudonymiser),
        RebuiltProxies(house.pool),
    )


def _feed(
    house: House, cluster: Cluster, topic: str, projection: Projection[Any, Any], decode: Any, rebuilt: Rebuilt
) -> Feed[Any, Any]:
    brake = brake_of(house.contract.policy)
    return Feed(
        topic=topic,
        positions_of=Positions(house.pool),
        projection=projection,
        decode=decode,
        ends=partial(_read_ends, cluster),
        brake=brake,
        now=house.clocks.now,
        sweep=lambda: sweep(rebuilt, topic, brake, utc_now(), house.observe),
    )


async def _read_ends(cluster: Cluster, topic: str) -> Mapping[int, int]:
    described = await describe_topics(cluster, [topic])
    return described[topic].ends


def _seal(house: House, raw: bytes) -> bytes:
    return house.keyring.letters.seal(raw, SEALED_FOR)
