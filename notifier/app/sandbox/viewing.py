"""What the page shows of phones and of the account, as views."""

from notifier.app.sandbox.phones import ShownPhone
from notifier.dispatch.accounting import Account
from notifier.sandbox import Handset
from notifier.sandbox.gauge_views import AccountView
from notifier.sandbox.views import PhoneState, PhoneView


def view_phone(handset: Handset, phone: ShownPhone | None) -> PhoneView:
    """Give a phone as the page shows it; None is one that nothing ever came to."""
    return PhoneView(
        slug=handset.slug,
        platform=handset.platform,
        owner=handset.person.name,
        language=handset.person.language,
        state=phone or PhoneState(),
    )


def view_account(account: Account) -> AccountView:
    """Give the account as the page shows it."""
    ours = [one.ours for one in account.partitions]
    return AccountView(
        exact=account.exact,
        records=sum(one.records for one in ours),
        opened=sum(one.opened for one in ours),
        marks=sum(one.marks for one in ours),
        duplicates=sum(one.duplicates for one in ours),
        dead_letters=sum(one.dead_letters for one in ours),
        planned=account.planned,
        deliveries=tuple(sorted(account.deliveries.items())),
        differences=tuple(account.differences),
    )
