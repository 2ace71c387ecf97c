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

# What a Swift toolchain unpacked from swift.org needs to build this package on Debian 12 and 13.
#
# g++ stands for the C++ library's files, whose package has another number in each release and must be
# that of the release's compiler.
BUILD_PACKAGES=(
    binutils ca-certificates g++ gcc git libc6-dev 'libcurl4t64|libcurl4' libdbus-1-dev libedit2
    libncurses6 libsqlite3-0 libxml2 pkg-config tzdata zlib1g-dev
)

# How the programs are built that are installed and tested, everywhere the same, so that nobody undoes another's work:
# with Swift's run time in them, and without a path to look for libraries beside themselves. On a terminal swift build
# would ask the compiler for colours, and build all again for every change between a terminal and a pipe.
# shellcheck disable=SC2034  # for those who source this
RELEASE_BUILD=(
    swift build --configuration release --static-swift-stdlib --disable-local-rpath --no-color-diagnostics
)

# Runs a build with one line of progress on a terminal, and shows all it said when it fails.
build_quietly() {
    local log line status=0
    log=$(mktemp)
    "$@" 2>&1 </dev/null | tee "$log" | while IFS= read -r line; do
        if [[ -t 2 && $line == \[* ]]; then printf >&2 '\r\033[K%.*s' 76 "$line"; fi
    done || status=$?
    if [[ -t 2 ]]; then printf >&2 '\r\033[K'; fi
    ((status == 0)) || cat "$log" >&2
    rm -f "$log"
    return "$status"
}

# Prints a line about what is being done, where it does not mix with a script's results.
packages_say() {
    printf '%s\n' "$*" >&2
}

# Prints those of the given packages that are not installed, one a line.
#
# Where a package has another name in another release, the names stand in one word with | between them,
# and one of them is enough.
packages_missing() {
    local word name names
    for word in "$@"; do
        IFS='|' read -r -a names <<<"$word"
        for name in "${names[@]}"; do
            ! package_is_installed "$name" || continue 2
        done
        printf '%s\n' "$word"
    done
}

package_is_installed() {
    local status
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) || true
    [[ $status == installed ]]
}

# Prints the version of a package that this release has, as far as apt knows; nothing if it has none.
packages_available_version() {
    # Not all that apt-cache prints is asked for: an unknown name is a regular expression to it, so that
    # linux-source-6.1 stands for linux-source-6.12.
    apt-cache show --no-all-versions "$1" 2>/dev/null |
        awk -v name="$1" '$1 == "Package:" { wanted = $2 == name }
            $1 == "Version:" && wanted { print $2; wanted = 0 }'
}

# Installs those of the given Debian packages (see packages_missing) that are missing.
#
# As root with apt-get, otherwise with sudo; never asks a question. Ends the script with the reason when
# one of them is not to be had.
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
# Says which packages it did not bring.
packages_apt() {
    local apt=("$@" env DEBIAN_FRONTEND=noninteractive apt-get --yes -o DPkg::Lock::Timeout=300)
    local word name names chosen=() unknown=()
    # The lists of a fresh machine may be empty or old; of a prepared one they need not be reachable.
    "${apt[@]}" update || echo "apt-get update failed; trying with the lists that are there"
    for word in "${missing[@]}"; do
        IFS='|' read -r -a names <<<"$word"
        for name in "${names[@]}"; do
            [[ -z $(packages_available_version "$name") ]] || { chosen+=("$name") && continue 2; }
        done
        unknown+=("$word")
    done
    # apt-get would take an unknown name for a pattern, and perhaps find something else.
    ((${#unknown[@]} == 0)) || {
        echo "This release has no package ${unknown[*]}, as far as apt knows."
        return 1
    }
    "${apt[@]}" install --no-install-recommends "${chosen[@]}" || return
    mapfile -t unknown < <(packages_missing "${missing[@]}")
    ((${#unknown[@]} == 0)) || {
        echo "apt-get has ended well, but these are not installed: ${unknown[*]}"
        return 1
    }
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
        "Debian 12 has no package of it, Debian 13 an older one: get one from" \
        "https://www.swift.org/install/linux/ (for Debian 12, which runs on 13 as well; $(uname -m))," \
        "unpack it and put its usr/bin in PATH."
    exit 1
}
