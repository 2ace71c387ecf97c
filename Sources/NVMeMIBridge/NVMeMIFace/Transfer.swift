import DBus
import EventLoop

/// Data of a call that takes more than one message.
enum Transfer {
    /// Bytes that one message carries at most.
    static let pieceSize: UInt32 = 4096

    /// Refuses more data than one message carries, for what cannot be split.
    static func check(_ count: Int, of what: String) throws(DBusError) {
        guard count <= Int(pieceSize) else {
            throw BusErrors.invalidArgument("\(what) takes up to \(pieceSize) bytes, not \(count)")
        }
    }

    /// The pieces in which so many bytes are carried; one that is empty for none.
    static func pieces(of length: UInt32) -> [Range<UInt32>] {
        guard length > 0 else { return [0..<0] }
        return stride(from: 0, to: length, by: Int(pieceSize)).map { start in
            start..<start + min(pieceSize, length - start)
        }
    }

    /// What remains of a caller's time limit, which is for all the messages of a call.
    struct TimeLeft {
        private let deadline: MonotonicInstant?

        @LoopActor
        init(_ timeLimit: Duration?) {
            deadline = timeLimit.map { EventLoop.main.now + $0 }
        }

        /// The time limit of the next message; nil where the caller has set none.
        @LoopActor
        var left: Duration? {
            deadline.map { max(EventLoop.main.now.duration(to: $0), .milliseconds(1)) }
        }
    }

    /// The options of a call that has no others.
    struct Options {
        let isForced: Bool
        let deadline: TimeLeft

        @LoopActor
        init(_ dictionary: VariantDictionary) throws {
            var options = CallOptions(dictionary)
            isForced = try options.isForced()
            deadline = TimeLeft(try options.timeLimit())
            try options.finish()
        }
    }
}
