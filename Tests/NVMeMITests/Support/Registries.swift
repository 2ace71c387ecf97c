import NVMeMI

/// A thing of one of the registries that has bytes, without its kind.
struct AnyDescription {
    let name: String
    let description: DataDescription

    static var all: [AnyDescription] {
        LogPages.all.map { AnyDescription(name: $0.name, description: $0.description) }
            + IdentifyStructures.all.map {
                AnyDescription(name: $0.name, description: $0.description)
            }
            + Features.all.compactMap { feature in
                feature.data.map { AnyDescription(name: feature.name, description: $0) }
            }
    }
}
