"""The bridge as dbus/install leaves it on a machine, run by systemd on the system bus.

The unit was enabled before the machine started. The simulator stands in for mctpd, as mctpd's user, and
its drives are at the other end of the kernel's MCTP interfaces.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import re
import signal
import stat
import struct
import subprocess
import sys
import time

import dbus

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

# pylint: disable=wrong-import-position
from kernel_environment import (  # noqa: E402
    BRIDGE, CHECKOUT, CONTROLLER, DIAGNOSTICS, ENDPOINT, ENDPOINT_CONTROL, FIRST, ROOT,
    SIMULATOR, KernelSystem, KernelTest,
)
from raw_client import RawClient  # noqa: E402
from users import as_user  # noqa: E402

UNIT = "nvmemid.service"
# mctpd's, which dbus/install found.
USER = "mctpd"
UNIT_FILE = pathlib.Path("/usr/lib/systemd/system", UNIT)
CONFIGURATION = pathlib.Path("/etc/nvmemid.conf")
CGROUP = pathlib.Path("/sys/fs/cgroup/system.slice", UNIT)
MIB = 1 << 20

CAP_NET_RAW = 13
FILTERED = 2


class InstalledSystem(KernelSystem):
    """A KernelSystem whose bus and daemon are systemd's."""

    def start_dbus_daemon(self, configuration):
        self.address = self.listen_address

    def simulator_command(self, command):
        # A user's line discipline needs the capability; mctpd has it for its routes.
        return [
            "setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups",
            "--inh-caps=+net_admin", "--ambient-caps=+net_admin", *command,
        ]

    def start_daemon(self, *options, configuration=None, environment=None):
        self.systemctl("start", UNIT)

    def stop(self):
        subprocess.run(["systemctl", "stop", UNIT], check=False)
        return super().stop()

    def print_logs(self):
        super().print_logs()
        print(self.journal("--output=short-precise", "--lines=60"), file=sys.stderr)

    def systemctl(self, *arguments, **options):
        return self.run("systemctl", "--no-pager", *arguments, **options).stdout

    def journal(self, *arguments):
        self.run("journalctl", "--sync")
        return self.run("journalctl", "--no-pager", f"--unit={UNIT}", *arguments).stdout

    def unit(self, name, unit=UNIT):
        """A property of the unit."""
        return self.systemctl("show", "--value", f"--property={name}", unit).strip()

    @property
    def pid(self):
        """The daemon's process, 0 while there is none."""
        return int(self.unit("MainPID"))

    def status(self):
        """The lines of the daemon's /proc/PID/status: {name: words}."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        pairs = (line.partition(":") for line in text.splitlines())
        return {name: words.split() for name, _, words in pairs}


class UnitTest(KernelTest):
    system_type = InstalledSystem
    drives = 2

    def setUp(self):
        self.system.systemctl("start", UNIT)
        self.system.wait_for_endpoints(self.drives)

    def configure(self, text):
        """Gives the machine a configuration until the test ends."""
        installed = CONFIGURATION.read_text(encoding="utf-8")
        self.addCleanup(CONFIGURATION.write_text, installed, encoding="utf-8")
        CONFIGURATION.write_text(text, encoding="utf-8")

    def asked_of_mctpd(self):
        """What mctpd was asked of the first drive's endpoint."""
        return self.system.call(
            ROOT + "/simulator", SIMULATOR + "1", "GetMctpdCalls", "uy", 1, FIRST,
            destination=SIMULATOR,
        )

    def assert_mctpd_listens(self):
        """mctpd recovers endpoints and sets routes for the daemon."""
        path = self.system.endpoint(FIRST)
        # A serial line has no greater unit. It is mctpd who says so; a caller that it does not let in
        # would not be told.
        self.assertIn("mctpd: MTU 254 is not in 68", self.system.get(path, ENDPOINT, "Tuning"))
        before = self.asked_of_mctpd()
        self.system.call(path, ENDPOINT_CONTROL, "Recover")
        self.assertEqual(self.asked_of_mctpd()["Recover"], before["Recover"] + 1)
        self.system.wait_for_endpoints(self.drives)
        self.assertNotIn("not permitted", self.system.journal("--output=cat"))

    def wait_for_another(self, pid):
        """Waits until another process serves the drives."""
        self.system.wait_for(
            lambda: self.system.owned(BRIDGE) and self.system.pid not in (0, pid),
            "another daemon on the bus",
        )
        self.system.wait_for_endpoints(self.drives)

    def as_nobody(self, *call):
        """busctl's complaint about a method call of somebody without any rights."""
        command = as_user("nobody", ["busctl", "--system", "call", BRIDGE, *call])
        return self.system.run(*command, check=False).stderr.strip()


class InstallationTests(UnitTest):
    def test_systemd_finds_nothing_wrong(self):
        result = self.system.run("systemd-analyze", "verify", "--man=no", UNIT_FILE)
        self.assertEqual(result.stderr + result.stdout, "")

    def test_started_with_the_machine(self):
        self.assertEqual(self.system.unit("UnitFileState"), "enabled")
        # These are the first tests: nobody has stopped it yet.
        self.assertLess(
            int(self.system.unit("ActiveEnterTimestampMonotonic")),
            int(self.system.unit("InactiveExitTimestampMonotonic", "nvmemi-tests.service")),
        )
        self.assertEqual(self.system.unit("ActiveState"), "active")
        self.assertEqual(self.system.unit("Type"), "notify")
        owner = self.system.bus.get_name_owner(BRIDGE)
        self.assertEqual(
            self.system.call(
                "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetConnectionUnixProcessID",
                "s", owner, destination="org.freedesktop.DBus",
            ),
            self.system.pid,
        )

    def test_watchdog_and_limits(self):
        self.assertEqual(self.system.unit("WatchdogUSec"), "1min")
        self.assertNotEqual(self.system.unit("WatchdogTimestampMonotonic"), "0")
        limits = pathlib.Path(f"/proc/{self.system.pid}/limits").read_text(encoding="ascii")
        self.assertRegex(limits, r"Max open files +1024 +1024 ")

    def test_user_with_one_capability(self):
        status = self.system.status()
        user = pwd.getpwnam(USER)
        self.assertEqual(status["Uid"], [str(user.pw_uid)] * 4)
        self.assertEqual(status["Gid"], [str(user.pw_gid)] * 4)
        self.assertEqual({int(group) for group in status["Groups"]}, {user.pw_gid})
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name][0], 16), 1 << CAP_NET_RAW, name)
        self.assertEqual(status["NoNewPrivs"], ["1"])
        self.assertEqual(status["Seccomp"], [str(FILTERED)])

    def test_limits_are_in_force(self):
        self.assertEqual((CGROUP / "memory.max").read_text().strip(), str(160 * MIB))
        self.assertEqual((CGROUP / "pids.max").read_text().strip(), "8")
        # Another one writes down which drives there are, and ends.
        self.system.ask_until(
            lambda: self.system.unit("MainPID")
            and (CGROUP / "cgroup.procs").read_text().split() == [str(self.system.pid)],
            "one process",
        )

    def test_log_has_priorities(self):
        entries = [json.loads(line) for line in self.system.journal("--output=json").splitlines()]
        own = [entry for entry in entries if entry.get("_COMM") == "nvmemid"]
        self.assertTrue({"5", "6"} <= {entry["PRIORITY"] for entry in own}, own)
        for entry in own:
            self.assertNotRegex(entry["MESSAGE"], "^<")


class ServiceTests(UnitTest):
    def test_drives_answer_through_the_sandbox(self):
        path = self.system.endpoint(FIRST)
        self.assertIn("CompositeTemperature", self.system.call(path, ENDPOINT, "GetHealth"))
        data = self.system.call(
            self.system.controller(FIRST), CONTROLLER, "Identify", "yua{sv}", 1, 0, {}
        )
        self.assertEqual(len(data), 4096)

    def test_what_drives_there_are_is_kept_through_the_sandbox(self):
        file = pathlib.Path("/var/lib/nvmemid/drives")
        serial = self.system.call(self.system.controller(FIRST), CONTROLLER, "GetIdentity")["SerialNumber"]
        self.system.ask_until(
            lambda: self.system.unit("MainPID") and file.exists() and f"\t{serial}\t" in file.read_text(),
            "the drives to be written down",
        )
        user = pwd.getpwnam(USER).pw_uid
        for path, mode in ((file, 0o600), (file.parent, 0o700)):
            status = path.stat()
            self.assertEqual((status.st_uid, stat.S_IMODE(status.st_mode)), (user, mode))

    def test_mctpd_listens(self):
        self.assert_mctpd_listens()

    def test_anyone_may_look_and_not_change(self):
        path = self.system.endpoint(FIRST)
        self.assertEqual(self.as_nobody(path, ENDPOINT, "GetHealth"), "")
        controller = self.system.controller(FIRST)
        self.assertEqual(
            self.as_nobody(controller, CONTROLLER, "Identify", "yua{sv}", "1", "0", "0"), ""
        )
        change = (ENDPOINT_CONTROL, "ConfigSet", "syv", "SMBusFrequency", "1", "u", "100000")
        self.assertIn("Access denied", self.as_nobody(path, *change))
        self.system.busctl("call", BRIDGE, path, *change)

    def test_a_message_as_big_as_the_bus_allows_is_survived(self):
        pid = self.system.pid
        client = RawClient(self.system.address)
        self.addCleanup(client.close)
        size = 31 * MIB
        answer = client.call(
            self.system.endpoint(FIRST), ENDPOINT, "GetHealth", "ay",
            struct.pack("<I", size) + bytes(size),
        )
        self.assertEqual(answer.error, "org.freedesktop.DBus.Error.LimitsExceeded")
        self.assertEqual(self.system.pid, pid)
        events = (CGROUP / "memory.events").read_text().split()
        self.assertEqual(events[events.index("oom_kill") + 1], "0")
        # It was there as a whole.
        self.assertGreater(int((CGROUP / "memory.peak").read_text()), size)


class SandboxTests(UnitTest):
    """What the daemon may do, tried by a program in its place."""

    # Processes are seen, as their names are told in the log; what of them is secret is their users'.
    # AF_NETLINK has the physical addresses.
    ALLOWED = {"AF_NETLINK", "AF_UNIX", "AF_MCTP", "leave a file in /tmp", "see process 1"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Where the program's user may write, but for the sandbox.
        for place in ("/usr", "/etc", "/var", "/home"):
            directory = pathlib.Path(place, "nvmemi-open")
            directory.mkdir()
            directory.chmod(0o777)
        os.mknod("/dev/nvmemi-open", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        os.chmod("/dev/nvmemi-open", 0o666)
        # A home directory or /tmp, where the checkout may be, is not seen from inside.
        cls.probe = pathlib.Path("/usr/libexec/nvmemi-probe")
        cls.probe.write_bytes(pathlib.Path(__file__).with_name("probe.py").read_bytes())

    def outside(self):
        capability = "+net_raw"
        result = self.system.run(
            "setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups",
            f"--inh-caps={capability}", f"--ambient-caps={capability}", "python3", self.probe,
        )
        return json.loads(result.stdout)

    def inside(self):
        """Has systemd run the program in a copy of the unit."""
        output = pathlib.Path("/run/nvmemi-probe")
        replaced = r"(Type|NotifyAccess|BusName|ExecStart|ExecReload|Restart\w*|Watchdog\w*)="
        lines = [
            line
            for line in UNIT_FILE.read_text(encoding="utf-8").partition("[Install]")[0].splitlines()
            if not re.match(replaced, line)
        ]
        lines += ["Type=oneshot", f"ExecStart=/usr/bin/python3 {self.probe}"]
        lines += [f"StandardOutput=truncate:{output}", ""]
        copy = pathlib.Path("/run/systemd/system/nvmemi-probe.service")
        copy.write_text("\n".join(lines), encoding="utf-8")
        self.system.systemctl("daemon-reload")
        self.system.systemctl("start", copy.name)
        return json.loads(output.read_text(encoding="utf-8"))

    def test_everything_else_is_refused(self):
        outside = self.outside()
        self.assertEqual({name: word for name, word in outside.items() if word != "done"}, {})
        left = pathlib.Path("/tmp/nvmemi-left")
        left.unlink()
        inside = self.inside()
        self.assertEqual({name for name, word in inside.items() if word == "done"}, self.ALLOWED)
        self.assertFalse(left.exists(), "the unit has a /tmp of its own")


class NightTests(UnitTest):
    """What an operator asks the next morning, of the journal of the unit."""

    serials = ("SIM00000001", "SIM00000002")

    def nvmemi(self, *arguments):
        self.system.run("journalctl", "--sync")
        return self.system.run("nvmemi", "--bus=system", *arguments).stdout

    def heat(self, drive, celsius):
        self.system.call(
            f"{ROOT}/simulator/drives/{drive}", SIMULATOR.replace("Simulator", "SimulatedDrive1"),
            "SetTemperature", "n", celsius, destination=SIMULATOR,
        )

    def test_the_night(self):
        self.configure("health-interval-ms = 500\n")
        self.system.systemctl("reload", UNIT)
        self.addCleanup(self.system.systemctl, "reload", UNIT)
        self.heat(1, 90)
        self.addCleanup(self.heat, 1, 30)
        self.system.ask_until(
            lambda: "Has reached its critical temperature" in self.nvmemi("history", "--since=-1h"), "the heat"
        )
        self.system.call(
            self.system.endpoint(FIRST + 1), ENDPOINT_CONTROL, "ConfigSet", "syv", "HealthStatusChange", 0,
            dbus.Array(["Ready"], signature="s", variant_level=1),
        )
        night = self.nvmemi("history")
        hot = [line for line in night.splitlines() if "critical temperature" in line]
        self.assertTrue(any("health critical" in line and self.serials[0] in line for line in hot), night)
        [change] = [line for line in night.splitlines() if "HealthStatusChange" in line]
        self.assertRegex(change, "root.*")
        # Of one drive, and of a time before all that.
        one = self.nvmemi("history", self.serials[1])
        self.assertNotIn("critical temperature", one)
        self.assertIn("HealthStatusChange", one)
        self.assertIn("tells nothing", self.nvmemi("history", "--since=+1h"))
        # As programs read it: each with its time, none older than the machine.
        entries = json.loads(self.nvmemi("history", "--json"))
        now = time.time() * 1000
        self.assertTrue(all(now - 3_600_000 < entry["time"] <= now for entry in entries), entries)


class LifeTests(UnitTest):
    def test_reload_reads_the_configuration_again(self):
        pid = self.system.pid
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "info")
        self.configure("log-level = debug\n")
        self.system.systemctl("reload", UNIT)
        self.system.ask_until(
            lambda: self.system.get(ROOT, DIAGNOSTICS, "LogLevel") == "debug",
            "the log level of the new configuration",
        )
        self.assertEqual(self.system.pid, pid)

    def test_killed_and_started_again(self):
        pid, restarts = self.system.pid, int(self.system.unit("NRestarts"))
        os.kill(pid, signal.SIGKILL)
        self.wait_for_another(pid)
        self.assertEqual(int(self.system.unit("NRestarts")), restarts + 1)
        self.system.call(self.system.endpoint(FIRST), ENDPOINT, "GetHealth")

    def test_wrong_configuration_is_not_tried_again(self):
        self.configure("colour = blue\n")
        result = self.system.run("systemctl", "restart", UNIT, check=False)
        self.assertNotEqual(result.returncode, 0)
        # One that is to be restarted is "activating", "auto-restart".
        names = ("ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts")
        self.assertEqual(
            [self.system.unit(name) for name in names],
            ["failed", "failed", "exit-code", "2", "0"],
        )

    def test_a_call_starts_it(self):
        self.system.systemctl("stop", UNIT)
        self.assertFalse(self.system.owned(BRIDGE))
        self.system.busctl("call", BRIDGE, ROOT, "org.freedesktop.DBus.Peer", "Ping")
        self.assertEqual(self.system.unit("ActiveState"), "active")
        self.system.wait_for_endpoints(self.drives)

    def test_stop_is_in_time_and_a_success(self):
        self.system.systemctl("stop", UNIT)
        names = ("ActiveState", "SubState", "Result", "ExecMainCode", "ExecMainStatus")
        # Code 1 is an exit. Whoever is too late is killed, and the result is "timeout".
        self.assertEqual(
            [self.system.unit(name) for name in names], ["inactive", "dead", "success", "1", "0"]
        )
        self.assertFalse(self.system.owned(BRIDGE))


class ReloadTests(UnitTest):
    def configuration_is(self, level):
        return self.system.get(ROOT, DIAGNOSTICS, "LogLevel") == level

    @contextlib.contextmanager
    def hung_file_system(self):
        """A directory whose file system answers nothing: nobody reads what the kernel asks of it."""
        place = pathlib.Path("/run/nvmemi-hung")
        place.mkdir()
        descriptor = os.open("/dev/fuse", os.O_RDWR)
        try:
            options = f"fd={descriptor},rootmode=40000,user_id=0,group_id=0,allow_other"
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.mount(b"hung", bytes(place), b"fuse", 0, options.encode("ascii")):
                raise OSError(ctypes.get_errno(), "mount")
            yield place
        finally:
            self.system.run("umount", "--lazy", place, check=False)
            os.close(descriptor)

    def test_a_file_system_that_hangs_does_not_hang_the_daemon(self):
        pid = self.system.pid
        text = CONFIGURATION.read_text(encoding="utf-8")
        self.addCleanup(CONFIGURATION.write_text, text, encoding="utf-8")
        self.addCleanup(CONFIGURATION.unlink)
        with self.hung_file_system() as place:
            CONFIGURATION.unlink()
            CONFIGURATION.symlink_to(place / "nvmemid.conf")
            # Not the process that reads the file, which it would end.
            self.system.systemctl("kill", "--kill-whom=main", "--signal=HUP", UNIT)
            self.system.ask_until(
                lambda: len((CGROUP / "cgroup.procs").read_text().split()) == 2,
                "a process that reads the file",
            )
            # While it is: a call may take its time on a slow line.
            self.system.ask_until(
                lambda: self.system.unit("ActiveState") == "reloading", "systemd to know of it"
            )
            self.system.call(self.system.endpoint(FIRST), ENDPOINT, "GetHealth")
            self.system.ask_until(
                lambda: "did not answer in time" in self.system.journal("--output=cat"),
                "the end of the time for reading the file",
            )
            self.system.ask_until(
                lambda: self.system.unit("ActiveState") == "active", "the end of the reload"
            )
            self.system.ask_until(
                lambda: (CGROUP / "cgroup.procs").read_text().split() == [str(pid)],
                "the end of the process that reads the file",
            )
        # And the next one is read.
        CONFIGURATION.unlink()
        CONFIGURATION.write_text("log-level = debug\n", encoding="utf-8")
        self.system.systemctl("reload", UNIT)
        self.system.ask_until(lambda: self.configuration_is("debug"), "the new configuration")
        self.assertEqual(self.system.pid, pid)


class RootTests(UnitTest):
    """The unit where mctpd has no user of its own, as OpenBMC's: dbus/install --user root."""

    @staticmethod
    def install(*options):
        programs = pathlib.Path(os.environ["WORK"], "programs")
        subprocess.run(
            [CHECKOUT / "dbus" / "install", "--programs", programs, *options],
            check=True, capture_output=True,
        )
        for command in (["daemon-reload"], ["reload", "dbus.service"], ["restart", UNIT]):
            subprocess.run(["systemctl", *command], check=True)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The user that mctpd's unit names is found again.
        cls.addClassCleanup(cls.install)
        cls.install("--user", "root")

    def test_root_with_one_capability(self):
        status = self.system.status()
        self.assertEqual(status["Uid"], ["0"] * 4)
        for name in ("CapPrm", "CapEff", "CapBnd"):
            self.assertEqual(int(status[name][0], 16), 1 << CAP_NET_RAW, name)

    def test_mctpd_listens(self):
        self.assert_mctpd_listens()

    def test_drives_answer(self):
        self.system.call(self.system.endpoint(FIRST), ENDPOINT, "GetHealth")


class WatchdogTests(UnitTest):
    """What systemd does about a daemon that does not serve."""

    def setUp(self):
        super().setUp()
        # The unit's own minute is long to wait for, once in each test.
        drop_in = pathlib.Path(f"/run/systemd/system/{UNIT}.d/nvmemi-tests.conf")
        drop_in.parent.mkdir(parents=True, exist_ok=True)
        self.addCleanup(self.restart)
        self.addCleanup(drop_in.unlink)
        drop_in.write_text("[Service]\nWatchdogSec=15\n", encoding="ascii")
        self.restart()

    def restart(self):
        self.system.systemctl("daemon-reload")
        self.system.systemctl("restart", UNIT)
        self.system.wait_for_endpoints(self.drives)

    def test_a_daemon_that_serves_feeds_it(self):
        pid = self.system.pid
        fed = set()
        self.system.ask_until(
            lambda: fed.add(self.system.unit("WatchdogTimestampMonotonic")) or len(fed) > 5,
            "the watchdog to be fed for longer than it waits",
        )
        self.assertEqual(self.system.pid, pid)

    def test_a_daemon_that_hangs_is_started_again(self):
        pid, restarts = self.system.pid, int(self.system.unit("NRestarts"))
        os.kill(pid, signal.SIGSTOP)
        self.wait_for_another(pid)
        self.assertEqual(int(self.system.unit("NRestarts")), restarts + 1)
        self.assertIn("Watchdog timeout", self.system.journal("--output=cat"))
        self.system.call(self.system.endpoint(FIRST), ENDPOINT, "GetHealth")


if __name__ == "__main__":
    import unittest

    unittest.main()
