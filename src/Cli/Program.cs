using BsdVm.Cli;

Console.CancelKeyPress += static (_, _) => Environment.Exit(130);
return Application.Run(args, Console.Out, Console.Error, new Terminal(Console.IsErrorRedirected));
