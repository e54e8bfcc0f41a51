"""Orders about Google's quotas."""

import msgspec

from notifier.simulators.endpoint import Endpoint, Reply
from notifier.simulators.fcm import Fcm
from notifier.simulators.orders import Order
from notifier.simulators.quota import Quota
from notifier.simulators.replies import DONE, UNKNOWN, RefusedError, tell


class QuotaOrders:
    """Follows orders about quotas."""

    def __init__(self, google: Endpoint | None) -> None:
        """Rule this FCM, if there is one."""
        self._fcm = google if isinstance(google, Fcm) else None

    def follow(self, order: Order) -> Reply:
        """Follow one order."""
        if self._fcm is None:
            raise RefusedError("only FCM has quotas, and it is not served here")
        match order.method, order.name:
            case "GET", "":
                return tell(self._fcm.quota or Quota())
            case "PUT", "":
                self._fcm.set_quota(msgspec.json.decode(order.body, type=Quota))
                return DONE
            case "DELETE", "":
                self._fcm.set_quota(None)
                return DONE
        return UNKNOWN
