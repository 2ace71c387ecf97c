"""Running commands as other users."""

import os
import pwd


def as_user(user, command, groups=()):
    """The command line that runs a command as another user; needs root, or sudo without a password."""
    membership = f"--groups={','.join(groups)}" if groups else "--clear-groups"
    group = pwd.getpwnam(user).pw_gid
    return as_root(["setpriv", f"--reuid={user}", f"--regid={group}", membership, *command])


def as_root(command):
    """The command line that runs a command as root; needs to be root, or sudo without a password."""
    become = [] if os.getuid() == 0 else ["sudo", "--non-interactive"]
    return [*become, *(str(argument) for argument in command)]
