"""Drives that are silent, slow, pulled, plugged and reset, and links that fail, on real sockets."""

import dbus
import mctp_link
from kernel_environment import ENDPOINT, FIRST, MANAGER, ROOT, SIMULATOR, KernelTest

SIMULATOR_PATH = "/xyz/openbmc_project/nvme_mi/simulator"
SIMULATOR_INTERFACE = "xyz.openbmc_project.NVMeMI.Simulator1"
DRIVE_INTERFACE = "xyz.openbmc_project.NVMeMI.SimulatedDrive1"

TIMEOUT = "xyz.openbmc_project.Common.Error.Timeout"
UNAVAILABLE = "xyz.openbmc_project.Common.Error.Unavailable"

SECOND = FIRST + 1


class FaultTest(KernelTest):
    drives = 2

    def drive(self, endpoint, member, signature="", *arguments):
        """Calls a method of the simulated drive that had the endpoint id from the start."""
        return self.system.call(
            f"{SIMULATOR_PATH}/drives/{endpoint - FIRST + 1}",
            DRIVE_INTERFACE,
            member,
            signature,
            *arguments,
            destination=SIMULATOR,
        )

    def start_health(self, endpoint):
        return self.system.start_call(self.system.endpoint(endpoint), ENDPOINT, "GetHealth")

    def health(self, endpoint):
        return self.system.finish(self.start_health(endpoint))

    def wait_until_ready(self, endpoint):
        self.system.wait_for_property(
            self.system.endpoint(endpoint), ENDPOINT, "State", "ready"
        )

    def wait_for_health(self, endpoint):
        """Waits until the drive can be asked again."""
        self.wait_until_ready(endpoint)
        return self.health(endpoint)


class SilenceTests(FaultTest):
    configuration = "command-timeout-ms = 5000\n"

    def tearDown(self):
        for endpoint in (FIRST, SECOND):
            self.drive(endpoint, "ClearFaults")
            self.wait_for_health(endpoint)

    def test_a_mute_drive_times_out_while_another_is_served(self):
        self.drive(FIRST, "SetFault", "sa{sv}", "mute", {})
        call = self.start_health(FIRST)
        served = 0
        while not call.done:
            self.health(SECOND)
            served += 1
        self.assertGreater(served, 1)
        error = self.assert_bus_error(TIMEOUT, self.system.finish, call)
        self.assertIn(f"eid {FIRST}", error.get_dbus_message())

    def test_an_answer_with_another_tag_is_nobodys(self):
        self.drive(FIRST, "SetFault", "sa{sv}", "wrong-tag", {})
        self.assert_bus_error(TIMEOUT, self.health, FIRST)

    def test_a_drive_that_is_reset_is_found_again_by_the_bus_owner(self):
        self.drive(FIRST, "Reset")
        self.assert_bus_error(TIMEOUT, self.health, FIRST)
        self.assertTrue(self.health(SECOND)["DriveFunctional"])
        self.system.assign(FIRST)


class PatienceTests(FaultTest):
    configuration = "command-timeout-ms = 60000\n"

    def tearDown(self):
        self.drive(FIRST, "ClearFaults")

    def test_an_answer_later_than_the_kernels_own_tags_live(self):
        # The kernel forgets a tag that it chose itself after six seconds.
        self.drive(FIRST, "SetFault", "sa{sv}", "slow", {"delay-ms": 8000})
        self.assertTrue(self.health(FIRST)["DriveFunctional"])

    def test_two_answers_to_one_request(self):
        # The kernel gives up a tag that it chose itself with the first answer.
        self.drive(FIRST, "SetFault", "sa{sv}", "more-processing", {"delay-ms": 500})
        self.assertTrue(self.health(FIRST)["DriveFunctional"])


class LinkTests(FaultTest):
    configuration = "command-timeout-ms = 5000\n"

    def test_without_a_route_the_caller_is_told_so(self):
        interface = self.system.interfaces[FIRST]
        with mctp_link.RouteNetlink() as netlink:
            netlink.delete_route(interface, FIRST)
            try:
                error = self.assert_bus_error(UNAVAILABLE, self.health, FIRST)
            finally:
                netlink.add_route(interface, FIRST)
        self.assertRegex(error.get_dbus_message(), "(?i)rout|reach|EHOSTUNREACH")
        self.assertTrue(self.health(SECOND)["DriveFunctional"])
        self.wait_for_health(FIRST)

    def test_a_link_that_is_switched_off_and_on(self):
        interface = self.system.interfaces[FIRST]
        with mctp_link.RouteNetlink() as netlink:
            netlink.set_up(interface, up=False)
            try:
                self.assertTrue(self.health(SECOND)["DriveFunctional"])
                with self.assertRaises(dbus.DBusException):
                    self.health(FIRST)
            finally:
                netlink.set_up(interface)
        self.wait_for_health(FIRST)


class PlugTests(FaultTest):
    configuration = "command-timeout-ms = 5000\n"

    def objects_of(self, endpoint):
        """What the bridge publishes of an endpoint, itself and below."""
        path = self.system.endpoint(endpoint)
        return [
            published
            for published in self.system.objects()
            if published == path or published.startswith(path + "/")
        ]

    def test_pull_answers_the_open_call_and_takes_the_objects_away(self):
        self.drive(FIRST, "SetFault", "sa{sv}", "mute", {})
        since = len(self.system.signals)
        call = self.start_health(FIRST)
        # One that waits for its turn would find no object any more.
        self.system.ask_until(
            lambda: self.system.call(ROOT, MANAGER, "GetStatistics")["OpenExchanges"] > 0,
            "the call to be under way",
        )
        self.system.call(
            SIMULATOR_PATH,
            SIMULATOR_INTERFACE,
            "Pull",
            "o",
            f"{SIMULATOR_PATH}/drives/1",
            destination=SIMULATOR,
        )
        self.system.wait_for(lambda: call.done, "the answer to a call to a drive that is gone")
        self.assertIsNotNone(call.error)
        self.assertIn(call.error.get_dbus_name(), (UNAVAILABLE, TIMEOUT))
        self.system.wait_for(lambda: not self.objects_of(FIRST), "the objects to be taken away")
        removed = [
            signal.arguments[0]
            for signal in self.system.find_signals(since, member="InterfacesRemoved")
        ]
        self.assertIn(self.system.endpoint(FIRST), removed)
        with mctp_link.RouteNetlink() as netlink:
            self.assertNotIn(self.system.interfaces[FIRST], netlink.links())
        self.assertTrue(self.health(SECOND)["DriveFunctional"])

    def test_plug_brings_a_drive_as_soon_as_it_can_be_reached(self):
        with mctp_link.RouteNetlink() as netlink:
            before = set(netlink.links())
            self.system.call(
                SIMULATOR_PATH,
                SIMULATOR_INTERFACE,
                "Plug",
                "a{sv}",
                {"eid": "30"},
                destination=SIMULATOR,
            )
            (name,) = set(netlink.links()) - before
        endpoint = self.system.objects().get(self.system.endpoint(30), {}).get(ENDPOINT, {})
        self.assertNotEqual(endpoint.get("State"), "ready")
        self.system.enumerate(30, name)
        self.wait_until_ready(30)
        self.assertTrue(self.health(30)["DriveFunctional"])
        lines = dict(self.system.mi_mctp("identify", 0, endpoint=30))
        self.assertTrue(lines["Serial number"])
