extension Array {
    /// Gives back the room that a rush of elements has taken, when none of them is left: there is a
    /// session for every endpoint, and most are at rest.
    mutating func giveBackRoom() {
        if isEmpty, capacity > 2 { self = [] }
    }
}
