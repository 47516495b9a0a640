namespace BsdVm.Script.Tests;

/// <summary>Every complaint, with the place it points at.</summary>
public class ErrorTests
{
    [Theory]
    [InlineData("p1: map", "t:1:5: unknown operation 'map'; there are mmap, munmap, mprotect,")]
    [InlineData("mmap 1 2", "t:1:1: unknown operation 'mmap'; a line is PROC: OPERATION, file,")]
    [InlineData("p1:", "t:1:4: expected an operation, found end of line")]
    [InlineData("1p: maps", "t:1:1: process '1p' is not a name")]
    [InlineData(": maps", "t:1:1: process '' is not a name")]
    [InlineData("p1@x: maps", "t:1:1: CPU 'x' is not a number")]
    [InlineData("p1@1: maps", "t:1:1: @1: more CPUs than CPU 0 are not yet supported")]
    [InlineData("p1: munmap", "t:1:11: expected ADDR (a number), found end of line")]
    [InlineData("p1: munmap x 1", "t:1:12: ADDR 'x' is not a number")]
    [InlineData("p1: munmap 0x 1", "t:1:12: ADDR '0x' is not a number")]
    [InlineData("p1: munmap 1+ 1", "t:1:12: ADDR '1+' is not a number")]
    [InlineData("p1: munmap 12a 1", "t:1:12: ADDR '12a' is not a number")]
    [InlineData("p1: munmap 1 \"x\"", "t:1:14: expected LEN (a number), found string")]
    [InlineData("p1: munmap 1 == ok", "t:1:14: expected LEN (a number), found '=='")]
    [InlineData("p1: munmap 0x10000000000000000 1", "t:1:12: ADDR '0x10000000000000000' does not fit in 64 bits")]
    [InlineData("p1: munmap 0xffffffffffffffff+1 1", "t:1:12: ADDR '0xffffffffffffffff+1' does not fit in 64 bits")]
    [InlineData("p1: munmap 0x10000000000000p 1", "t:1:12: ADDR '0x10000000000000p' does not fit in 64 bits")]
    [InlineData("p1: munmap 1 2 3", "t:1:16: nothing more is expected here, found '3'")]
    [InlineData("p1: mprotect 1 2 rwz", "t:1:18: PROT 'rwz' is not three characters of rwx-, such as rw-")]
    [InlineData("p1: mprotect 1 2 wr-", "t:1:18: PROT 'wr-' is not three characters of rwx-, such as rw-")]
    [InlineData("p1: mmap 1 2 rw- public anon", "t:1:18: SHARING 'public' is neither private nor shared")]
    [InlineData("p1: mmap 1 2 rw- private zero", "t:1:26: SOURCE 'zero' is neither anon nor file:NAME@OFFSET")]
    [InlineData("p1: mmap 1 2 rw- private file:f", "t:1:26: SOURCE 'file:f' is neither anon nor file:NAME@OFFSET")]
    [InlineData("p1: mmap 1 2 rw- private file:9@0", "t:1:26: file '9' is not a name")]
    [InlineData("p1: mmap 1 2 rw- private file:f@z", "t:1:26: OFFSET 'z' is not a number")]
    [InlineData("p1: mmap 1 2 rw- private anon fast", "t:1:31: unknown option 'fast' of mmap; there are noreplace, growsdown")]
    [InlineData("p1: mmap 1 2 rw- private anon noreplace noreplace", "t:1:41: noreplace stands twice")]
    [InlineData("p1: mmap any 2 rw- private anon noreplace", "t:1:33: noreplace goes with a number as ADDR")]
    [InlineData("p1: msync 1 2 now", "t:1:15: unknown msync mode 'now'; there are sync, async, invalidate")]
    [InlineData("p1: madvise 1 2 3", "t:1:17: unknown advice '3'; there are normal, random, sequential, willneed, dontneed, free")]
    [InlineData("p1: minherit 1 2 donate", "t:1:18: unknown inheritance 'donate'; there are share, copy, none, zero")]
    [InlineData("p1: mremap 1 2 3 to", "t:1:20: expected NEWADDR (a number), found end of line")]
    [InlineData("p1: mremap 1 2 3 maymove to 4", "t:1:26: nothing more is expected here, found 'to'")]
    [InlineData("p1: sbrk --5", "t:1:10: DELTA '--5' is not a number")]
    [InlineData("p1: sbrk 0x8000000000000000", "t:1:10: DELTA '0x8000000000000000' does not fit in 63 bits")]
    [InlineData("p1: fill 1 2 256", "t:1:14: BYTE is 0 to 255")]
    [InlineData("p1: load 1 16777217", "t:1:12: LEN of load is at most 16M")]
    [InlineData("p1: store 1 abc", "t:1:13: expected STRING (a string in double quotes), found 'abc'")]
    [InlineData("p1: store 1 \"abc", "t:1:13: the string has no closing quote")]
    [InlineData("p1: store 1 \"a\\q\"", "t:1:15: unknown escape in a string")]
    [InlineData("p1: store 1 \"a\\x1\"", "t:1:15: unknown escape in a string")]
    [InlineData("p1: store 1 \"a\\", "t:1:15: unknown escape in a string")]
    [InlineData("p1: store 1 \"a\u0001\"", "t:1:15: byte 0x01 in a string: write it as \\x01")]
    [InlineData("# é\np1: store 1 \"éé\" x", "t:2:18: nothing more is expected here, found 'x'")]
    [InlineData("p1: maps é", "t:1:10: expected ADDR (a number), found character outside ASCII")]
    [InlineData("p1: ma\0ps", "t:1:7: unexpected byte 0x00")]
    [InlineData("p1: maps\rp1: maps", "t:1:9: unexpected byte 0x0d")]
    [InlineData("p1: on SIGSEGV default", "t:1:5: on is not yet supported")]
    [InlineData("p1: exec /bin/ls", "t:1:5: exec is not yet supported")]
    [InlineData("p1: thread t2", "t:1:5: thread is not yet supported")]
    [InlineData("file f 2G", "t:1:8: SIZE is at most 1G")]
    [InlineData("file f 1 256", "t:1:10: BYTE is 0 to 255")]
    [InlineData("file.append f 1", "t:1:1: unknown operation 'file.append'")]
    [InlineData("file 8f 1", "t:1:6: file '8f' is not a name")]
    public void A_line_that_does_not_parse_says_where_and_why(string text, string message) =>
        Assert.StartsWith(message, Scenarios.ErrorOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("p1: munmap 1 2 ==", "t:1:18: expected RESULT, found end of line")]
    [InlineData("p1: munmap 1 2 == fine", "t:1:19: RESULT 'fine' is neither a number nor ok, blocked, gone,")]
    [InlineData("p1: munmap 1 2 == -", "t:1:19: RESULT '-' is neither a number nor ok,")]
    [InlineData("p1: munmap 1 2 == EFOO", "t:1:19: RESULT 'EFOO' is neither a number nor ok,")]
    [InlineData("p1: munmap 1 2 == \"ok\"", "t:1:19: only load and file.read give a string")]
    [InlineData("p1: load 1 2 == hello", "t:1:17: RESULT 'hello' is neither bytes (in double quotes) nor ok,")]
    [InlineData("p1: load 1 2 == 12", "t:1:17: RESULT '12' is neither bytes (in double quotes) nor ok,")]
    [InlineData("p1: mincore 1 2 == 012", "t:1:20: RESULT '012' is neither characters 0 and 1 nor ok,")]
    [InlineData("p1: mincore 1 2 == \"01\"", "t:1:20: mincore gives its characters 0 and 1 without quotes")]
    [InlineData("p1: fetch 1 == BADBYTE:0xZZ", "t:1:16: RESULT 'BADBYTE:0xZZ' is neither")]
    [InlineData("p1: maps == 1 2", "t:1:15: nothing more is expected here, found '2'")]
    public void A_result_that_does_not_parse_says_where_and_why(string text, string message) =>
        Assert.StartsWith(message, Scenarios.ErrorOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("machine x", "t:1:9: expected KEY=VALUE, found 'x'; the keys are page, frames,")]
    [InlineData("machine size=1", "t:1:9: unknown key 'size'; the keys are page, frames, swap, os,")]
    [InlineData("machine os=vms", "t:1:9: unknown value 'vms' of os; the values are bsd, linux")]
    [InlineData("machine policy=linux", "t:1:9: unknown value 'linux' of policy; the values are corrected, lite2")]
    [InlineData("machine fork=fast", "t:1:9: unknown value 'fast' of fork; the values are cow, eager")]
    [InlineData("machine pmap=vax", "t:1:9: no pmap is called vax")]
    [InlineData("machine overcommit=no", "t:1:9: unknown value 'no' of overcommit; the values are strict, heuristic, always")]
    [InlineData("machine overcommit=strict", "t:1:9: overcommit=strict is not yet supported")]
    [InlineData("machine cpus=2", "t:1:9: cpus=2 is not yet supported: only cpus=1 is")]
    [InlineData("machine swap=5", "t:1:9: swap=5 is not yet supported: only swap=0 is")]
    [InlineData("machine schedule=0", "t:1:9: schedule= is not yet supported")]
    [InlineData("machine fail.read=1", "t:1:9: fail.read= is not yet supported")]
    [InlineData("machine fail.swap=1", "t:1:9: fail.swap= is not yet supported")]
    [InlineData("machine fail.frame=0", "t:1:9: fail.frame=0: requests count from 1")]
    [InlineData("machine page=8192", "t:1:9: page=8192: the only page size is 4096")]
    [InlineData("machine frames=0", "t:1:9: frames=0: 1 to 16777216")]
    [InlineData("machine frames=many", "t:1:9: frames: 'many' is not a number")]
    [InlineData("machine brk=0x1001", "t:1:9: brk=0x1001: not at the start of a page")]
    [InlineData("machine seed=1 seed=2", "t:1:16: seed= stands twice")]
    [InlineData("machine tlb=l1=3x2", "t:1:9: tlb: ")]
    [InlineData("machine tlb=l1=64x64,policy=best", "t:1:9: tlb: ")]
    [InlineData("machine tlb=", "t:1:9: tlb: ")]
    [InlineData("machine os=linux policy=lite2", "t:1:18: policy= goes with os=bsd")]
    [InlineData("machine\nmachine", "t:2:1: a second machine line: the first one is line 1")]
    [InlineData("p1: maps\nmachine", "t:2:1: machine must stand before everything else: line 1 is ahead of it")]
    public void A_machine_line_lists_what_it_could_be(string text, string message) =>
        Assert.StartsWith(message, Scenarios.ErrorOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("p2: maps", "t:1:5: process 'p2' does not exist at this line")]
    [InlineData("p1: fork p2\np2: exit\np2: maps", "t:3:5: process 'p2' exited on line 2")]
    [InlineData("p1: fork p1", "t:1:5: process 'p1' lives already")]
    [InlineData("p1: fork p2\np1: vfork p2", "t:2:5: process 'p2' lives already")]
    [InlineData("p1: vfork p2\np1: maps", "t:2:5: process 'p1' stands still while its vfork child 'p2' lives")]
    [InlineData("p1: vfork p2\np2: fork p3\np3: maps\np1: maps", "t:4:5: process 'p1' stands still while its vfork child 'p2' lives")]
    [InlineData("p1: fork p2\np1: wait p2\np1: maps", "t:3:5: process 'p1' stands still: it waits for 'p2' since line 2")]
    [InlineData("p1: wait p2", "t:1:5: process 'p2' does not exist at this line")]
    [InlineData("file f 1\nfile f 2", "t:2:1: a second file 'f': the first one is made on line 1")]
    [InlineData("file.read f 0 1\nfile f 1", "t:1:1: file 'f' is made only on line 2")]
    [InlineData("file.truncate f 0", "t:1:1: there is no file 'f'; a line 'file f SIZE' makes it")]
    [InlineData("p1: mmap any 1p r-- private file:f@0\nfile f 1", "t:1:5: file 'f' is made only on line 2")]
    [InlineData("p1: pread f 0 0 1", "t:1:5: there is no file 'f'")]
    [InlineData("p1: pwrite f 0 0 1", "t:1:5: there is no file 'f'")]
    public void Lives_of_processes_and_files_are_checked_ahead(string text, string message) =>
        Assert.StartsWith(message, Scenarios.ErrorOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("p1: fork p2\np2: exit\np1: fork p2\np2: maps")]
    [InlineData("p1: vfork p2\np2: exit\np1: maps")]
    [InlineData("p1: fork p2\np1: wait p2\np2: exit\np1: maps")]
    [InlineData("p1: fork p2\np2: fork p1b\np1: exit\np2: fork p1\np1: maps")]
    [InlineData("p1: fork p2\np2: fork p3\np1: wait p3\np1: maps")]
    public void Names_and_still_standing_processes_come_free_again(string text) => Assert.Equal("no error", Scenarios.ErrorOf(text));

    [Theory]
    [InlineData("machine pmap=x86-4level:8", "no error")]
    [InlineData("machine frames=9 pmap=x86-4level:9", "t:1:18: no pmap is called x86-4level:9")]
    [InlineData("machine pmap=", "t:1:9: no pmap is called ")]
    public void Who_makes_backends_judges_their_names_and_parameters(string text, string error) =>
        Assert.Equal(error, Scenarios.ErrorOf(text));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_found()
    {
        byte[] bytes = [.. "p1: maps\n# \u00e9\xff"u8[..^1], 0xff];
        Assert.False(VmScript.TryParse("t", bytes, out _, out ScriptError? error));
        Assert.Equal("t:2:4: this is not UTF-8", error!.ToString());
    }

    [Fact]
    public void A_line_of_a_megabyte_is_quoted_in_part_only()
    {
        string error = Scenarios.ErrorOf("p1: " + new string('x', 1 << 20));
        Assert.InRange(error.Length, 20, 400);
    }
}
