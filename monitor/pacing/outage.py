"""Is it we who are cut off, or are the feeds in trouble? Decided from what answered; nothing is asked here.

When nearly every host of a round fails as it would without a network, a few well-known addresses (the canaries) and
feeds that answered lately are asked as well. Only when these fail too it is our own network.
"""

from collections.abc import Sequence

from monitor.links import host_of
from monitor.model import Failed, Failure, Visit

_CUT_OFF = frozenset({Failure.DNS, Failure.CONNECT, Failure.TIMEOUT})
_STOPPED = _CUT_OFF | {Failure.TLS}  # a hotel's login page answers in the place of every host, and cannot prove it
_NEARLY_ALL = 2 / 3
_ENOUGH_HOSTS = 3


def cut_off(visit: Visit) -> bool:
    """Whether the visit failed as it would without a network: the host was never reached."""
    return isinstance(visit, Failed) and visit.failure in _CUT_OFF


def stopped(visit: Visit) -> bool:
    """Whether whatever stands between us and the host may have failed the visit; wider than `cut_off`."""
    return isinstance(visit, Failed) and visit.failure in _STOPPED


def suspicious(visits: Sequence[Visit]) -> bool:
    """Whether nearly every host failed as it would behind a broken network, so that others are to be asked."""
    if not any(map(stopped, visits)):
        return False
    reached, all_hosts = _hosts(visits)
    return bool(all_hosts) and len(all_hosts) - len(reached) >= _NEARLY_ALL * len(all_hosts)


def network_is_down(visits: Sequence[Visit], canaries: Sequence[Visit], others: Sequence[Visit]) -> bool:
    """Whether it is our own network: `visits` are the round's, `others` those of feeds that answered lately.

    Without canaries at least three hosts must have been asked, and none of them reached.
    """
    if not suspicious([*visits, *others]) or not all(stopped(visit) for visit in canaries):
        return False
    reached, all_hosts = _hosts([*visits, *others])
    if canaries:
        return not reached or len(all_hosts) - len(reached) >= _ENOUGH_HOSTS
    return not reached and len(all_hosts) >= _ENOUGH_HOSTS and all(cut_off(visit) for visit in visits)


def outage_words(visits: Sequence[Visit]) -> str:
    """What fails, for the notice."""
    failed = [visit for visit in visits if isinstance(visit, Failed) and stopped(visit)]
    kinds = {visit.failure for visit in failed}
    if kinds == {Failure.DNS}:
        return "no name can be looked up: the machine's name server (DNS) seems to be down"
    if len(failed) < len(visits):
        return "nearly nothing can be reached, nor can the addresses that are asked to be sure"
    return "nothing can be reached"


def _hosts(visits: Sequence[Visit]) -> tuple[set[str], set[str]]:
    """(hosts that were reached, all hosts)"""
    reached = {host_of(visit.request.url) for visit in visits if not stopped(visit)}
    return reached, {host_of(visit.request.url) for visit in visits}
