namespace BsdVm;

/// <summary>
/// Which of history's answers the machine-independent layer gives. Each switch names its source; <see cref="Corrected"/> is the default,
/// <see cref="Lite2"/> reproduces 4.4BSD-Lite2 with its bugs, <see cref="Linux"/> gives Linux's answers.
/// </summary>
public sealed record VmPolicy
{
    /// <summary>4.4BSD with its known bugs mended, as FreeBSD and UVM did.</summary>
    public static VmPolicy Corrected { get; } = new() { Name = "corrected" };

    /// <summary>4.4BSD-Lite2 of 1995 as it was.</summary>
    public static VmPolicy Lite2 { get; } = new()
    {
        Name = "lite2",
        SharedZeroPage = false,
        CopiesMappings = false,
        ReuseSoleObject = false,
        CollapseOnDeallocate = false,
        PagerBlocksCollapse = true,
        JoinEntries = false,
    };

    /// <summary>Linux.</summary>
    public static VmPolicy Linux { get; } = new()
    {
        Name = "linux",
        JoinEntries = false,
        WiredForkCopiesNow = false,
        WiredRaiseIsLazy = true,
        PopulatesReadableOnly = true,
        TruncateDropsPrivateCopies = true,
        FetchFaultsInFirst = true,
        RemembersTouched = true,
    };

    /// <summary>The name that <c>--policy</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// A read of anonymous memory that nobody wrote maps one shared page of zeros instead of a page of its own.
    /// Source: Linux <c>do_anonymous_page</c>; 4.4BSD zero-fills a page.
    /// </summary>
    public bool SharedZeroPage { get; init; } = true;

    /// <summary>
    /// A child starts with its parent's private pages mapped for reading instead of faulting for each. Source: Linux
    /// <c>copy_page_range</c>, FreeBSD <c>pmap_copy</c>; 4.4BSD made the call, and its i386 and hp300 pmaps did nothing.
    /// </summary>
    public bool CopiesMappings { get; init; } = true;

    /// <summary>
    /// An object that nobody else refers to is written in place instead of being shadowed. Source: FreeBSD <c>vm_object_shadow</c>;
    /// 4.4BSD always makes a shadow.
    /// </summary>
    public bool ReuseSoleObject { get; init; } = true;

    /// <summary>
    /// Dropping all but one reference to a shadowed object collapses it into its sole shadower. Source: FreeBSD
    /// <c>vm_object_deallocate</c>; 4.4BSD collapses on copy-on-write faults only.
    /// </summary>
    public bool CollapseOnDeallocate { get; init; } = true;

    /// <summary>
    /// An object whose pages were ever paged out is never collapsed (item 8 of 4.4BSD's TODO). FreeBSD moves the paged-out pages too.
    /// </summary>
    public bool PagerBlocksCollapse { get; init; }

    /// <summary>
    /// Neighbouring entries that are alike become one after each operation. Source: FreeBSD <c>vm_map_simplify_entry</c>; 4.4BSD joins
    /// in the kernel map only, Linux by rules of its own that are kept above.
    /// </summary>
    public bool JoinEntries { get; init; } = true;

    /// <summary>
    /// A wired mapping is copied page by page at fork, so that the parent's pages stay where they are. Source: 4.4BSD
    /// <c>vm_fault_copy_entry</c>; Linux shares them copy-on-write like all others.
    /// </summary>
    public bool WiredForkCopiesNow { get; init; } = true;

    /// <summary>
    /// Raising the rights of locked memory brings its pages in only where a private mapping becomes writable. Source: Linux
    /// <c>mprotect_fixup</c>; FreeBSD brings them in always.
    /// </summary>
    public bool WiredRaiseIsLazy { get; init; }

    /// <summary>
    /// Locking brings in only memory that loads may reach; memory for fetches alone is refused. Source: Linux <c>check_vma_flags</c>, where
    /// the protection key of execute-only memory forbids loads; BSD faults such pages in as fetches do.
    /// </summary>
    public bool PopulatesReadableOnly { get; init; }

    /// <summary>
    /// Shortening a file takes away private copies behind its new end as well. Source: Linux <c>unmap_mapping_range</c> with
    /// <c>even_cows</c>; BSD keeps them.
    /// </summary>
    public bool TruncateDropsPrivateCopies { get; init; }

    /// <summary>
    /// A fetch from a page without execute right is first faulted in like a read, so an error of the page itself wins over the missing
    /// right. Source: Linux x86 <c>access_error</c>.
    /// </summary>
    public bool FetchFaultsInFirst { get; init; }

    /// <summary>
    /// Whether a private anonymous page was ever accessed is remembered, since Linux's mincore answers by page-table entries, which the
    /// pmap here may forget.
    /// </summary>
    public bool RemembersTouched { get; init; }
}
