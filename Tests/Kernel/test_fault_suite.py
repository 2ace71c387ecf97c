"""The core of the fault suite over real sockets, with what can only go wrong there.

Here answers have tags: what comes late, twice or in the wrong slot must not be misunderstood either.
"""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Faults"))

# pylint: disable=wrong-import-position
import bus_owner  # noqa: E402
import mctp_link  # noqa: E402
import mctp_socket  # noqa: E402
import suite_test  # noqa: E402
from kernel_environment import MI_MCTP, SIMULATOR, KernelSystem  # noqa: E402
from suite import CONFIGURATION, Suite  # noqa: E402

TAGS = 8


class KernelSuite(Suite):
    system_type = KernelSystem
    log_level = "debug"
    # The guest's processor is slow. A drive whose transmission unit was raised, and could not be put back
    # because of a fault, would send frames after which mctp-serial is deaf (mctp_link.SYNCHRONISE).
    configuration = CONFIGURATION.replace(
        "command-timeout-ms = 1000", "command-timeout-ms = 5000\ntransmission-unit = 64"
    )
    has_moving_drives = False
    has_floods = False
    are_tags_taken = False

    def delete_route(self, seconds):
        drive = self.victim("faulty")
        if drive is None:
            return None
        interface = self.system.interfaces[drive.eid]
        with mctp_link.RouteNetlink() as netlink:
            netlink.delete_route(interface, drive.eid)

        def add():
            with mctp_link.RouteNetlink() as netlink:
                netlink.add_route(interface, drive.eid)

        return add, seconds

    def switch_link_off(self):
        drive = self.victim("faulty")
        if drive is None:
            return None
        self.system.switch(drive.eid, on=False)
        return lambda: self.system.switch(drive.eid, on=True), self.random.uniform(0.2, 1.5)

    def condition(self, drive):
        """What the simulator says of a drive."""
        properties = self.system.objects("/xyz/openbmc_project/nvme_mi/simulator", SIMULATOR)
        statistics = self.simulate("GetStatistics", path=drive.simulated)
        # Whether others reach it: then the bridge is to blame.
        other = self.system.run(MI_MCTP, 1, drive.eid, "info", check=False)
        return properties[drive.simulated], statistics, other.stdout[:200], other.stderr[-200:]

    def reset(self):
        """The drive loses its endpoint id, and gets it again from the bus owner of its interface."""
        drive = self.victim("faulty")
        if drive is None:
            return None
        self.simulate("Reset", path=drive.simulated)
        return lambda: self.system.assign(drive.eid), self.random.uniform(1.0, 1.8)

    def take_all_tags(self):
        drive = self.victim("faulty")
        if drive is None:
            return None
        program = mctp_socket.Socket()
        try:
            for _ in range(TAGS):
                program.reserve_tag(drive.eid)
        except OSError:
            # The bridge has some.
            pass

        def give_back():
            program.socket.close()
            self.are_tags_taken = False

        self.are_tags_taken = True
        return give_back, self.random.uniform(0.2, 1.5)

    def ask_by_physical_address(self):
        """As mctpd's polls do: to endpoint ID 0, of a drive that is well; its answer must be mctpd's."""
        # Another program that holds all numbers leaves none to mctpd, whatever the bridge does.
        drive = None if self.are_tags_taken else self.victim("healthy", "flooded")
        if drive is None:
            return None
        with bus_owner.BusOwner(self.system.interfaces[drive.eid]) as owner:
            # Lost when the bridge holds the tag number that the kernel takes for it, or all of them.
            if owner.endpoint_id() != drive.eid:
                self.violations.append(f"EID {drive.eid} is not the drive's that was asked")
        return None, 0

    @property
    def faults(self):
        misbehave, number = self.misbehave, self.random.randint
        faults = super().faults
        for name in ("replugged", "swapped", "eid-changed"):
            del faults[name]
        faults.update(
            {
                "late": lambda: misbehave("late", ("faulty",), delay_ms=number(1, 400)),
                "twice-late": lambda: misbehave("twice", ("faulty",), delay_ms=number(1, 10)),
                "wrong-slot": lambda: misbehave("wrong-slot", ("faulty",)),
                "reset": self.reset,
                "route-gone-briefly": lambda: self.delete_route(0.3),
                "route-gone": lambda: self.delete_route(2),
                "link-down": self.switch_link_off,
                "tags-taken": self.take_all_tags,
                "asked-by-physical-address": self.ask_by_physical_address,
            }
        )
        return faults


class KernelFaultSuiteTests(suite_test.SuiteTest):
    @classmethod
    def make_suite(cls):
        return KernelSuite(
            "test_fault_suite.kernel", suite_test.SEED, drives=6, clients=3, window=3
        )

    def explain(self):
        mctp_link.show(sys.stderr)
        for drive in self.suite.drives:
            print(drive.eid, self.suite.condition(drive), file=sys.stderr)

    def single(self, name):
        self.run_fault(name, seconds=2, pause=0.3)

    def test_1_late_answers(self):
        self.single("late")

    def test_1_answers_that_come_twice(self):
        self.single("twice-late")

    def test_1_wrong_slot(self):
        self.single("wrong-slot")

    def test_1_route_gone_for_a_moment(self):
        self.single("route-gone-briefly")

    def test_1_tags_taken_by_another_program(self):
        self.single("tags-taken")

    def test_1_asked_by_physical_address(self):
        self.single("asked-by-physical-address")

    def test_1_route_gone(self):
        self.single("route-gone")

    def test_1_link_down(self):
        self.single("link-down")

    def test_1_reset(self):
        self.single("reset")

    def test_1_jobs(self):
        # Each kind once at least, whatever else befalls the drives.
        suite = self.suite
        for name in ("job-firmware", "job-format", "job-sanitize", "job-self-test", "job-telemetry"):
            with self.subTest(name):
                self.run_fault(name, seconds=2, pause=0.5)
        self.hold(suite.check_jobs)
        ended = {outcome.split()[0] for outcome in suite.outcomes if outcome.endswith(" done")}
        self.assertEqual(
            ended, {"FirmwareUpdate", "Format", "Sanitize", "SelfTest", "CaptureTelemetry"}, suite.failures
        )

    def test_2_mixture(self):
        self.hold(lambda: self.suite.run(seconds=12, pause=0.2))
        print(self.suite.table(12), file=sys.stderr)

    def test_3_nothing_is_left_behind(self):
        self.hold(self.suite.check_descriptors, self.suite.check_tree, self.suite.check_log)
