import NVMeMI

/// What a number counts.
typealias Unit = FieldUnit
