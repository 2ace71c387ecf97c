"""The system of Tests/System on real MCTP sockets, with foreign NVMe-MI clients beside the bridge.

The guest has one system bus at its usual place and one simulator a class of tests; each simulated
drive is at the other end of a terminal that is a network interface of this kernel.
"""

import json
import os
import pathlib
import sys

# Last, so that modules of this folder come before namesakes.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position, wildcard-import, unused-wildcard-import
# Tests of this folder find everything here; only now is the other folder on the path.
from environment import *  # noqa: E402, F401, F403
from environment import System, SystemTest  # noqa: E402

import mctp_link  # noqa: E402
from bus_owner import BusOwner  # noqa: E402

MI_MCTP = os.environ.get("MI_MCTP", "mi-mctp")
# Another Debian's folder, whose programs judge the drives; empty for those of this machine.
FOREIGN_ROOT = os.environ.get("NVMEMI_FOREIGN_ROOT", "")
FIRST = 9


def foreign(*words):
    """The command line of a program that is not ours, of the Debian that was asked for.

    It sees the guest's temporary files, under the same names.
    """
    return [*(["chroot", FOREIGN_ROOT] if FOREIGN_ROOT else []), *map(str, words)]


def local(endpoint):
    """The endpoint id of our end of a drive's interface.

    Another one for each: the kernel routes to a local endpoint id through the first interface that
    has it, and forgets the route when that interface goes, though others have the id too.
    """
    return 100 + endpoint


class KernelSystem(System):
    """A System whose bus is the guest's system bus and whose MCTP is the kernel's."""

    listen_address = "unix:path=/run/dbus/system_bus_socket"
    transport = "kernel"

    def __init__(self, name, policy=True, **options):
        super().__init__(name, policy, **options)
        self.interfaces = {}
        self.terminals = {}

    def simulator_options(self, drives):
        return [
            "--bus=system",
            "--mctpd",
            "--control",
            "--pty",
            "--attach-kernel",
            f"--first-eid={FIRST}",
            "--network=1",
            *self.drive_options(drives),
        ]

    def daemon_options(self):
        return ["--bus=system", "--transport=kernel", f"--log-level={self.log_level}"]

    def start_simulator(self, *options, drives=1):
        """As the base class; then enumerates the endpoints, as a bus owner does."""
        super().start_simulator(*options, drives=drives)
        (line,) = [line for line in self.simulator.output if line.startswith("ready ")]
        words = dict(word.partition("=")[::2] for word in line.split()[1:])
        endpoints = [int(word.partition(":")[2]) for word in words["endpoints"].split(",")]
        pairs = [word.split(":") for word in words["pty"].split(",")]
        for endpoint, (terminal, interface) in zip(endpoints, pairs, strict=True):
            self.terminals[endpoint] = terminal
            self.enumerate(endpoint, interface)

    def enumerate(self, endpoint, interface):
        """Switches a new interface on and gives the drive behind it its endpoint id."""
        self.prepare(endpoint, interface)
        self.assign(endpoint)

    def prepare(self, endpoint, interface, network=None):
        """Switches a new interface on, in a network other than the first if one is given."""
        self.interfaces[endpoint] = interface
        mctp_link.configure(interface, local(endpoint), [], network)

    def assign(self, endpoint):
        """Gives the drive on an endpoint's interface its endpoint id again, as after a reset."""
        with BusOwner(self.interfaces[endpoint]) as bus_owner:
            bus_owner.assign(endpoint)

    def switch(self, endpoint, on):
        """Switches the interface of an endpoint on or off; one that is on hears the drive."""
        interface = self.interfaces[endpoint]
        with mctp_link.RouteNetlink() as netlink:
            netlink.set_up(interface, up=on)
        for _ in range(10 if on else 0):
            with BusOwner(interface) as bus_owner:
                if bus_owner.is_heard(patience=1):
                    return
            # It may have gone off or on in the middle of a frame.
            mctp_link.synchronise(self.terminals[endpoint])

    def nvme(self, command, *arguments, endpoint=FIRST, controller=None):
        """Runs nvme-cli on a drive and returns what it prints as JSON."""
        device = f"mctp:1,{endpoint}" + ("" if controller is None else f":{controller}")
        result = self.run("nvme", command, device, *arguments, "--output-format=json")
        return json.loads(result.stdout)

    def nvme_bytes(self, command, *arguments, endpoint=FIRST, controller=None):
        """Runs nvme-cli on a drive and returns the bytes that it read."""
        device = f"mctp:1,{endpoint}" + ("" if controller is None else f":{controller}")
        return self.run("nvme", command, device, *arguments, "--raw-binary", text=False).stdout

    def mi_mctp(self, *arguments, endpoint=FIRST):
        """Runs libnvme's example on a drive: its `label: text` lines, in order."""
        lines = self.run(MI_MCTP, 1, endpoint, *arguments).stdout.splitlines()
        return [
            (label.strip(), text.strip()) for label, _, text in (line.partition(":") for line in lines)
        ]


class KernelTest(SystemTest):
    """A SystemTest on real MCTP sockets, on a bus with the rules of an installed one."""

    system_type = KernelSystem
    policy = True
