"""Two processes with one instance id: Kafka says so with a code that aiokafka does not know, or not at all."""

from aiokafka import errors
from aiokafka.errors import BrokerResponseError, KafkaError

from notifier.domain.faults import Misconfigured


class FencedInstanceIdError(BrokerResponseError):  # type: ignore[misc] # aiokafka has no types
    """Another member has joined with our instance id."""

    errno = 82
    message = "FENCED_INSTANCE_ID"
    description = "The member with this instance id was replaced"


errors.kafka_errors.setdefault(FencedInstanceIdError.errno, FencedInstanceIdError)


def tells_of_namesake(fault: KafkaError) -> bool:
    """Say whether a fault of the group, which aiokafka gives as text, is this one."""
    return FencedInstanceIdError.__name__ in str(fault)


def namesake() -> Misconfigured:
    """Make the fault that ends this process."""
    return Misconfigured(
        "Kafka takes another process for this one again and again: it uses the same KAFKA__INSTANCE_ID. "
        "Give each process its own, or none."
    )
