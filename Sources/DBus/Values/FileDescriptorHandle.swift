internal import Glibc

/// An open file descriptor (`h`) that is closed when nobody holds the handle any more.
///
/// Received descriptors are the process's own duplicates and are closed on `exec`.
public final class FileDescriptorHandle: Sendable {
    /// The descriptor, valid as long as the handle lives.
    public let descriptor: Int32

    /// Takes over a descriptor.
    ///
    /// - Parameter descriptor: An open descriptor that nobody else closes.
    public init(adopting descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Makes a duplicate that is closed on `exec`.
    ///
    /// - Parameter descriptor: An open descriptor that stays the caller's.
    /// - Throws: `Failed` when the descriptor is not open or no more can be opened.
    public init(duplicating descriptor: Int32) throws(DBusError) {
        self.descriptor = try Self.duplicate(descriptor)
    }

    deinit { _ = Glibc.close(descriptor) }

    /// A duplicate that the caller closes; closed on `exec`.
    ///
    /// - Returns: The new descriptor.
    /// - Throws: `Failed` when no more descriptors can be opened.
    public func duplicate() throws(DBusError) -> Int32 {
        try Self.duplicate(descriptor)
    }

    private static func duplicate(_ descriptor: Int32) throws(DBusError) -> Int32 {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard duplicate >= 0 else {
            throw .failed("file descriptor \(descriptor) cannot be duplicated")
        }
        return duplicate
    }
}

extension FileDescriptorHandle: Hashable {
    /// Two handles are equal when they are the same handle.
    public static func == (left: FileDescriptorHandle, right: FileDescriptorHandle) -> Bool {
        left === right
    }

    /// Feeds the identity of the handle.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
