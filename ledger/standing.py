"""Which alerts of the queue's monitor hold, company by company."""

from collections import defaultdict

from accounts.client import AccountsClient
from ledger.model import CompanyId, StandingAlert
from queueing.client import QueueClient

Alerts = dict[CompanyId, tuple[StandingAlert, ...]]


async def alerts(queue: QueueClient, accounts: AccountsClient) -> Alerts:
    """Ask the queue what holds, and accounts whose services these are."""
    held = await queue.alerts()
    if not held:
        return {}
    owners = {str(each.id): each.company for each in await accounts.services()}
    found: defaultdict[CompanyId, list[StandingAlert]] = defaultdict(list)
    for one in held:
        if owner := owners.get(one.service):
            alert = StandingAlert(
                one.service, one.alert.value, one.window_s, one.burn_permille
            )
            found[CompanyId(owner)].append(alert)
    return {company: tuple(mine) for company, mine in found.items()}
