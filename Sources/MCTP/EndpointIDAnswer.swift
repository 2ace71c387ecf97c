/// What came of asking an endpoint for its endpoint ID.
public enum EndpointIDAnswer: Hashable, Sendable {
    /// It is there and has the ID that it was asked at. Refusing to tell counts as well: whoever refuses
    /// is there.
    case answered
    /// It is there and says that its ID is another one; ``EndpointID/null`` when it has none, as after a
    /// reset. The bus owner can give it one again.
    case answeredWithAnother(EndpointID)
    /// No answer came, or none that is right.
    case silent
    /// The question could not be put: why.
    case cannotBeAsked(TransportError)
}
