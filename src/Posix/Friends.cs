using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Posix.Tests")]
