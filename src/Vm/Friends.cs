using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("BsdVm.Vm.Tests")]
[assembly: InternalsVisibleTo("BsdVm.Conformance")]
[assembly: InternalsVisibleTo("BsdVm.Script.Tests")]
