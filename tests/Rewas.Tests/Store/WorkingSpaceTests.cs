using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Files;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class WorkingSpaceTests
{
    readonly WorkingSpace space = new(Options.Create(new StoreOptions { MaxWorkingBytes = 1000, MaxWorkingBytesPerCaller = 600 }));

    [Fact]
    public void Room_is_reserved_before_it_is_used_and_no_caller_has_it_all()
    {
        using var alice = space.Reserve("alice", 500);
        Assert.Contains("MaxWorkingBytesPerCaller", Refused("alice", 101).Message, StringComparison.Ordinal);
        var bob = space.Reserve("bob", 500);
        Assert.Contains("MaxWorkingBytes)", Refused("carol", 1).Message, StringComparison.Ordinal);
        bob.Dispose();
        bob.Dispose();                                                       // gives it back once
        space.Reserve("carol", 500).Dispose();
        Assert.Contains("MaxWorkingBytes)", Refused("carol", 501).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_says_when_to_try_again_unless_there_never_is_so_much_room()
    {
        using var taken = space.Reserve("alice", 500);
        Assert.NotNull(Refused("alice", 600).RetryAfter);
        Assert.NotNull(Refused("bob", 600).RetryAfter);
        Assert.Null(Refused("bob", 601).RetryAfter);
        Assert.Null(Refused("", 1001).RetryAfter);
    }

    [Fact]
    public void Nothing_at_all_is_given_back_like_anything_else()
    {
        var (first, second) = (space.Reserve("alice", 0), space.Reserve("alice", 0));
        first.Dispose();
        second.Dispose();
        using var all = space.Reserve("alice", 600);
        Assert.NotNull(Refused("alice", 1).RetryAfter);
    }

    [Fact]
    public void More_than_the_disk_has_is_refused_before_the_first_byte()
    {
        var wide = new WorkingSpace(Options.Create(new StoreOptions { MaxWorkingBytes = long.MaxValue / 4 }));
        var fault = Assert.Throws<InputFault>(() => wide.Reserve("", 1L << 60));
        Assert.Equal(FaultKind.Exhausted, fault.Kind);
        Assert.Null(fault.RetryAfter);
        Assert.Contains("are free", fault.Message, StringComparison.Ordinal);
    }

    InputFault Refused(string caller, long bytes) => Assert.Throws<InputFault>(() => space.Reserve(caller, bytes));
}
