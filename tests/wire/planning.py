"""A planner that seals with keys of the samples, and whose lanes have room for everything."""

import os
from datetime import timedelta

from notifier.app.keyring import DetailSeals
from notifier.dispatch.planning import Planner
from notifier.wire.devices import DeviceSecrets
from notifier.wire.pseudonyms import BlindIndex
from notifier.wire.seals import Sealer
from tests.wire.samples import KEY, OTHER_KEY

SECRETS = DeviceSecrets(Sealer(KEY, entropy=os.urandom), BlindIndex(OTHER_KEY))


class AnyRoom:
    def reserve(self, lane: str) -> bool:
        return True


PLANNER = Planner(
    entropy=os.urandom,
    sealing=DetailSeals(secrets=SECRETS, entropy=os.urandom),
    rooms=AnyRoom(),
    lease=timedelta(seconds=60),
    rejudge_every=timedelta(seconds=10),
    catalogue="test",
)
