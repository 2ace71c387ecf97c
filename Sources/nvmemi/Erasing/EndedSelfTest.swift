import DBus

extension Client {
    /// What an erasing does to a self-test that the drive is running, for the question before it; empty where there is none.
    ///
    /// The drive is asked: somebody else than the daemon may have begun it. One that does not tell has none.
    func selfTestNote(of target: Target) async -> String {
        let log = try? await dictionary(
            target.controller.path,
            "Controller1",
            "GetLog",
            "DeviceSelfTest",
            VariantDictionary()
        )
        guard let log, let kind = log["CurrentOperation"]?.nonEmptyText, kind != "None" else {
            return ""
        }
        let done = log["CurrentCompletion"]?.number.map { ", \(Int($0)) % done" } ?? ""
        return " The drive is running a self-test (\(kind)\(done)), which this ends."
    }
}
