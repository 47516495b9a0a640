using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Pmap.Tests")]
