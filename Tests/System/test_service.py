"""The daemon and whoever started it: what systemd is told, and a configuration that is no file."""

import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

import environment
from environment import DIAGNOSTICS, ENDPOINT, PATIENCE, PROGRAMS, ROOT


class Manager:
    """The socket of a service manager, and what has come there."""

    def __init__(self, directory):
        self.path = str(pathlib.Path(directory, "notify"))
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def close(self):
        self.socket.close()
        os.unlink(self.path)

    def next(self):
        """The next message's lines, as {name: value}."""
        text = self.socket.recv(1000).decode("ascii")
        return dict(line.split("=", 1) for line in text.splitlines())

    def next_but_watchdog(self):
        """The next message that does not feed the watchdog."""
        while True:
            message = self.next()
            if message != {"WATCHDOG": "1"}:
                return message

    def forget(self):
        """Drops what has come; returns how much that was."""
        count = 0
        while select.select([self.socket], [], [], 0)[0]:
            self.next()
            count += 1
        return count


class ServiceTest(environment.SystemTest):
    starts_daemon = False
    # Another bus program cannot be stopped and go on.
    bus_program = "dbus-daemon"
    # Three times as often the daemon makes sure that it serves.
    watchdog = 900_000

    def setUp(self):
        self.manager = Manager(self.system.directory)
        self.addCleanup(self.manager.close)
        self.system.start_daemon(
            environment={"NOTIFY_SOCKET": self.manager.path, "WATCHDOG_USEC": str(self.watchdog)}
        )
        self.addCleanup(lambda: self.system.daemon and self.system.stop_daemon())
        self.system.wait_for_endpoints(1)
        self.configuration = self.system.logs / "nvmemid.conf"

    def hang_up(self):
        """Has the configuration read again; returns the new lines of the log when that is done."""
        seen = len(self.system.daemon.output)
        self.system.daemon.send_signal(signal.SIGHUP)
        self.system.daemon.wait_for_line("configuration (read again|left as it was)", after=seen)
        return "\n".join(self.system.daemon.output[seen:])


class ManagerTests(ServiceTest):
    def test_ready_once_and_alive_again_and_again(self):
        self.assertEqual(self.manager.next(), {"READY": "1"})
        for _ in range(5):
            self.assertEqual(self.manager.next(), {"WATCHDOG": "1"})

    def test_reload(self):
        self.assertEqual(self.manager.next_but_watchdog(), {"READY": "1"})
        for text, outcome in (("log-level = info\n", "read again"), ("x = y\n", "left as it was")):
            self.configuration.write_text(text, encoding="utf-8")
            self.assertIn(outcome, self.hang_up())
            reloading = self.manager.next_but_watchdog()
            self.assertEqual(reloading["RELOADING"], "1")
            self.assertGreater(int(reloading["MONOTONIC_USEC"]), 0)
            self.assertEqual(self.manager.next_but_watchdog(), {"READY": "1"})

    def test_stopping(self):
        self.assertEqual(self.manager.next_but_watchdog(), {"READY": "1"})
        self.system.stop_daemon()
        self.assertEqual(self.manager.next_but_watchdog(), {"STOPPING": "1"})

    def test_a_daemon_that_does_not_serve_the_bus_does_not_feed(self):
        daemon = self.system.daemon
        for _ in range(2):
            self.assertEqual(set(self.manager.next()) - {"READY", "WATCHDOG"}, set())
            seen = len(daemon.output)
            # Its loop goes on: the log says so.
            self.system.bus_process.send_signal(signal.SIGSTOP)
            try:
                daemon.wait_for_line("the watchdog is not fed", after=seen)
                self.manager.forget()
                for _ in range(5):
                    seen = len(daemon.output)
                    daemon.wait_for_line("the watchdog is not fed", after=seen)
                self.assertEqual(self.manager.forget(), 0)
            finally:
                self.system.bus_process.send_signal(signal.SIGCONT)
            self.assertEqual(self.manager.next(), {"WATCHDOG": "1"})
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")


class ReloadTests(ServiceTest):
    def replace(self, make):
        """Puts something else in the place of the configuration until the test ends."""
        self.configuration.unlink()
        make(self.configuration)
        self.addCleanup(
            lambda: shutil.rmtree(self.configuration)
            if self.configuration.is_dir()
            else self.configuration.unlink()
        )

    def assert_left(self, reason):
        told = self.hang_up()
        self.assertIn("configuration left as it was", told)
        self.assertIn(f"nvmemid.conf: {reason}", told)
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")

    def test_a_fifo(self):
        self.replace(os.mkfifo)
        self.assert_left("it is a FIFO; it has to be a regular file")

    def test_a_folder(self):
        self.replace(os.mkdir)
        self.assert_left("it is a folder")

    def test_a_device(self):
        self.replace(lambda path: path.symlink_to("/dev/zero"))
        self.assert_left("it is a device")

    def test_nothing(self):
        self.replace(lambda path: path.symlink_to("/nowhere/at/all"))
        self.assert_left("stat: No such file or directory")

    def test_a_file_that_is_too_large(self):
        self.replace(lambda path: path.write_text("#" * ((1 << 20) + 1), encoding="ascii"))
        self.assert_left("it is too large; it may have 1048576 bytes")

    def test_a_file_that_is_no_text(self):
        self.replace(lambda path: path.write_bytes(b"log-level = \xff\n"))
        self.assert_left("it is not UTF-8 from byte 12 on")

    def test_a_file_that_is_wrong(self):
        self.replace(lambda path: path.write_text("# one\ncolour = blue\n", encoding="ascii"))
        self.assert_left("line 2: ")

    def test_a_file_that_is_right(self):
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")
        # As large as may be; the option comes before the file.
        text = "health-interval-ms = 0\n"
        text += "#" * ((1 << 20) - len(text))
        self.replace(lambda path: path.write_text(text, encoding="ascii"))
        self.assertIn("configuration read again", self.hang_up())
        self.assertEqual(self.system.get(ROOT, DIAGNOSTICS, "LogLevel"), "debug")

    def test_hang_ups_one_upon_the_other(self):
        seen = len(self.system.daemon.output)
        for _ in range(50):
            self.system.daemon.send_signal(signal.SIGHUP)
        self.system.daemon.wait_for_line("configuration read again", after=seen)
        # Whatever was changed meanwhile counts in the end.
        self.configuration.write_text("colour = blue\n", encoding="ascii")
        self.addCleanup(self.configuration.write_text, "", encoding="ascii")
        self.system.daemon.send_signal(signal.SIGHUP)
        self.system.daemon.wait_for_line("configuration left as it was", after=seen)


class StartTests(unittest.TestCase):
    """A daemon that is started with a configuration that it cannot have ends at once, and says why."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name, "nvmemid.conf")

    def run_daemon(self, *options):
        return subprocess.run(
            [PROGRAMS / "nvmemid", f"--config={self.path}", *options],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )

    def assert_refused(self, reason):
        for options in (["--bus=unix:path=/nowhere"], ["--check-configuration"]):
            with self.subTest(options=options):
                result = self.run_daemon(*options)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertIn(f"{self.path}: {reason}", result.stderr)
                self.assertEqual(result.stdout, "")

    def test_a_fifo(self):
        os.mkfifo(self.path)
        self.assert_refused("it is a FIFO; it has to be a regular file")

    def test_a_folder(self):
        self.path.mkdir()
        self.assert_refused("it is a folder")

    def test_a_device(self):
        self.path.symlink_to("/dev/tty")
        self.assert_refused("it is a device")

    def test_nothing(self):
        self.assert_refused("stat: No such file or directory")

    def test_a_configuration_is_checked_and_printed(self):
        text = "# a comment\nlog-level = info\n"
        self.path.write_text(text, encoding="utf-8")
        result = self.run_daemon("--check-configuration")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, text, ""))
        self.path.write_text("log-level = loud\n", encoding="utf-8")
        self.assert_refused("line 1: ")


if __name__ == "__main__":
    unittest.main()
