using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Lab.Tests")]
