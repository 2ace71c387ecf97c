import EventLoop
import Glibc

EventLoop.main.takeGlobalJobs()
exit(SimulatorCommand.run(Array(CommandLine.arguments.dropFirst())))
