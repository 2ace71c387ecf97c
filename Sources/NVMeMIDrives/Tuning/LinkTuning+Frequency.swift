import EventLoop
import NVMeMI
import NVMeMIClient

extension LinkTuning {
    /// Takes note of what a caller has set.
    func callerHasSet(frequency hertz: UInt32) {
        frequency.callers = hertz
        frequency.remark = "SMBus frequency set to \(hertz) Hz by a caller"
        speed.smbusFrequency = hertz
        describe()
    }

    func tuneFrequency(_ port: UInt8, allowed: UInt32) async throws(SessionError) {
        guard let present = try await presentFrequency(of: port) else { return }
        speed.smbusFrequency = present
        let wanted = frequency.wanted(present: present, allowed: allowed)
        guard wanted != present, let code = SMBusFrequency(hertz: wanted),
            let old = SMBusFrequency(hertz: present)
        else { return }
        let outcome = try await set(ConfigurationSet.SMBusFrequency(port: port, frequency: code))
        if case .refused(let why) = outcome {
            frequency.remark = "the drive refuses an SMBus frequency of \(wanted) Hz: \(why)"
            return
        }
        if try await isHeard({ () async throws(SessionError) in
            try await self.presentFrequency(of: port) == wanted
        }) {
            speed.smbusFrequency = wanted
            frequency.set(to: wanted, from: present, "SMBus frequency", in: "Hz")
            return
        }
        frequency.isPutBack = true
        frequency.remark = "SMBus frequency of \(wanted) Hz did not work and was put back"
        try await putBack(ConfigurationSet.SMBusFrequency(port: port, frequency: old))
    }

    private func presentFrequency(of port: UInt8) async throws(SessionError) -> UInt32? {
        try await ask(ConfigurationGet.SMBusFrequency(port: port))?.hertz
    }
}
