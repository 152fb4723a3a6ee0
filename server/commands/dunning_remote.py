"""CollectionService's dunning as `billcore collect dunning` calls it. Amounts are minor units."""

from collections import Counter
from functools import partial

from rich.table import Table

from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import dunning_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub


class DunningRemote:
    """CollectionService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CollectionServiceStub)

    def policies(self) -> None:
        """Tells every policy."""
        with self._stub() as stub:
            request = pb.ListDunningPoliciesRequest()
            for one in stub.ListDunningPolicies(request, **self._remote.call).policies:
                _tell_policy(one)

    def set_policy(self, name: str, text: str, revision: int, reason: str, given: str) -> None:
        """Sets a policy and tells it."""
        policy = pb.DunningPolicy(name=name, definition=text, revision=revision)
        request = pb.SetDunningPolicyRequest(
            request_id=request_named(given), policy=policy, reason=reason
        )
        with self._stub() as stub:
            _tell_policy(stub.SetDunningPolicy(request, **self._remote.call).policy)

    def sweep(self) -> None:
        """Sweeps all accounts and tells what was done."""
        accounts, done, debt, charged = 0, Counter[int](), Counter[int](), Counter[int]()
        request, day = pb.SweepDunningRequest(), ""
        with self._stub() as stub:
            for page in pages(stub.SweepDunning, request, {"metadata": self._remote.metadata}):
                accounts, day = accounts + page.accounts, page.day
                for one in page.counts:
                    done[one.signal] += one.accounts
                    debt[one.signal] += one.debt
                    charged[one.signal] += one.charged
        say(f"{day}: {accounts} accounts")
        for signal, count in sorted(done.items()):
            say(f"{_signal(signal)}: {count}, debts {debt[signal]}, charged {charged[signal]}")

    def explain(self, number: str, day: str) -> None:
        """Tells what a sweep would do, and why."""
        request = pb.ExplainDunningRequest(number=number, day=day)
        with self._stub() as stub:
            told = stub.ExplainDunning(request, **self._remote.call)
        verdict = _word(pb.DunningVerdict.Name(told.verdict), "DUNNING_VERDICT_")
        until = f", not before {told.not_before}" if told.not_before else ""
        say(
            f"{told.day}: {verdict}{until}; overdue {told.overdue}, debt {told.debt} "
            f"{told.currency} since {told.oldest_due_day or 'never'}, on its way {told.in_flight}"
        )
        policy = told.policy.name or "none"
        say(f"policy {policy}, episode {told.episode}, level {told.level}, next {told.next_level}")
        for one in told.items:
            state = _word(pb.DunningItemState.Name(one.state), "DUNNING_ITEM_STATE_")
            say(
                f"    {one.item_id} due {one.due_day}: open {one.open}, disputed {one.held}, "
                f"debt {one.debt}: {state}"
            )
        if told.HasField("pause"):
            _tell_pause(told.pause)

    def show(self, number: str) -> None:
        """Tells every action."""
        table = Table(
            "no", "day", "signal", "episode", "level", "debt", "charge", "entry", box=None
        )
        request = pb.ListDunningActionsRequest(number=number, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListDunningActions, request, self._remote.call):
                for one in page.actions:
                    numbers = one.episode, one.level, one.debt, one.charge, one.account_entry_id
                    told = str(one.action_no), one.day, _signal(one.signal)
                    table.add_row(*told, *map(str, numbers))
        out.print(table)

    def pause(
        self,
        number: str,
        code: str,
        source: str,
        from_day: str,
        until: str,
        reason: str,
        given: str,
    ) -> None:
        """Pauses and tells the pause."""
        request = pb.PauseDunningRequest(
            request_id=request_named(given),
            number=number,
            reason_code=code,
            from_day=from_day,
            until_day=until,
            source=source,
            reason=reason,
        )
        with self._stub() as stub:
            _tell_pause(stub.PauseDunning(request, **self._remote.call).pause)

    def resume(self, number: str, source: str, until: str, reason: str, given: str) -> None:
        """Ends a pause and tells it."""
        request = pb.ResumeDunningRequest(
            request_id=request_named(given),
            number=number,
            source=source,
            until_day=until,
            reason=reason,
        )
        with self._stub() as stub:
            _tell_pause(stub.ResumeDunning(request, **self._remote.call).pause)

    def pauses(self, number: str) -> None:
        """Tells every pause."""
        request = pb.ListDunningPausesRequest(number=number)
        with self._stub() as stub:
            for one in stub.ListDunningPauses(request, **self._remote.call).pauses:
                _tell_pause(one)

    def waive(self, number: str, entry: int, reason: str, given: str) -> None:
        """Takes a charge back and tells it."""
        name = request_named(given)
        request = pb.WaiveDunningChargeRequest(
            request_id=name, number=number, account_entry_id=entry, reason=reason
        )
        with self._stub() as stub:
            told = stub.WaiveDunningCharge(request, **self._remote.call)
        say(f"Charge {entry} of {told.action.charge} waived by entry {told.account_entry_id}")


def _tell_policy(told: pb.DunningPolicy) -> None:
    say(f"{told.name}, revision {told.revision}: {told.definition}")


def _tell_pause(told: pb.DunningPause) -> None:
    days = f"{told.from_day} to {told.until_day}"
    say(f"Pause {told.source}: {told.reason_code}, {days}, version {told.version}")


def _signal(number: int) -> str:
    return _word(pb.DunningSignal.Name(number), "DUNNING_SIGNAL_")


def _word(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).lower()
