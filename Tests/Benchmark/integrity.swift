// Measures the integrity check of 4 KiB: the bridge's against the one that libnvme-mi computes.
//
// Linked with the very objects of the release build and with Debian's libnvme-mi.a. Prints the two
// medians in nanoseconds.

import Glibc
import NVMeMI

let rounds = 40
let repetitions = 100

func nanoseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}

func bridge(_ message: inout [UInt8]) -> UInt32 {
    MessageIntegrityCheck.compute(message)
}

func libnvme(_ message: inout [UInt8]) -> UInt32 {
    message.withUnsafeMutableBytes { ~nvme_mi_crc32_update(.max, $0.baseAddress, $0.count) }
}

/// Nanoseconds of one computation, over several so that the clock's own cost does not count; and
/// what was computed, so that nothing of it can be left out.
func time(_ compute: (inout [UInt8]) -> UInt32) -> (nanoseconds: Int64, checks: [UInt32]) {
    var message = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
    var checks: [UInt32] = []
    checks.reserveCapacity(repetitions)
    let began = nanoseconds()
    for index in 0..<repetitions {
        // A message that differs each time leaves nothing to compute in advance.
        message[index] &+= 1
        checks.append(compute(&message))
    }
    return ((nanoseconds() - began) / Int64(repetitions), checks)
}

var samples: (bridge: [Int64], libnvme: [Int64]) = ([], [])
for _ in 0..<rounds {
    let ours = time(bridge)
    let theirs = time(libnvme)
    guard ours.checks == theirs.checks else { fatalError("the two checks differ") }
    samples.bridge.append(ours.nanoseconds)
    samples.libnvme.append(theirs.nanoseconds)
}
print(samples.bridge.sorted()[rounds / 2], samples.libnvme.sorted()[rounds / 2])
