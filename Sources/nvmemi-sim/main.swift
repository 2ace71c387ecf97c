internal import ArgumentParser

SimulatorCommand.main()
