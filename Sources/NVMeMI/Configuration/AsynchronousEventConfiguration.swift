/// Which events an endpoint can report and which of them it does.
public struct AsynchronousEventSupport: Equatable, Sendable {
    /// Version of the enable list that the endpoint accepts.
    public var enableListVersion: UInt8
    /// The events with their present setting.
    public var events: AsynchronousEventList

    /// Events and the version of the list by which they are set.
    public init(_ events: AsynchronousEventList, enableListVersion: UInt8 = 0) {
        self.events = events
        self.enableListVersion = enableListVersion
    }
}

extension ConfigurationGet {
    /// Which events the endpoint can report and which of them it does.
    public struct AsynchronousEvents: ManagementCommand, Equatable {
        /// The events and the version of the list by which they are set.
        public typealias Reply = AsynchronousEventSupport

        /// The only form.
        public init() {}

        /// What is known of the command besides its bytes.
        public static let declaration = ConfigurationGet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Get request", size: 16) {
            Field(configuration: .asynchronousEvent)
        }

        /// The list and the version that the endpoint accepts.
        public func readReply(
            _ reply: ManagementReply
        ) throws(DecodingError) -> AsynchronousEventSupport {
            AsynchronousEventSupport(
                try AsynchronousEventList(data: reply.data),
                enableListVersion: UInt8(truncatingIfNeeded: reply.response)
            )
        }

        /// The bytes of the list, and the version.
        public func writeReply(_ reply: AsynchronousEventSupport) -> ManagementReply {
            ManagementReply(response: UInt32(reply.enableListVersion), data: reply.events.data)
        }
    }
}

extension ConfigurationSet {
    /// Which events the endpoint reports, and how; with an empty list it acknowledges the last message instead.
    public struct AsynchronousEvents: ManagementCommand, Equatable {
        /// The present state of the events, or after an acknowledgement what happened since the message was sent.
        public typealias Reply = AsynchronousEventOccurrences

        /// Time between repetitions of a message, in units of 100 ms.
        public var retryDelay: UInt8 = 0
        /// Time in seconds for which events are collected before a message is sent.
        public var messageDelay: UInt8 = 0
        /// The controllers that are reported on, by kind of PCI function.
        public var functions: PCIFunctions = []
        /// The events to change.
        public var events = AsynchronousEventList()

        /// Acknowledges the last message.
        public init() {}

        /// Changes which events are reported.
        public init(
            _ events: AsynchronousEventList,
            functions: PCIFunctions,
            messageDelay: UInt8 = 1,
            retryDelay: UInt8 = 100
        ) {
            self.events = events
            self.functions = functions
            self.messageDelay = messageDelay
            self.retryDelay = retryDelay
        }

        /// What is known of the command besides its bytes; not repeatable, because the events of a lost answer would be
        /// lost with it.
        public static let declaration = ConfigurationSet.declare(request.table)

        /// The fields of the request.
        public static let request = Layout<Self>("Configuration Set request", size: 16) {
            Field(configuration: .asynchronousEvent)
            Field("retry delay", at: 9, \.retryDelay)
            Field("message delay", at: 10, \.messageDelay)
            Field("functions", at: 11, bits: 0...2, \.functions)
        }

        /// The bytes of the list.
        public var requestData: [UInt8] { events.data }

        /// Takes a list.
        public mutating func setRequestData(_ data: [UInt8]) throws(RequestError) {
            do throws(DecodingError) {
                events = try AsynchronousEventList(data: data)
            } catch {
                throw RequestError(
                    status: .invalidCommandInputDataSize,
                    reason: error.description
                )
            }
        }

        /// The list of events.
        public func readReply(
            _ reply: ManagementReply
        ) throws(DecodingError) -> AsynchronousEventOccurrences {
            try AsynchronousEventOccurrences(data: reply.data)
        }

        /// The bytes of the list.
        public func writeReply(_ reply: AsynchronousEventOccurrences) -> ManagementReply {
            ManagementReply(data: reply.data)
        }
    }
}
