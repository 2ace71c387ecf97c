"""Tries what the unit's sandbox is there to refuse; prints {attempt: "done" or the error} as JSON.

Run by systemd in a copy of the unit, and without any of it by the same user with the same capability.
"""

import errno
import json
import mmap
import os
import pathlib
import socket
import subprocess
import tempfile

AF_MCTP = 45
OPEN = "nvmemi-open"


def write(place):
    """Makes a file in a directory that its permissions leave open to everybody."""
    return lambda: pathlib.Path(place, OPEN, "file").write_text("", encoding="ascii")


def read(path):
    return lambda: pathlib.Path(path).read_bytes()


def open_socket(*arguments):
    return lambda: socket.socket(*arguments).close()


def run(*command):
    def attempt():
        if subprocess.run(command, capture_output=True, check=False).returncode:
            raise OSError(errno.EPERM, "")

    return attempt


def map_writable_code():
    mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def make_set_user_id():
    with tempfile.NamedTemporaryFile(dir="/tmp") as file:
        os.fchmod(file.fileno(), 0o4755)


ATTEMPTS = {
    **{f"write {place}": write(place) for place in ("/usr", "/etc", "/var", "/home")},
    "see process 1": read("/proc/1/status"),
    "see what is not processes'": read("/proc/cmdline"),
    "open a device": read(f"/dev/{OPEN}"),
    "leave a file in /tmp": lambda: pathlib.Path("/tmp/nvmemi-left").write_text("", "ascii"),
    "raw AF_INET": open_socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
    "AF_INET": open_socket(socket.AF_INET, socket.SOCK_STREAM),
    "AF_PACKET": open_socket(socket.AF_PACKET, socket.SOCK_RAW),
    "AF_NETLINK": open_socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "AF_UNIX": open_socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "AF_MCTP": open_socket(AF_MCTP, socket.SOCK_DGRAM),
    "user namespace": run("unshare", "--user", "true"),
    "personality": run("setarch", "--addr-no-randomize", "true"),
    "writable code": map_writable_code,
    "set-user-id file": make_set_user_id,
    "own niceness": lambda: os.nice(1),
}


def outcome(attempt):
    """The word for what comes of an attempt."""
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


print(json.dumps({name: outcome(attempt) for name, attempt in ATTEMPTS.items()}))
