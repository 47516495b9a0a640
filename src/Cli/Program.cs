using System.Runtime.InteropServices;
using BsdVm.Cli;

// Plain streams: the console's own writers send a terminal set-up sequences that nobody asked for.
using PosixSignalRegistration interrupt =
    PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => UnfinishedFile.DeleteAllAndExit(130));
using PosixSignalRegistration terminate =
    PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => UnfinishedFile.DeleteAllAndExit(143));
var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
var error = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
return Application.Run(args, output, error, new Terminal(Console.IsErrorRedirected));
