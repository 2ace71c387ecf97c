/// What is known from before of a number that can be tuned: frequency or transmission unit.
struct TuningMemory<Number: FixedWidthInteger> {
    let initial: Number
    /// What the bridge has set it to.
    var raised: Number?
    /// What a caller has set it to.
    var callers: Number?
    /// It did not work at more than the initial value and is not tried again.
    var isPutBack = false
    /// What came of it last, in words.
    var remark = ""

    init(initial: Number) {
        self.initial = initial
    }

    /// What it should be.
    mutating func wanted(present: Number, allowed: Number) -> Number {
        // A drive that has forgotten what its caller set begins anew.
        if callers != present { callers = nil }
        guard callers == nil, !isPutBack else { return present }
        return allowed > present || raised == present ? max(allowed, initial) : present
    }

    mutating func set(to value: Number, from present: Number, _ what: String, in unit: String) {
        raised = value > initial ? value : nil
        remark = "\(what) \(value > present ? "raised" : "lowered") to \(value) \(unit)"
    }
}
