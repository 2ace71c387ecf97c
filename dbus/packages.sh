# shellcheck shell=bash
# What must be on the machine before the project can be built, tested or shown.
#
# Sourced, not run:
#
#     . dbus/packages.sh
#     need_swift
#     need_packages "${BUILD_PACKAGES[@]}" python3-dbus
#
# Both functions return at once when nothing is missing, say what they do when something is, and
# end the calling script with status 1 when they cannot help.

# Oldest Swift toolchain that can read Package.swift.
SWIFT_OLDEST=6.2

# What a Swift toolchain unpacked from swift.org needs to build this package on Debian 12.
BUILD_PACKAGES=(
    binutils ca-certificates gcc git libc6-dev libcurl4 libdbus-1-dev libedit2 libncurses6
    libsqlite3-0 libstdc++-12-dev libxml2 pkg-config tzdata zlib1g-dev
)

# Prints a line about what is being done, where it does not mix with a script's results.
packages_say() {
    printf '%s\n' "$*" >&2
}

# Prints those of the given Debian packages that are not installed, one a line.
packages_missing() {
    local package status
    for package in "$@"; do
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || true
        [[ $status == installed ]] || printf '%s\n' "$package"
    done
}

# Installs those of the given Debian packages that are missing.
#
# As root with apt-get, otherwise with sudo; never asks a question.
need_packages() {
    local missing=() as_root=() log
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        packages_say "This is not a Debian system: please install what these packages hold:" "$@"
        exit 1
    fi
    mapfile -t missing < <(packages_missing "$@")
    ((${#missing[@]})) || return 0

    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            packages_say "Missing packages: ${missing[*]}"
            packages_say "Neither root nor sudo is at hand. As root: apt-get install ${missing[*]}"
            exit 1
        fi
        # Without a terminal nobody can type a password: fail rather than wait for one.
        as_root=(sudo)
        [[ -t 0 ]] || as_root+=(--non-interactive)
    fi

    packages_say "Installing with ${as_root[*]:+${as_root[*]} }apt-get: ${missing[*]}"
    log=$(mktemp)
    if ! packages_apt "${as_root[@]}" >"$log" 2>&1 </dev/null; then
        tail -n 30 "$log" >&2
        rm -f "$log"
        packages_say "apt-get failed; missing packages: ${missing[*]}"
        exit 1
    fi
    rm -f "$log"
}

# Runs apt-get for need_packages (whose `missing` it sees); arguments: the prefix that makes it root.
packages_apt() {
    local apt=("$@" env DEBIAN_FRONTEND=noninteractive apt-get --yes -o DPkg::Lock::Timeout=300)
    # The lists of a fresh machine may be empty or old; of a prepared one they need not be reachable.
    "${apt[@]}" update || echo "apt-get update failed; trying with the lists that are there"
    "${apt[@]}" install --no-install-recommends "${missing[@]}"
}

# Makes sure that `swift` is a toolchain that can build the package, and that it can run here.
#
# Looks in PATH, then where people unpack toolchains, and puts what it finds first in PATH.
need_swift() {
    local candidate version
    for candidate in "$(command -v swift || true)" \
        "$HOME/.local/share/swiftly/bin/swift" /opt/swift/usr/bin/swift /usr/local/swift/usr/bin/swift; do
        [[ -n $candidate && -x $candidate ]] || continue
        # A toolchain is an archive: the libraries that it links are the system's to bring.
        need_packages "${BUILD_PACKAGES[@]}"
        version=$("$candidate" --version 2>/dev/null </dev/null |
            sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1) || true
        if [[ -z $version ]]; then
            packages_say "$candidate does not run: $("$candidate" --version 2>&1 </dev/null | head -n 1)"
        elif [[ $(printf '%s\n' "$SWIFT_OLDEST" "$version" | sort --version-sort | head -n 1) == \
            "$SWIFT_OLDEST" ]]; then
            [[ $(command -v swift || true) == "$candidate" ]] || PATH=$(dirname "$candidate"):$PATH
            export PATH
            return 0
        else
            packages_say "$candidate is Swift $version; $SWIFT_OLDEST or newer is needed."
        fi
    done
    packages_say "No Swift toolchain $SWIFT_OLDEST or newer was found (\`swift\` in PATH)." \
        "Debian 12 has no package of it: get one from https://www.swift.org/install/linux/" \
        "(for Debian 12, $(uname -m)), unpack it and put its usr/bin in PATH."
    exit 1
}
