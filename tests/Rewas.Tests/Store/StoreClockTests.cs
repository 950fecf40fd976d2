using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Rewas.Store.Data;
using Rewas.Store.Settings;

namespace Rewas.Tests.Store;

public sealed class StoreClockTests
{
    [Fact]
    public void A_clock_that_jumps_ends_no_lease()
    {
        using var folder = new TemporaryFolder();
        var database = new StoreDatabase(Options.Create(new StoreOptions { Folder = folder.Path }));
        var machine = new Jumping();
        var clock = new StoreClock(database, machine);
        var before = clock.Now;
        machine.Jump = TimeSpan.FromHours(1);
        Assert.Equal(before, clock.Now);
        machine.Jump = TimeSpan.FromHours(-1);
        Assert.Equal(before, clock.Now);
        machine.Steady.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(before + TimeSpan.FromSeconds(5), clock.Now);
    }

    /// <summary>A machine whose clock is set while its counter goes on.</summary>
    sealed class Jumping : TimeProvider
    {
        public FakeTimeProvider Steady { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => Steady.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Steady.GetUtcNow() + Jump;

        public override long GetTimestamp() => Steady.GetTimestamp();
    }
}
