"""The control API of the simulators: faults in, phones and counts out, as JSON over HTTP/1.1 or 2."""

from collections.abc import Callable, Mapping

import msgspec
from granian.rsgi import Scope

from notifier.simulators.clock import Clock
from notifier.simulators.clock_orders import ClockOrders
from notifier.simulators.endpoint import Endpoint, Exchange, Reply, send
from notifier.simulators.frame_orders import FrameOrders
from notifier.simulators.frames.town import Town
from notifier.simulators.orders import HELP, Order, read_order
from notifier.simulators.phone_orders import PhoneOrders
from notifier.simulators.population import Phones
from notifier.simulators.provider_orders import ProviderOrders
from notifier.simulators.pushes import Pushes
from notifier.simulators.quota_orders import QuotaOrders
from notifier.simulators.replies import UNKNOWN, RefusedError, miss, tell
from notifier.simulators.token_orders import TokenOrders


class Control:
    """Follows orders, one at a time."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        phones: Phones | None,
        pushes: Pushes | None,
        clock: Clock,
        town: Town | None,
    ) -> None:
        """Rule these endpoints, this clock and this server's frames, and show these phones and pushes."""
        self._pushes = pushes
        providers = {name: endpoint.provider for name, endpoint in endpoints.items()}
        of_providers = ProviderOrders(providers, town.thrown if town else None)
        self._rooms: dict[str, Callable[[Order], Reply]] = {
            "": _list_orders,
            "phones": PhoneOrders(phones, providers, clock).follow if phones is not None else _refuse,
            "pushes": self._show_push,
            "tokens": TokenOrders(phones, providers, clock).follow,
            "providers": of_providers.follow,
            "counts": of_providers.follow_counts,
            "quota": QuotaOrders(endpoints.get("fcm")).follow,
            "frames": FrameOrders(town).follow,
            "clock": ClockOrders(clock).follow,
        }

    async def answer(self, scope: Scope, proto: Exchange) -> None:
        """Serve one request."""
        order = read_order(scope.method, scope.path, scope.query_string, await proto())
        try:
            follow = self._rooms.get(order.room)
            reply = follow(order) if follow else UNKNOWN
        except (RefusedError, msgspec.DecodeError) as refusal:
            reply = tell({"error": str(refusal)}, 400)
        send(proto, reply)

    def _show_push(self, order: Order) -> Reply:
        if self._pushes is None:
            return _refuse(order)
        name = order.name
        is_serial = order.method == "GET" and name.isascii() and name.isdecimal() and len(name) < 20
        push = self._pushes.find(int(name)) if is_serial else None
        return miss("this push is forgotten, or has not come yet") if push is None else tell(push)


def _list_orders(order: Order) -> Reply:
    if order.method != "GET" or order.name:
        return UNKNOWN
    return 200, [("content-type", "text/plain; charset=utf-8")], HELP.encode()


def _refuse(_: Order) -> Reply:
    raise RefusedError("started with --no-phones: there are counts only")
