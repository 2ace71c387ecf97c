"""Running commands as other users."""

import os
import pwd


def as_user(user, command, groups=()):
    """The command line that runs a command as another user; needs root, or sudo without a password."""
    membership = f"--groups={','.join(groups)}" if groups else "--clear-groups"
    group = pwd.getpwnam(user).pw_gid
    become = ["setpriv", f"--reuid={user}", f"--regid={group}", membership]
    if os.getuid() != 0:
        become = ["sudo", "--non-interactive", *become]
    return [*become, *(str(argument) for argument in command)]
