using System.Diagnostics.CodeAnalysis;

namespace BsdVm.Structures;

/// <summary>
/// The tables of one structure on one machine. A table that all spaces share is made with the first pmap that uses it and given back after
/// the last; any other is one pmap's.
/// </summary>
internal sealed class MachineTables(Func<TableStore> createStore)
{
    private TableStore? _shared;
    private int _users;

    /// <summary>Gives a pmap its table. False, and nothing taken, if the frames that one begins with are missing.</summary>
    public bool TryJoin([NotNullWhen(true)] out TableStore? store)
    {
        store = _shared;
        if (store is null)
        {
            store = createStore();
            if (!store.TryBegin())
            {
                return false;
            }
        }

        if (store.IsShared)
        {
            _shared = store;
            _users++;
        }

        return true;
    }

    /// <summary>A pmap, whose pages are gone, uses its table no more.</summary>
    public void Leave(TableStore store)
    {
        if (!store.IsShared || --_users == 0)
        {
            store.End();
            _shared = null;
        }
    }
}
