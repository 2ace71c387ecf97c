import ArgumentParser

SimulatorCommand.main()
