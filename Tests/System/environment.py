"""The bridge as a user meets it: a private bus, simulated drives, the daemon, and foreign clients.

    class HealthTests(SystemTest):
        drives = 2

        def test_temperature(self):
            health = self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
            self.assertEqual(health["CompositeTemperature"], 30)

Everything that waits, waits for an event (a signal on the bus, a line of output, the end of a
process) and gives up after PATIENCE seconds with the logs; nothing sleeps, and no time is asserted.
"""

import collections
import ctypes
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from xml.sax.saxutils import escape

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

from users import as_root

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("NVMEMI_PROGRAMS", CHECKOUT / ".build" / "release"))
LOGS = pathlib.Path(os.environ.get("NVMEMI_TEST_LOGS", CHECKOUT / ".build" / "test-logs"))
POLICY = CHECKOUT / "dbus" / "xyz.openbmc_project.NVMeMI.conf"

# Which program is the bus where a test does not say: dbus-daemon or dbus-broker.
BUS_PROGRAM = os.environ.get("NVMEMI_TEST_BUS", "dbus-daemon")

# How long a condition may take before the test is given up. Only broken programs take it all.
PATIENCE = int(os.environ.get("NVMEMI_TEST_PATIENCE", "60"))

# Seconds from one look at a condition to the next: what others do meanwhile needs the processors as well.
PACE = 0.005

BRIDGE = "xyz.openbmc_project.NVMeMI"
MCTPD = "au.com.codeconstruct.MCTP1"
SIMULATOR = "xyz.openbmc_project.NVMeMI.Simulator"
ROOT = "/xyz/openbmc_project/nvme_mi"

MANAGER = BRIDGE + ".Manager1"
DRIVE = BRIDGE + ".Drive1"
DIAGNOSTICS = BRIDGE + ".Diagnostics1"
ENDPOINT = BRIDGE + ".Endpoint1"
ENDPOINT_CONTROL = BRIDGE + ".EndpointControl1"
HEALTH = BRIDGE + ".Health1"
PORT = BRIDGE + ".Port1"
CONTROLLER = BRIDGE + ".Controller1"
CONTROLLER_CONTROL = BRIDGE + ".ControllerControl1"
FIRMWARE = BRIDGE + ".Firmware1"
NAMESPACE_MANAGEMENT = BRIDGE + ".NamespaceManagement1"
SECURITY = BRIDGE + ".Security1"
PASSTHRU = BRIDGE + ".Passthru1"
NAMESPACE = BRIDGE + ".Namespace1"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"

Signal = collections.namedtuple("Signal", "sender path interface member arguments")

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
libc = ctypes.CDLL(None)
numbers = itertools.count(1)


# What D-Bus's types are in Python.
PLAIN = {
    dbus.ByteArray: bytes, dbus.Boolean: bool, dbus.Double: float, dbus.String: str, dbus.ObjectPath: str,
    dbus.Signature: str, dbus.Byte: int, dbus.Int16: int, dbus.UInt16: int, dbus.Int32: int,
    dbus.UInt32: int, dbus.Int64: int, dbus.UInt64: int,
}


def plain(value):
    """A D-Bus value as the Python value that people compare with."""
    kind = PLAIN.get(type(value))
    if kind:
        return kind(value)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, list):
        if getattr(value, "signature", None) == "y":
            return bytes(value)
        return [plain(item) for item in value]
    return value


class Process:
    """A program under test, with its output in a log file."""

    def __init__(self, name, arguments, log, environment=None, pass_fds=()):
        self.name = name
        self.log = log
        self.lines = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            pass_fds=pass_fds,
            # A test run that is killed takes its programs with it.
            preexec_fn=lambda: libc.prctl(1, signal.SIGKILL),
        )
        self.pid = self.process.pid
        with open(log, "a", encoding="utf-8") as file:
            file.write("# " + " ".join(str(argument) for argument in arguments) + "\n")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with open(self.log, "a", encoding="utf-8") as file:
            for line in self.process.stdout:
                text = line.decode(errors="replace")
                file.write(text)
                file.flush()
                with self.changed:
                    self.lines.append(text.rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.lines.append(None)
            self.changed.notify_all()

    @property
    def output(self):
        """The lines printed so far."""
        with self.changed:
            return [line for line in self.lines if line is not None]

    def wait_for_line(self, pattern, after=0):
        """Waits until a line matches the regular expression; returns the match."""
        expression = re.compile(pattern)
        with self.changed:
            seen = after
            while True:
                while seen < len(self.lines):
                    line = self.lines[seen]
                    if line is None:
                        raise AssertionError(f"{self.name} ended without printing {pattern!r}")
                    found = expression.search(line)
                    if found:
                        return found
                    seen += 1
                if not self.changed.wait(PATIENCE):
                    raise AssertionError(f"{self.name} did not print {pattern!r}")

    @property
    def status(self):
        """The exit status, negative for a signal; None while it runs."""
        return self.process.poll()

    def send_signal(self, number):
        self.process.send_signal(number)

    def wait(self, patience=PATIENCE):
        """Waits for the end; returns the exit status."""
        status = self.process.wait(patience)
        self.reader.join(PATIENCE)
        return status

    def stop(self, number=signal.SIGTERM):
        """Asks the program to end, insists if it does not; returns the exit status."""
        if self.status is None:
            self.send_signal(number)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.send_signal(signal.SIGKILL)
            self.wait()
            raise AssertionError(f"{self.name} did not end after signal {number}") from None

    def memory(self, field):
        """A line of /proc/PID/status in bytes, such as RssAnon."""
        return self.status_field(field) * 1024

    def status_field(self, field):
        """A line of /proc/PID/status as a number, such as Threads."""
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(re.search(rf"^{field}:\s*(\d+)", text, re.MULTILINE).group(1))


class Call:
    """A method call under way: `done`, then `value` or `error` (a dbus.DBusException)."""

    def __init__(self):
        self.done = False
        self.value = None
        self.error = None

    def succeed(self, *values):
        self.value = plain(values[0]) if len(values) == 1 else plain(values) if values else None
        self.done = True

    def fail(self, error):
        self.error = error
        self.done = True


class System:
    """One private bus with what runs on it. Used as a context manager or through SystemTest."""

    def __init__(self, name, policy=False, bus_program=BUS_PROGRAM):
        self.name = name
        self.policy = policy
        self.bus_program = bus_program
        # Whether the bus hands over replies that nobody waits for, which it otherwise drops unseen.
        self.passes_every_reply = False
        self.logs = LOGS / name
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir(parents=True)
        # Not among the logs: the path of a socket may have 107 bytes, a checkout's may have more.
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="nvmemi-"))
        self.demux = f"nvmemi-test-{os.getpid()}-{next(numbers)}"
        self.bus_process = self.simulator = self.daemon = None
        self.bus = None
        self.signals = []
        self.connections = []
        # Everything, since a test's log is read only when something went wrong.
        self.log_level = "debug"
        # A program that the daemon is run in, with its options.
        self.daemon_prefix = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        states = [
            f"{process.name}: {process.status}"
            for process in (self.daemon, self.simulator, self.bus_process)
            if process and process.status is not None
        ]
        complaints = self.stop()
        if kind:
            self.print_logs()
            print("ended before: " + (", ".join(states) or "nothing"), file=sys.stderr)
        elif complaints:
            raise AssertionError("; ".join(complaints))

    # Programs

    @property
    def listen_address(self):
        return f"unix:path={self.directory}/bus"

    @property
    def transport(self):
        """What the daemon gets as --transport."""
        return "demux:" + self.demux

    def bus_configuration(self):
        """The bus's configuration: everything allowed, or a system bus' rules."""
        if self.policy:
            rules = f"""
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
    <allow send_destination="{MCTPD}"/>
    <allow send_destination="{SIMULATOR}"/>
  </policy>
  <policy user="{os.getuid()}">
    <allow own="{MCTPD}"/>
    <allow own="{SIMULATOR}"/>
  </policy>
  <include>{escape(str(POLICY))}</include>
  <policy user="{os.getuid()}">
    <allow own="{BRIDGE}"/>
  </policy>"""
        else:
            rules = """
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
  </policy>"""
        if self.passes_every_reply:
            answers = "".join(
                f'<allow {way}_requested_reply="false" {way}_type="{kind}"/>'
                for way in ("send", "receive")
                for kind in ("method_return", "error")
            )
            rules += f'\n  <policy context="mandatory">{answers}</policy>'
        return f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>{escape(self.listen_address)}</listen>
  <auth>EXTERNAL</auth>{rules}
</busconfig>
"""

    def start_bus(self):
        """Starts the bus and connects to it."""
        configuration = self.logs / "bus.conf"
        configuration.write_text(self.bus_configuration(), encoding="utf-8")
        start = {"dbus-daemon": self.start_dbus_daemon, "dbus-broker": self.start_dbus_broker}
        start[self.bus_program](configuration)
        self.directory.chmod(0o755)
        self.bus = self.connect()
        self.bus.add_match_string("type='signal'")
        self.bus.add_message_filter(self._record)

    def start_dbus_daemon(self, configuration):
        read, write = os.pipe()
        self.bus_process = Process(
            "dbus-daemon",
            [
                "dbus-daemon",
                f"--config-file={configuration}",
                "--nofork",
                "--nopidfile",
                f"--print-address={write}",
            ],
            self.logs / "dbus-daemon.log",
            pass_fds=(write,),
        )
        os.close(write)
        with os.fdopen(read, encoding="ascii") as file:
            self.address = file.readline().strip()
        if not self.address:
            raise AssertionError(f"dbus-daemon did not start: {self.bus_process.output}")

    def start_dbus_broker(self, configuration):
        program = pathlib.Path(__file__).with_name("dbus_broker.py")
        self.bus_process = Process(
            "dbus-broker",
            as_root(
                ["unshare", "--mount", "--propagation=private", "/usr/bin/python3", program]
                + [self.directory / "bus", configuration]
            ),
            self.logs / "dbus-broker.log",
        )
        self.bus_process.wait_for_line("^Ready$")
        self.address = self.listen_address

    def connect(self):
        """Another connection to the bus, as if from another program."""
        connection = dbus.bus.BusConnection(self.address)
        connection.set_exit_on_disconnect(False)
        self.connections.append(connection)
        return connection

    def start_simulator(self, *options, drives=1):
        """Starts the simulator, standing in for mctpd as well, and waits until it is ready.

        `drives` is their number, or the text of a description file.
        """
        self.simulator = Process(
            "nvmemi-sim",
            self.simulator_command(
                [PROGRAMS / "nvmemi-sim", *self.simulator_options(drives), *options]
            ),
            self.logs / "nvmemi-sim.log",
        )
        self.simulator.wait_for_line(r"\bready\b")

    def simulator_command(self, command):
        """The command line of the simulator, for those who run it as somebody else."""
        return command

    def simulator_options(self, drives):
        return [
            f"--bus={self.address}",
            "--mctpd",
            "--control",
            f"--demux={self.demux}",
            "--first-eid=9",
            "--network=1",
            *self.drive_options(drives),
        ]

    def drive_options(self, drives):
        """Options for so many drives, or for those that a text describes."""
        if isinstance(drives, int):
            return [f"--drives={drives}"]
        file = self.logs / "drives.conf"
        file.write_text(drives, encoding="utf-8")
        return [f"--file={file}"]

    def start_daemon(self, *options, configuration=None, environment=None):
        """Starts the daemon and waits until it owns its name."""
        # Always with a file of ours: without, the daemon would read the machine's.
        file = self.logs / "nvmemid.conf"
        file.write_text(configuration or "", encoding="utf-8")
        arguments = [PROGRAMS / "nvmemid", *self.daemon_options(), f"--config={file}", *options]
        arguments = [*self.daemon_prefix, *arguments]
        self.daemon = Process("nvmemid", arguments, self.logs / "nvmemid.log", environment)
        self.wait_for_name(BRIDGE)

    def daemon_options(self):
        return [
            f"--bus={self.address}",
            f"--transport={self.transport}",
            f"--log-level={self.log_level}",
        ]

    def stop_daemon(self, number=signal.SIGTERM):
        """Stops the daemon and waits until its name is gone; returns the exit status."""
        status = self.daemon.stop(number)
        self.wait_for(lambda: not self.owned(BRIDGE), f"{BRIDGE} to leave the bus")
        # Its last signals are here, and are not to be taken for those of the next daemon.
        context = GLib.MainContext.default()
        while context.pending():
            context.iteration(False)
        self.daemon = None
        return status

    def stop(self):
        """Ends everything. Returns what a program did wrong in the end, one sentence each."""
        complaints = []
        for process in (self.daemon, self.simulator):
            if process is None:
                continue
            already = process.status
            try:
                status = process.stop()
            except AssertionError as error:
                complaints.append(str(error))
                continue
            if already is not None:
                complaints.append(f"{process.name} had ended by itself with status {already}")
            elif status != 0:
                complaints.append(f"{process.name} ended with status {status} after SIGTERM")
        self.daemon = self.simulator = None
        for connection in self.connections:
            connection.close()
        self.connections = []
        if self.bus_process:
            self.bus_process.stop()
            self.bus_process = None
        shutil.rmtree(self.directory, ignore_errors=True)
        return complaints

    def print_logs(self):
        """Shows the end of every program's log, for a failure on a machine that is gone."""
        for log in sorted(self.logs.glob("*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            print(f"--- {log.name}: last of {len(lines)} lines", file=sys.stderr)
            print("\n".join(lines[-40:]), file=sys.stderr)

    # Waiting

    def wait_for(self, condition, what):
        """Waits until condition() is true, asking again after events; returns its value."""
        context = GLib.MainContext.default()
        expired = []
        timer = GLib.timeout_add_seconds(PATIENCE, lambda: expired.append(True))
        watches, descriptors = [], []
        for process in (self.daemon, self.simulator):
            if process and process.status is None:
                descriptor = os.pidfd_open(process.pid)
                descriptors.append(descriptor)
                watches.append(
                    GLib.unix_fd_add_full(
                        GLib.PRIORITY_DEFAULT, descriptor, GLib.IOCondition.IN, lambda *_: False
                    )
                )
        try:
            while True:
                value = condition()
                if value:
                    return value
                for process in (self.daemon, self.simulator):
                    if process and process.status is not None:
                        raise AssertionError(
                            f"{process.name} ended with status {process.status}"
                            f" while waiting for {what}"
                        )
                if expired:
                    raise AssertionError(f"waited in vain for {what}")
                context.iteration(True)
                # Events come in swarms, and each answer can be one of hundreds of objects.
                time.sleep(PACE)
                while context.pending():
                    context.iteration(False)
        finally:
            if not expired:
                GLib.source_remove(timer)
            for watch in watches:
                if context.find_source_by_id(watch):
                    GLib.source_remove(watch)
            for descriptor in descriptors:
                os.close(descriptor)

    def ask_until(self, condition, what):
        """Calls condition() until it is true, for what is told by no event; returns its value."""
        deadline = time.monotonic() + PATIENCE
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"asked in vain for {what}")
            time.sleep(PACE)

    def owned(self, name):
        """Whether somebody owns the bus name."""
        return bool(self.bus.name_has_owner(name))

    def wait_for_name(self, name):
        """Waits until somebody owns the bus name."""
        self.wait_for(lambda: self.owned(name), f"{name} on the bus")

    def wait_for_endpoints(self, count, state="ready"):
        """Waits until so many endpoints are in a state; returns their paths in order."""

        def paths():
            found = [
                path
                for path, interfaces in self.objects().items()
                if interfaces.get(ENDPOINT, {}).get("State") == state
            ]
            return sorted(found, key=numerically) if len(found) == count else None

        return self.wait_for(paths, f"{count} endpoints to be {state}")

    def settle(self):
        """Waits until the daemon asks no drive for anything any more: what nobody waits for comes last."""

        def sent():
            statistics = self.call(ROOT, MANAGER, "GetStatistics")
            return None if statistics["OpenExchanges"] else statistics["MessagesSent"]

        self.ask_until(lambda: (count := sent()) is not None and count == sent(), "no drive to be asked")

    def wait_for_property(self, path, interface, name, value):
        """Waits until a property has a value."""
        self.wait_for(
            lambda: self.objects().get(path, {}).get(interface, {}).get(name) == value,
            f"{name} of {path} to be {value!r}",
        )

    # Signals

    def _record(self, _connection, message):
        if isinstance(message, dbus.lowlevel.SignalMessage):
            self.signals.append(
                Signal(
                    str(message.get_sender()),
                    str(message.get_path()),
                    str(message.get_interface()),
                    str(message.get_member()),
                    plain(message.get_args_list(byte_arrays=True)),
                )
            )
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED

    def find_signals(self, since=0, **fields):
        """The signals seen from index `since` on whose fields (path, member, …) are as given."""
        return [
            seen
            for seen in self.signals[since:]
            if all(getattr(seen, name) == value for name, value in fields.items())
        ]

    def wait_for_signal(self, since=0, **fields):
        """Waits for a signal with the given fields; returns it.

        Take `since=len(system.signals)` before the act that causes it.
        """
        return self.wait_for(
            lambda: (self.find_signals(since, **fields) or [None])[0], f"the signal {fields}"
        )

    # Calls

    def start_call(
        self, path, interface, member, signature="", *arguments, destination=BRIDGE, bus=None
    ):
        """Sends a method call and returns at once with a Call."""
        call = Call()
        (bus or self.bus).call_async(
            destination,
            path,
            interface,
            member,
            signature,
            arguments,
            call.succeed,
            call.fail,
            timeout=PATIENCE,
            byte_arrays=True,
        )
        return call

    def finish(self, call):
        """Waits for a Call; returns its value or raises its error."""
        self.wait_for(lambda: call.done, "the answer to a call")
        if call.error:
            raise call.error
        return call.value

    def call(self, path, interface, member, signature="", *arguments, **options):
        """Calls a method as busctl does: signature, then arguments. Signals are seen meanwhile."""
        return self.finish(
            self.start_call(path, interface, member, signature, *arguments, **options)
        )

    def get(self, path, interface, name):
        """One property."""
        return self.call(path, PROPERTIES, "Get", "ss", interface, name)

    def get_all(self, path, interface):
        """All properties of an interface."""
        return self.call(path, PROPERTIES, "GetAll", "s", interface)

    def objects(self, manager=ROOT, destination=BRIDGE):
        """GetManagedObjects: {path: {interface: {property: value}}}."""
        # Blocking, so that conditions given to wait_for() can use it.
        return plain(
            self.bus.call_blocking(
                destination,
                manager,
                OBJECT_MANAGER,
                "GetManagedObjects",
                "",
                (),
                timeout=PATIENCE,
                byte_arrays=True,
            )
        )

    def get_drives(self, simulation, destination):
        """The simulator's drives: {path: [(network, eid), ...]}."""
        found = self.objects(simulation, destination)
        interface = destination.removesuffix(".Simulator") + ".SimulatedDrive1"
        return {
            path: [tuple(endpoint) for endpoint in interfaces[interface]["Endpoints"]]
            for path, interfaces in sorted(found.items(), key=lambda item: numerically(item[0]))
            if interface in interfaces
        }

    def endpoint(self, eid, network=1):
        """The path of an endpoint."""
        return f"{ROOT}/networks/{network}/endpoints/{eid}"

    def controller(self, eid, controller=0, network=1):
        """The path of a controller."""
        return f"{self.endpoint(eid, network)}/controllers/{controller}"

    # Foreign clients

    def run(self, *arguments, check=True, environment=None, user=None, text=True):
        """Runs a command to its end; returns the CompletedProcess, its output text or bytes.

        With `user`, as that user (root can become anyone).
        """
        command = [str(argument) for argument in arguments]
        if user:
            command = ["setpriv", f"--reuid={user}", "--clear-groups", "--no-new-privs", *command]
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=text,
            timeout=PATIENCE * 2,
            check=False,
            # What programs print is compared, whatever the locale of who runs the tests.
            env={
                **os.environ,
                "LC_ALL": "C.UTF-8",
                "DBUS_SYSTEM_BUS_ADDRESS": self.address,
                **(environment or {}),
            },
        )
        if check and result.returncode:
            raise AssertionError(
                f"{' '.join(command)} ended with {result.returncode}:"
                f" {result.stderr.strip() or result.stdout.strip()!r}"
            )
        return result

    def busctl(self, *arguments, **options):
        """Runs busctl and returns what it prints as JSON; for `call` the list of results."""
        result = self.run(
            "busctl", f"--address={self.address}", "--json=short", *arguments, **options
        )
        return json.loads(result.stdout)["data"] if result.stdout.strip() else None

    def nvmemi(self, *arguments, **options):
        """Runs the project's command line on this bus."""
        return self.run(PROGRAMS / "nvmemi", f"--bus={self.address}", *arguments, **options)


def numerically(text):
    """Sort key that puts 9 before 10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


class SystemTest(unittest.TestCase):
    """Tests that share one System a class; class attributes say what it is made of."""

    # Their number, or the text of a description file; then `expected_endpoints` says how
    # many to wait for.
    drives = 1
    expected_endpoints = None
    simulator_options = ()
    daemon_options = ()
    configuration = None
    policy = False
    bus_program = BUS_PROGRAM
    # False: the test starts the daemon itself.
    starts_daemon = True
    system_type = System

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.system = cls.system_type(
            f"{cls.__module__}.{cls.__name__}", policy=cls.policy, bus_program=cls.bus_program
        )
        try:
            cls.system.start_bus()
            cls.system.start_simulator(*cls.simulator_options, drives=cls.drives)
            if cls.starts_daemon:
                cls.system.start_daemon(*cls.daemon_options, configuration=cls.configuration)
                cls.system.wait_for_endpoints(cls.expected_endpoints or cls.drives)
                cls.system.settle()
        except BaseException:
            cls.system.stop()
            cls.system.print_logs()
            raise

    @classmethod
    def tearDownClass(cls):
        complaints = cls.system.stop()
        if complaints:
            cls.system.print_logs()
            raise AssertionError("; ".join(complaints))

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result else 0
        result = super().run(result)
        if result and len(result.failures) + len(result.errors) > before:
            self.system.print_logs()
        return result

    def assert_bus_error(self, name, call, *arguments, **options):
        """Asserts that call(*arguments) ends with the named D-Bus error; returns it."""
        with self.assertRaises(dbus.DBusException) as caught:
            call(*arguments, **options)
        self.assertEqual(
            caught.exception.get_dbus_name(), name, caught.exception.get_dbus_message()
        )
        return caught.exception
