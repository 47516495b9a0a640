using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Cli.Tests")]
