"""The national policy from `schemas/policy.json`."""

from collections.abc import Mapping

import msgspec

from notifier.domain.policy import National
from notifier.wire.contract import read_one


def load_policy(files: Mapping[str, bytes]) -> National:
    """Read the policy; raise Misconfigured with every fault of the file."""
    return msgspec.convert(read_one(files, "policy.json", "policy.schema.json"), National)
