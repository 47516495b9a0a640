using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Bench")]
[assembly: InternalsVisibleTo("BsdVm.Conformance")]
[assembly: InternalsVisibleTo("BsdVm.Lab")]
[assembly: InternalsVisibleTo("BsdVm.Posix")]
[assembly: InternalsVisibleTo("BsdVm.Script.Tests")]
[assembly: InternalsVisibleTo("BsdVm.Vm.Tests")]
