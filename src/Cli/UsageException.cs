namespace BsdVm.Cli;

/// <summary>The user asked for something that makes no sense; the message is the one line that says so.</summary>
internal sealed class UsageException(string message) : Exception(message);
