# shellcheck shell=bash
# The kernels that ring 3 runs on, and what it needs besides.
#
# Sourced, not run.

# What the tests in the guests use, all of them from the machine's own file system.
# shellcheck disable=SC2034  # for those who source this
KERNEL_TEST_PACKAGES=(
    binutils dbus dbus-daemon gcc libc6-dev libnvme-dev nvme-cli python3 python3-dbus python3-gi
    systemd tshark util-linux
)

# Prints the versions whose source this Debian release has, the oldest first.
#
# Debian 12 has its own kernel and, among its security updates, that of Debian 13.
kernels_of_release() {
    # shellcheck source=/dev/null
    case $(. /etc/os-release && printf '%s %s' "${ID-}" "${VERSION_ID-}") in
        "debian 12") printf '%s\n' 6.1 6.12 ;;
        *) printf '%s\n' 6.12 ;;
    esac
}

# Succeeds if a word is a version of a kernel that the tests know; else says which there are.
is_kernel() {
    case ${1-} in
        6.1 | 6.12) return 0 ;;
    esac
    printf 'unknown kernel: %s (6.1 and 6.12 are known)\n' "'${1-}'" >&2
    return 1
}
