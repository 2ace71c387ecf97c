internal import CLinux
internal import Glibc

/// The time of day, which can be set, also back: for what people and files are told, never to wait by.
public enum WallClock {
    /// Nanoseconds of Unix time; 0 before 1970.
    public static var nanoseconds: UInt64 {
        var time = timespec()
        // Cannot fail: the clock exists on every Linux and the address is good.
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
