internal import DBus
internal import NVMeMIDevice

extension DescriptionFile.Entry {
    /// A drive from the dictionary of Plug.
    ///
    /// - Parameters:
    ///   - dictionary: Keys of a drive section, and `model`, `description`, `fault` and `faults`.
    ///   - number: Number of the drive, which makes its serial number unless one is given.
    /// - Throws: `ValueError` or `DescriptionError` naming what is not known or not readable.
    init(_ dictionary: VariantDictionary, number: Int) throws {
        self.init(drive: DriveDescription())
        if let text = dictionary["description"] {
            let entries = try DescriptionFile(try Self.text("description", text)).entries
            guard entries.count == 1, let entry = entries.first else {
                throw ValueError("the description has \(entries.count) drives instead of one")
            }
            self = entry
        }
        if let model = dictionary["model"] {
            drive = try DriveDescription.model(named: try Self.text("model", model))
        }
        if !hasSerialNumber { drive = drive.individual(number) }
        for (key, value) in dictionary where !Self.ownKeys.contains(key) {
            try drive.set(key, to: try Self.text(key, value))
        }
        if let fault = dictionary["fault"] {
            faults.append(try Fault(parsing: try Self.text("fault", fault)))
        }
        if let list = dictionary["faults"] {
            guard let texts = list.decode([String].self) else {
                throw ValueError("faults: expected a list of texts")
            }
            for text in texts { faults.append(try Fault(parsing: text)) }
        }
    }

    /// Keys that are not those of a drive section.
    private static let ownKeys = ["model", "description", "fault", "faults"]

    /// The text of a basic value or of a list of them, as it would stand in a file.
    static func text(_ key: String, _ value: Value) throws(ValueError) -> String {
        switch value {
        case .string(let text): text
        case .boolean(let flag): flag ? "yes" : "no"
        default:
            if let number = value.wholeNumber {
                number
            } else if let list = value.wholeNumbers {
                list.joined(separator: ", ")
            } else if let texts = value.decode([String].self) {
                texts.joined(separator: ", ")
            } else {
                throw ValueError("\(key): a value of type \(value.signature) has no meaning here")
            }
        }
    }
}

extension Value {
    /// The digits of a number; `nil` for anything else.
    fileprivate var wholeNumber: String? {
        decode(UInt8.self)?.description ?? decode(UInt16.self)?.description
            ?? decode(UInt32.self)?.description ?? decode(UInt64.self)?.description
            ?? decode(Int16.self)?.description ?? decode(Int32.self)?.description
            ?? decode(Int64.self)?.description
    }

    /// The digits of each number of a list; `nil` for anything else.
    fileprivate var wholeNumbers: [String]? {
        decode([UInt8].self)?.map(\.description) ?? decode([UInt16].self)?.map(\.description)
            ?? decode([UInt32].self)?.map(\.description)
            ?? decode([Int16].self)?.map(\.description) ?? decode([Int32].self)?.map(\.description)
    }
}
