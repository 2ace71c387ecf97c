# shellcheck shell=bash
# The checks of Tests/run that look at files. Each function succeeds, or says what is wrong.
#
# Sourced with the checkout as the working directory.

# Numbers or words of one line of Tests/budgets.
budget() {
    sed -n "s/^$1 //p" Tests/budgets
}

# Shell scripts of the checkout, whatever they are called.
shell_scripts() {
    git ls-files -z --cached --others --exclude-standard |
        xargs -0 grep -lsIE --max-count=1 '^(#!.*\b(ba)?sh$|# shellcheck shell=)' --
}

check_format() {
    swift format lint --recursive --strict Package.swift Sources Tests
}

check_shell() {
    local scripts
    mapfile -t scripts < <(shell_scripts)
    shellcheck --external-sources --source-path=SCRIPTDIR "${scripts[@]}"
}

# Prints the lines of Swift files that match a pattern, comments not counted. Succeeds if none does.
without() {
    local pattern=$1 reason=$2 found
    shift 2
    # shellcheck disable=SC2016  # the dollars are awk's
    found=$(find "$@" -name '*.swift' -print0 | LC_ALL=C sort -z | xargs -0 awk -v pattern="$pattern" '
        { code = $0; sub(/\/\/.*/, "", code); sub(/-> *Task/, "-> Type", code) }
        code ~ pattern { printf "%s:%d: %s\n", FILENAME, FNR, $0 }')
    [[ -z $found ]] || {
        printf '%s\n%s\n' "$found" "forbidden: $reason"
        return 1
    }
}

check_forbidden_constructs() {
    local fine=true
    without '(^|[^A-Za-z0-9_.])Task *([{]|[.]detached|[(](priority|name|operation)|<[^>]*> *[{(])' \
        'a task outside of the loop starts threads; use spawn' \
        Sources ! -path Sources/EventLoop/EventLoop.swift || fine=false
    without 'Task[.]sleep' 'wakes threads; use the loop'\''s sleep' Sources || fine=false
    without 'import +Dispatch' 'one thread, one loop' Sources || fine=false
    without 'import +Foundation' 'costs 8 to 50 MB' Sources || fine=false
    without 'try!' 'traps' Sources || fine=false
    without '^ *((public|internal|package|private|fileprivate|@[a-zA-Z]+) +)*import ' \
        'NVMeMI is bytes and values only' Sources/NVMeMI || fine=false
    without 'import +Testing' 'tests are XCTest, whose results are counted' Tests || fine=false
    $fine
}

# Diagnoses NVMeMI as for ARM of 32 bits, with the only standard library for it that a toolchain brings: that
# of Embedded Swift. What is restricted there is none of our business; numbers that an Int of 32 bits
# cannot hold are, of which one is put in to see that they are found.
check_32_bits() {
    local probe found
    probe=$(mktemp --suffix=.swift)
    echo 'let moreThan32Bits: Int = 0x1_0000_0000' >"$probe"
    found=$(find Sources/NVMeMI -name '*.swift' -print0 | xargs -0 \
        swiftc -emit-sil -o /dev/null -swift-version 6 -suppress-warnings -wmo -parse-as-library \
        -target armv7-none-none-eabi -enable-experimental-feature Embedded -module-name NVMeMI \
        -enable-upcoming-feature InternalImportsByDefault "$probe" 2>&1 |
        grep '^[^ ].*error:' | grep -v 'EmbeddedRestrictions')
    rm "$probe"
    printf '%s\n' "$found"
    [[ $found == *'overflows when stored into'* && $found != *$'\n'* ]]
}

# Arguments: the daemon.
check_size() {
    local stripped size limit
    limit=$(budget stripped-size)
    stripped=$(mktemp)
    strip -o "$stripped" "$1"
    size=$(stat --format=%s "$stripped")
    rm "$stripped"
    echo "$size bytes of $limit"
    ((size <= limit))
}

# Arguments: the daemon.
check_libraries() {
    local library fine=true
    while read -r library; do
        budget library | grep -Fqx "$library" || {
            echo "$1 needs $library, which is not in Tests/budgets"
            fine=false
        }
    done < <(objdump -p "$1" | sed -n 's/^ *NEEDED *//p')
    $fine
}

# Arguments: the daemon. What the linker was asked for, and what a change of tools could lose without a word.
check_hardening() {
    local fine=true headers
    headers=$(readelf --wide --dynamic --segments --sections "$1")
    expect() { grep -Eq -- "$1" <<<"$headers" || { echo "not so: $2" && fine=false; }; }
    expect_not() { ! grep -E -- "$1" <<<"$headers" || { echo "not so: $2" && fine=false; }; }
    expect 'Flags:.* NOW' 'all addresses of libraries are found at the start'
    expect '\(RELR\)' 'relocations are packed'
    expect '\] \.rodata .* AM?S?o? +[0-9]' 'constants cannot be written to'
    expect_not 'R(UN)?PATH' 'libraries are looked for where the machine has them, and nowhere else'
    expect_not '\] \.eh_frame ' 'there are no tables for unwinding, which nothing reads'
    $fine
}

# Arguments: the daemon.
check_declared_files() {
    local written status=0
    written=$(mktemp -d)
    if ! { "$1" --write-interfaces "$written" && diff -ru dbus/interfaces "$written"; }; then
        echo "dbus/interfaces is not what nvmemid declares: nvmemid --write-interfaces dbus/interfaces"
        status=1
    fi
    rm -r "$written"
    if ! "$1" --print-configuration | diff -u dbus/nvmemid.conf -; then
        echo "dbus/nvmemid.conf is not what nvmemid prints: nvmemid --print-configuration"
        status=1
    fi
    return "$status"
}

# Prints the unit tests that the files hold, as CLASS.TEST: a test is of the class that it is indented in.
unit_tests_in_files() {
    # shellcheck disable=SC2016  # the dollars are awk's
    find Tests -name '*.swift' -print0 | LC_ALL=C sort -z | xargs -0 awk '
        FNR == 1 { delete types }
        { match($0, /^ */); indent = RLENGTH }
        match($0, /^ *([a-z@A-Z]+ )*class [A-Za-z0-9_]+: /) {
            type = $0; sub(/: .*/, "", type); sub(/.* /, "", type)
            for (depth in types) if (depth + 0 > indent) delete types[depth]
            types[indent] = type
        }
        match($0, /^ *([a-z@A-Z]+ )*func test[A-Za-z0-9_]*\(\)/) {
            test = substr($0, RSTART, RLENGTH - 2); sub(/.* /, "", test)
            for (depth = indent - 1; depth > 0 && !(depth in types); ) depth--
            print types[depth] "." test
        }'
}

# Arguments: the file of results.
check_unit_tests_ran() {
    local missing
    missing=$(LC_ALL=C comm -23 <(unit_tests_in_files | LC_ALL=C sort) \
        <(sed -n 's/^[a-zA-Z]* ring 1: //p' "$1" | LC_ALL=C sort))
    [[ -z $missing ]] || {
        printf 'no result: %s\n' "$missing"
        return 1
    }
    echo "$(unit_tests_in_files | wc -l) unit tests in the files have a result"
    (($(unit_tests_in_files | wc -l) > 0))
}
