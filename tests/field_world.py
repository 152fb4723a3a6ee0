"""A collector with a device, a route and accounts, for tests of field work."""

import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billcore.core.collections.field import collectors, devices, hand_ins, keeping, routes, sync
from billcore.core.collections.field.collectors import Limits
from billcore.core.collections.field.contents import Step, Visit
from billcore.core.collections.field.errors import DeviceRecordInvalid
from billcore.core.collections.field.records import NUMBER_AT
from billcore.core.payments.agents import agents
from billcore.core.payments.agents.agents import Terms
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.intake.place import place
from billcore.core.store import agents as agent_rows
from billcore.core.store import channels as channel_rows
from billcore.core.store import field_devices as device_rows
from billcore.core.store.channels import Channel
from tests import payments_world
from tests.payments_world import NOW, SECOND, TODAY, Acting, World

CHANNEL = "tuan"
CHANNEL_NO = 4
FLOAT_LIMIT = 100_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def loaded(name: str) -> ModuleType:
    """A module of examples/field-device, whose folder is no package."""
    path = Path(__file__).parents[1] / "examples" / "field-device" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"field_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


device_module = loaded("device")
Device, Clock, DeviceLimits, Refused = (
    device_module.Device, device_module.Clock, device_module.Limits, device_module.Refused,
)  # fmt: skip


@dataclass
class Cases:
    """Who opens cases, remembered."""

    opened: list[tuple[int, str, str]] = field(default_factory=list)

    def check(self, told: Visit, place: str) -> None:
        if (told.step is Step.DISPUTED) != bool(told.dispute):
            raise DeviceRecordInvalid(place, "a disputed visit names the kind of its case.")

    def open(self, write, account_id: int, kind: str, note: str) -> int:
        self.opened.append((account_id, kind, note))
        return len(self.opened)


@dataclass
class Field:
    """The world with a collector `tuan`, the route `r1` over its accounts, and a device."""

    world: World
    cases: Cases
    assignment_no: int = 1
    device_no: int = 1
    key: Ed25519PrivateKey = KEY

    def synced(self, *given: tuple[str, bytes]) -> sync.Synced:
        """Sends lines to the server."""
        with self.world.store.write() as session:
            return self.synced_in(session, *given)

    def synced_in(self, session, *given: tuple[str, bytes]) -> sync.Synced:
        """As `synced`, in a transaction."""
        device = devices.device_of(session, 1, CHANNEL, self.device_no)
        signed = sync.signed(device, 1, given, self.cases)
        where = place(session, self.world.caller, CHANNEL)
        write = Acting(session, self.world.caller, self.world.now)
        return sync.sync(write, where, self.device_no, signed, self.cases)

    def sent(self, device) -> sync.Synced:
        """Sends what a device has not sent."""
        found = self.synced(*device.unsent())
        device.acknowledged = max(
            [device.acknowledged, *(one.seq for one in found.answers if one.state == keeping.TAKEN)]
        )
        return found

    def device(self, folder: Path, at: int = NOW // SECOND, numbers: int = 100):
        """The device as it has loaded its route."""
        made = Device(1, self.device_no, self.key, folder / "journal", Clock(lambda: at, lambda: 0))
        last = self.device_no * NUMBER_AT + numbers
        made.told(at, last, DeviceLimits(FLOAT_LIMIT), at)
        return made

    def held(self) -> int:
        """The cash that the collector has, by the books."""
        with self.world.store.read() as reader:
            row = agent_rows.agent(reader, 1, CHANNEL_NO)
        assert row is not None
        return row.held

    def row(self) -> device_rows.DeviceRow:
        with self.world.store.read() as reader:
            found = device_rows.device(reader, 1, self.device_no)
        assert found is not None
        return found

    def confirm(self, seq: int, counted: int, source: str = ""):
        return self.world.write(
            lambda write: hand_ins.confirm(
                write, CHANNEL, self.device_no, seq, counted, TODAY, source or f"hand-in {seq}"
            )
        )


def found(store, numbers: int = 100, accounts: int = 5) -> Field:
    """Founds it, with so many numbers allotted to device 1."""
    world = payments_world.found(store, accounts)
    policies = parse_channel_policies("").text
    with store.write() as session:
        row = Channel(1, CHANNEL_NO, CHANNEL, "field_device", "Tuan", 1, policies, 1, 0)
        channel_rows.add(session, row)
    terms = Terms("Tuan", FLOAT_LIMIT, 0, 0)
    world.write(lambda write: agents.create_agent(write, CHANNEL, terms))
    limits = Limits("0913 000 111")
    world.write(lambda write: collectors.set_collector(write, CHANNEL, limits, 0))
    stops = [f"N{n}" for n in range(1, accounts)]  # the last one is off the route
    route = routes.Given("r1", "North", "A", stops)
    world.write(lambda write: routes.set_route(write, route))
    world.write(lambda write: routes.assign(write, "r1", CHANNEL, TODAY, TODAY + 3))
    public = KEY.public_key().public_bytes_raw()
    world.write(lambda write: devices.register(write, CHANNEL, "phone 1", public))
    if numbers:
        world.write(lambda write: devices.allot(write, CHANNEL, 1, numbers))
    return Field(world, Cases())
