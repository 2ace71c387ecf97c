SimulatorCommand.main()
