import DBus
import NVMeMI

/// What a drive told, decoded, as the dictionary (`a{sv}`) that a member answers with.
///
///     Method("GetHealth", "…", out: ["health"]) { (endpoint: Endpoint, call: Invocation) async throws -> Fields in
///         Fields(of: try await endpoint.perform(…))
///     }
///
/// The values go from the structure into the message, without a dictionary between them.
struct Fields: DBusType {
    private let structure: (any DataStructure)?
    /// What is told beside the structure; a name that the structure has as well counts here.
    private var others: VariantDictionary

    /// The fields of a structure by name, in the order of its declaration.
    init(of structure: some DataStructure) {
        self.structure = structure
        others = [:]
    }

    private init(_ others: VariantDictionary) {
        structure = nil
        self.others = others
    }

    /// Has a value told beside those of the structure, after them.
    mutating func set<T: DBusType>(_ name: String, _ value: T) {
        others.set(name, value)
    }

    /// Passes on all values but those of `others`.
    private func show(_ take: (String, FieldValue) -> Void) {
        if others.isEmpty {
            structure?.show(take)
        } else {
            structure?.show { if others[$0] == nil { take($0, $1) } }
        }
    }
}

extension Fields {
    static var signature: Signature { VariantDictionary.signature }

    func append(to writer: inout MessageWriter) throws(DBusError) {
        try writer.variantDictionary { (entries) throws(DBusError) in
            var failure: DBusError?
            self.show { name, value in
                guard failure == nil else { return }
                do throws(DBusError) {
                    try entries.entry(name, value)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            for (name, value) in others { try entries.entry(name, value) }
        }
    }

    static func read(from reader: inout MessageReader) throws(DBusError) -> Fields {
        Fields(try VariantDictionary.read(from: &reader))
    }

    var dbusValue: Value {
        var dictionary = VariantDictionary()
        show { dictionary.add($0, $1) }
        for (name, value) in others { dictionary[name] = value }
        return dictionary.dbusValue
    }

    func feed(_ hasher: inout Hasher) {
        // Values are passed on by a closure, which cannot have the hasher of somebody else.
        var own = Hasher()
        show { name, value in
            own.combine(name)
            own.combine(value)
        }
        hasher.combine(own.finalize())
        hasher.combine(others)
    }

    static func decode(_ value: Value) -> Fields? {
        VariantDictionary.decode(value).map(Fields.init)
    }
}
