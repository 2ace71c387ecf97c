#!/usr/bin/python3
"""Runs dbus-broker on a socket of its own, on a machine that need not be started with systemd.

    unshare --mount --propagation private dbus_broker.py SOCKET CONFIGURATION

dbus-broker-launch is made to be a unit of systemd: it takes a listening socket, logs to the journal and
asks systemd over the bus to start services. So it gets the socket, a journal in a /run of its own, whose
messages are printed, and its own bus to look for systemd on. Ends when the launcher ends.
"""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading


def journal():
    """The journal's socket, in a /run that nobody else sees."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    path = pathlib.Path("/run/systemd/journal/socket")
    path.parent.mkdir(parents=True)
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind(str(path))
    return log


def print_messages(log):
    """Prints what is logged, without its circumstances."""
    while True:
        entry, _ancillary, _flags, _address = log.recvmsg(65536)
        for line in entry.decode(errors="replace").splitlines():
            if line.startswith("MESSAGE="):
                print(line.removeprefix("MESSAGE="), flush=True)


def main():
    path, configuration = sys.argv[1:]
    log = journal()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o666)
    listener.listen(128)
    libc = ctypes.CDLL(None)

    def prepare():
        # Ends with this process, and finds the socket where systemd would have put it.
        libc.prctl(1, signal.SIGKILL)
        os.dup2(listener.fileno(), 3)
        os.environb.update({b"LISTEN_FDS": b"1", b"LISTEN_PID": b"%d" % os.getpid()})
        os.execvp("dbus-broker-launch", command)

    command = ["dbus-broker-launch", "--scope=system", f"--config-file={configuration}"]
    os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={path}"
    threading.Thread(target=print_messages, args=[log], daemon=True).start()
    launcher = os.fork()
    if launcher == 0:
        prepare()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: os.kill(launcher, number))
    _, status = os.waitpid(launcher, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


if __name__ == "__main__":
    main()
