namespace BsdVm.Posix;

/// <summary>
/// The identity that private mappings get at their first write attempt. It holds nothing here: the model finds pages without it, but which
/// mappings Linux joins depends on who has the same one. Source: <c>struct anon_vma</c>.
/// </summary>
internal sealed class AnonVma(bool isMulti)
{
    /// <summary>
    /// Made by fork, so that the mapping hangs on its ancestors' ones as well (<c>anon_vma_chain</c> is not singular): nothing that has
    /// none may take it over.
    /// </summary>
    public bool IsMulti { get; } = isMulti;
}
