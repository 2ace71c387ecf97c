import ArgumentParser
import EventLoop

EventLoop.main.takeGlobalJobs()
SimulatorCommand.main()
