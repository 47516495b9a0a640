namespace BsdVm;

/// <summary>
/// What a replacement policy remembers about the ways of each set. A struct, so that it is compiled into the TLB that uses it.
/// A new policy is one implementation and a line in <see cref="Tlb.Create"/>.
/// </summary>
internal interface ITlbOrder
{
    /// <summary>A look-up hit the way.</summary>
    void Touch(int set, int way);

    /// <summary>A new key took the way.</summary>
    void Filled(int set, int way);

    /// <summary>The way to give up, in a set whose ways are all valid.</summary>
    int Victim(int set);

    /// <summary>Forgets all uses.</summary>
    void Reset();
}
