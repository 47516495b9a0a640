using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("bsdvm")]
