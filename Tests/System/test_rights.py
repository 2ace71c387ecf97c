"""What the daemon may ask of mctpd, whose methods let in root and mctpd's own user only.

sd-bus looks at the caller's user, which the policy of the bus cannot change. The stand-in for mctpd does
as sd-bus does.
"""

import shutil
import unittest

import environment
from environment import ENDPOINT, ENDPOINT_CONTROL, MCTPD, ROOT, SIMULATOR
from test_policy import DAEMON_USER, SOMEBODY, PolicySystem
from users import as_user

MCTPD_ROOT = "/au/com/codeconstruct/mctp1"
MCTPD_NETWORK = MCTPD_ROOT + "/networks/1"
MCTPD_ENDPOINT = MCTPD_NETWORK + "/endpoints/9"
CONTROL = "au.com.codeconstruct.MCTP.Endpoint1"

# Every method of mctpd's own interfaces that the stand-in has.
METHODS = (
    (MCTPD_ROOT, MCTPD, "RegisterTypeSupport", "byte 5", "@au []"),
    (MCTPD_NETWORK, "au.com.codeconstruct.MCTP.Network1", "LearnEndpoint", "byte 9"),
    (MCTPD_ENDPOINT, CONTROL, "SetMTU", "uint32 68"),
    (MCTPD_ENDPOINT, CONTROL, "Recover"),
    (MCTPD_ENDPOINT, CONTROL, "Remove"),
)


class RightsSystem(PolicySystem):
    """A bus on which only the daemon's own policy lets the daemon call mctpd."""

    mctpd_user = "root"
    daemon_user = DAEMON_USER
    # Whom the bus lets through as well: mctpd may still refuse them.
    passed = (SOMEBODY,)

    def bus_configuration(self):
        configuration = super().bus_configuration()
        everybody = f'<allow send_destination="{MCTPD}"/>'
        if everybody not in configuration:
            raise AssertionError("the tests' bus does not open mctpd to everybody any more")
        own = "".join(f'<allow own="{name}"/>' for name in (MCTPD, SIMULATOR))
        return configuration.replace(everybody, "").replace(
            "</busconfig>",
            f'<policy user="{self.mctpd_user}">{own}</policy>'
            + "".join(f'<policy user="{user}">{everybody}</policy>' for user in self.passed)
            + "</busconfig>",
        )

    def simulator_command(self, command):
        # Where that user can read it.
        program, *options = command
        return as_user(self.mctpd_user, [shutil.copy(program, self.directory), *options])


class RightsTest(environment.SystemTest):
    policy = True
    # A recovery in vain does not outlast the test.
    simulator_options = ("--recover-interval=50",)

    def complaint(self, user, path, interface, method, *arguments):
        """What gdbus says when a user calls a method of mctpd; nothing when it was carried out.

        busctl has a text of its own for whom the bus or the service denies access.
        """
        call = ["gdbus", "call", "--system", f"--dest={MCTPD}", f"--object-path={path}"]
        call.append(f"--method={interface}.{method}")
        return self.system.run(*as_user(user, [*call, *arguments]), check=False).stderr.strip()

    def assert_refused(self, user):
        for path, interface, method, *arguments in METHODS:
            with self.subTest(user=user, method=method):
                self.assertIn(
                    f"Access to {interface}.{method}() not permitted.",
                    self.complaint(user, path, interface, method, *arguments),
                )

    def calls(self):
        """What was asked of the drive's endpoint."""
        return self.system.call(
            ROOT + "/simulator", SIMULATOR + "1", "GetMctpdCalls", "uy", 1, 9, destination=SIMULATOR
        )

    def recover(self):
        self.system.call(self.system.endpoint(9), ENDPOINT_CONTROL, "Recover")

    def assert_tunes_and_recovers(self):
        path = self.system.endpoint(9)
        self.system.wait_for_property(path, ENDPOINT, "TransmissionUnit", 250)
        self.assertEqual(self.calls()["MTU"], 254)
        before = self.calls()["Recover"]
        self.recover()
        self.assertEqual(self.calls()["Recover"], before + 1)
        self.system.wait_for_endpoints(1)


class SystemOfRoots(RightsSystem):
    passed = (SOMEBODY, "root")


class SystemOfMctpdsUser(RightsSystem):
    mctpd_user = DAEMON_USER


class SystemOfARootAndAUser(RightsSystem):
    mctpd_user = DAEMON_USER
    daemon_user = "root"


class MctpdOfRootTests(RightsTest):
    """mctpd runs as root, as OpenBMC's does, and the daemon as somebody else: nothing comes of it."""

    system_type = SystemOfRoots

    def test_nobody_but_root_is_let_in(self):
        self.assert_refused(SOMEBODY)
        self.assertEqual(self.complaint("root", *METHODS[2]), "")

    def test_the_daemon_goes_on_without(self):
        path = self.system.endpoint(9)
        self.assertIn("not permitted", self.system.get(path, ENDPOINT, "Tuning"))
        self.assertEqual(self.system.get(path, ENDPOINT, "TransmissionUnit"), 64)
        self.assertIn("CompositeTemperature", self.system.call(path, ENDPOINT, "GetHealth"))


class MctpdsUserTests(RightsTest):
    """Both run as one user, as dbus/install has it with mctp 2.6."""

    system_type = SystemOfMctpdsUser

    def test_nobody_else_is_let_in(self):
        self.assert_refused(SOMEBODY)

    def test_the_daemon_tunes_and_recovers(self):
        self.assertNotEqual(self.system.daemon.status_field("Uid"), 0)
        self.assert_tunes_and_recovers()


class RootTests(RightsTest):
    """The daemon runs as root, which mctpd lets in whoever it is itself."""

    system_type = SystemOfARootAndAUser

    def test_the_daemon_tunes_and_recovers(self):
        self.assertEqual(self.system.daemon.status_field("Uid"), 0)
        self.assert_tunes_and_recovers()


if __name__ == "__main__":
    unittest.main()
