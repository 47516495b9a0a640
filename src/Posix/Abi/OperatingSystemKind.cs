namespace BsdVm.Posix;

/// <summary>Whose answers the system calls give.</summary>
public enum OperatingSystemKind
{
    /// <summary>4.4BSD and what became of it.</summary>
    Bsd,

    /// <summary>Linux on x86-64, as root.</summary>
    Linux,
}
