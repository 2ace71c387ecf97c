import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

extension Interface where Object == Controller {
    /// Members that read features.
    @InterfaceBuilder<Controller>
    static var featureMembers: [InterfaceMember<Controller>] {
        Property(
            "SupportedCommands",
            """
            The Admin commands that it is known to carry out by this endpoint, by name: those that it lists, \
            else those that its capabilities or the endpoint's list promise, and what every controller has.
            """,
            .emitsChange
        ) { (controller: Controller) in
            controller.knownCommands.map {
                CommandDeclaration.name(category: .admin, opcode: $0.rawValue)
            }
        }

        Method(
            "GetFeature",
            """
            Get Features as it is: returns the result (dword 0) and the data. Options: select (s): current, \
            default, saved or capabilities; nsid (u), for features that a namespace has; cdw11 (u); length \
            (u), of the data in bytes, where known features have theirs; uuid-index (y, to 127); force (b) \
            for a controller that says it cannot; timeout-ms (u, 1 to 600000).
            """,
            in: ["fid", "options"],
            out: ["result", "data"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                fid: UInt8,
                options: VariantDictionary
            ) async throws -> (UInt32, [UInt8]) in
            try await controller.feature(fid, options, for: call)
        }

        Method(
            "GetFeatureNamed",
            """
            A feature by name, decoded, with the result as RawValue (u) and the data as RawData (ay) beside. \
            Options: select (s): current, default, saved or capabilities; nsid (u), for features that a \
            namespace has; what says which of its values is meant, by the names of its fields, such as Sensor \
            of TemperatureThreshold; force (b) for a controller that says it cannot; timeout-ms (u, 1 to \
            600000).
            """,
            in: ["name", "options"],
            out: ["feature"]
        ) {
            (
                controller: Controller,
                call: Invocation,
                name: String,
                options: VariantDictionary
            ) async throws -> VariantDictionary in
            try await controller.namedFeature(name, options, for: call)
        }
    }
}
