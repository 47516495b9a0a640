namespace BsdVm;

/// <summary>On whose behalf the processor makes an access.</summary>
public enum PrivilegeMode : byte
{
    /// <summary>A program (x86 CPL 3, ARM USR, MIPS KSU=user).</summary>
    User = 0,

    /// <summary>The kernel.</summary>
    Supervisor = 1,
}
