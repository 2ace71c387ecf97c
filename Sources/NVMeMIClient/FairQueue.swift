/// A queue that is fair between senders: higher priorities first, and within one priority the
/// senders take turns, so that one caller's flood delays another caller's command by one command.
struct FairQueue<Element> {
    /// Why an element was not taken.
    enum Refusal: Error, Equatable {
        /// The queue holds as many elements as it may, of whichever sender.
        case full(limit: Int)
        /// This sender has as many elements queued as one sender may.
        case senderFull(limit: Int)
    }

    private struct Line {
        let sender: String
        var elements: [(ticket: UInt64, element: Element)]
    }

    /// Elements of all senders together; those that are in already stay when it shrinks.
    var limit: Int
    /// Elements of one sender.
    var limitPerSender: Int
    /// For each priority, the senders in the order of their turns.
    private var lines: [[Line]] = Array(repeating: [], count: CommandPriority.allCases.count)
    private var lastTicket: UInt64 = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    init(limit: Int, limitPerSender: Int) {
        self.limit = limit
        self.limitPerSender = limitPerSender
    }

    /// Adds an element at the end of its sender's line and returns the ticket that withdraws it.
    mutating func append(
        _ element: Element,
        priority: CommandPriority,
        sender: String
    ) throws(Refusal) -> UInt64 {
        guard count < limit else { throw .full(limit: limit) }
        let queued = lines.reduce(0) { sum, senders in
            sum + (senders.first { $0.sender == sender }?.elements.count ?? 0)
        }
        guard queued < limitPerSender else { throw .senderFull(limit: limitPerSender) }
        lastTicket += 1
        let entry = (ticket: lastTicket, element: element)
        if let index = lines[priority.rawValue].firstIndex(where: { $0.sender == sender }) {
            lines[priority.rawValue][index].elements.append(entry)
        } else {
            lines[priority.rawValue].append(Line(sender: sender, elements: [entry]))
        }
        count += 1
        return lastTicket
    }

    /// Takes out the next element that `isEligible` accepts; elements of one sender and priority
    /// stay in their order, and a sender that was served goes to the end of the turns.
    mutating func next(where isEligible: (Element) -> Bool = { _ in true }) -> Element? {
        for priority in CommandPriority.allCases.reversed() {
            for index in lines[priority.rawValue].indices {
                guard let first = lines[priority.rawValue][index].elements.first,
                    isEligible(first.element)
                else { continue }
                var line = lines[priority.rawValue].remove(at: index)
                line.elements.removeFirst()
                if !line.elements.isEmpty { lines[priority.rawValue].append(line) }
                count -= 1
                return first.element
            }
        }
        return nil
    }

    /// Withdraws an element that has not been taken out; nil when it has.
    mutating func withdraw(_ ticket: UInt64) -> Element? {
        for priority in lines.indices {
            for index in lines[priority].indices {
                guard
                    let place = lines[priority][index].elements
                        .firstIndex(where: { $0.ticket == ticket })
                else { continue }
                let entry = lines[priority][index].elements.remove(at: place)
                if lines[priority][index].elements.isEmpty { lines[priority].remove(at: index) }
                count -= 1
                return entry.element
            }
        }
        return nil
    }
}
