"""Every invariant of every provider, as `billcore verify` proves it."""

import grpc
from rich.table import Table

from billcore.server.demo.screen import console
from billcore.server.gate import AUTHORIZATION
from billcore.v1 import admin_service_pb2
from billcore.v1.admin_service_pb2_grpc import AdminServiceStub

HOUSE = "the house"


def show(channel: grpc.Channel, house: str) -> bool:
    """Prints each check with what it found at each provider; True: nothing anywhere."""
    call = ((AUTHORIZATION, f"Bearer {house}"),)
    stub = AdminServiceStub(channel)
    found: dict[str, dict[str, admin_service_pb2.CheckVerdict]] = {}
    for answer in stub.Verify(admin_service_pb2.VerifyRequest(), metadata=call):
        if answer.HasField("verdict"):
            verdict = answer.verdict
            found.setdefault(verdict.check, {})[verdict.provider or HOUSE] = verdict
    _tell(found)
    return not any(v.findings for of_check in found.values() for v in of_check.values())


def _tell(found: dict[str, dict[str, admin_service_pb2.CheckVerdict]]) -> None:
    providers = list(dict.fromkeys(name for of_check in found.values() for name in of_check))
    table = Table("check", *providers, "seconds", box=None)
    for check, verdicts in found.items():
        marks = [_mark(verdicts.get(name)) for name in providers]
        seconds = sum(verdict.microseconds for verdict in verdicts.values()) / 1_000_000
        table.add_row(check, *marks, f"{seconds:.2f}")
    console.print(table)
    for verdicts in found.values():
        for name, verdict in verdicts.items():
            for finding in verdict.findings:
                told = f"{name}, {verdict.check}: {finding.message} {dict(finding.where)}"
                console.print(told, markup=False, style="red")


def _mark(verdict: admin_service_pb2.CheckVerdict | None) -> str:
    if verdict is None:
        return ""
    return "[bold red]broken[/]" if verdict.findings else "[green]ok[/]"
