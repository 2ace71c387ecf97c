/// First in, first out, without moving what waits.
struct Queue<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var isEmpty: Bool { head == elements.count }

    var count: Int { elements.count - head }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: head <= 64)
            head = 0
        } else if head >= 64, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Changes every element in place.
    mutating func modifyAll(_ body: (inout Element) -> Void) {
        for position in head..<elements.count {
            guard var element = elements[position] else { continue }
            elements[position] = nil
            body(&element)
            elements[position] = element
        }
    }

    mutating func removeAll() {
        elements = []
        head = 0
    }
}
