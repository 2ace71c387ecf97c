/// A queue that is fair between senders: higher priorities first, and within one priority the
/// senders take turns, so that one caller's flood delays another caller's command by one command.
///
/// A flood of urgent elements does not stop the others for ever: after a number of them in a row, one
/// of the least urgent is served.
struct FairQueue<Element> {
    /// Elements served in a row while less urgent ones wait.
    static var patience: Int { 16 }

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
    private var countBySender: [String: Int] = [:]
    private var lastTicket: UInt64 = 0
    private var passedOver = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    init(limit: Int, limitPerSender: Int) {
        self.limit = limit
        self.limitPerSender = limitPerSender
    }

    /// Adds an element at the end of its sender's line and returns the ticket that withdraws it.
    ///
    /// The limits are for clients: the daemon's own elements, whose sender is empty, are always taken. One
    /// that is returning was taken out already and could not be served: it is the next one again, whatever
    /// the limits.
    mutating func append(
        _ element: Element,
        priority: CommandPriority,
        sender: String,
        isReturning: Bool = false
    ) throws(QueueRefusal) -> UInt64 {
        let queued = countBySender[sender, default: 0]
        if !sender.isEmpty, !isReturning {
            guard count < limit else { throw .full(limit: limit) }
            guard queued < limitPerSender else { throw .senderFull(limit: limitPerSender) }
        }
        countBySender[sender] = queued + 1
        lastTicket += 1
        let entry = (ticket: lastTicket, element: element)
        var place = lines[priority.rawValue].endIndex
        var line = Line(sender: sender, elements: [])
        if let index = lines[priority.rawValue].firstIndex(where: { $0.sender == sender }) {
            place = index
            line = lines[priority.rawValue].remove(at: index)
        }
        line.elements.insert(entry, at: isReturning ? 0 : line.elements.endIndex)
        lines[priority.rawValue].insert(line, at: isReturning ? 0 : place)
        count += 1
        return lastTicket
    }

    /// Takes out the next element that `isEligible` accepts; elements of one sender and priority
    /// stay in their order, and a sender that was served goes to the end of the turns.
    mutating func next(where isEligible: (Element) -> Bool = { _ in true }) -> Element? {
        guard count > 0 else { return nil }
        let isLeastOwed = passedOver >= Self.patience
        for place in lines.indices {
            let priority = isLeastOwed ? place : lines.endIndex - 1 - place
            guard let element = next(of: priority, where: isEligible) else { continue }
            passedOver = lines[..<priority].contains { !$0.isEmpty } ? passedOver + 1 : 0
            return element
        }
        return nil
    }

    private mutating func next(
        of priority: Int,
        where isEligible: (Element) -> Bool
    ) -> Element? {
        for index in lines[priority].indices {
            guard let first = lines[priority][index].elements.first,
                isEligible(first.element)
            else { continue }
            var line = lines[priority].remove(at: index)
            line.elements.removeFirst()
            if !line.elements.isEmpty { lines[priority].append(line) }
            didRemove(of: line.sender)
            return first.element
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
                let sender = lines[priority][index].sender
                let entry = lines[priority][index].elements.remove(at: place)
                if lines[priority][index].elements.isEmpty { lines[priority].remove(at: index) }
                didRemove(of: sender)
                return entry.element
            }
        }
        return nil
    }

    private mutating func didRemove(of sender: String) {
        count -= 1
        let left = countBySender[sender, default: 1] - 1
        countBySender[sender] = left == 0 ? nil : left
    }
}

/// Why a queue did not take an element.
enum QueueRefusal: Error, Equatable {
    /// The queue holds as many elements as it may, of whichever sender.
    case full(limit: Int)
    /// This sender has as many elements queued as one sender may.
    case senderFull(limit: Int)
}
