import CLinux

/// What malloc does with memory that is not used any more.
enum Heap {
    /// Has large blocks, such as messages with every object, taken from the system and given back at once, always.
    ///
    /// Left to itself, glibc takes a size that was freed once from the heap from then on, up to 32 MiB, and leaves as
    /// much and more of it free at the heap's end; a daemon that has answered once for all its drives keeps that.
    static func returnLargeBlocks() {
        _ = mallopt(mmapThreshold, largeBlock)
        _ = mallopt(trimThreshold, largeBlock)
    }

    /// Bytes; above what one exchange with a drive takes.
    private static let largeBlock: Int32 = 32 << 10

    // M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h, which are negative and therefore not imported.
    private static let mmapThreshold: Int32 = -3
    private static let trimThreshold: Int32 = -1
}
