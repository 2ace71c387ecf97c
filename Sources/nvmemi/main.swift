import EventLoop
import Glibc

EventLoop.main.takeGlobalJobs()
exit(CommandLineTool.run(Array(CommandLine.arguments.dropFirst())))
