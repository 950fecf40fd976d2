using Microsoft.Extensions.Time.Testing;
using Rewas.Hosting.Access;

namespace Rewas.Tests.Hosting.Access;

public sealed class MemoryUsageTests
{
    readonly FakeTimeProvider time = new();
    readonly MemoryUsage usage;

    public MemoryUsageTests() => usage = new(time);

    [Fact]
    public async Task A_day_ends_24_hours_after_its_first_call_whatever_the_clock_says()
    {
        CallerLimits limits = new() { CallsPerDay = 1, UploadBytesPerDay = 10 };
        Assert.Null(await usage.EnterAsync(Call(limits)));
        Assert.Null(await usage.CountBytesAsync(Call(limits), 10));
        time.Advance(TimeSpan.FromHours(23));

        Assert.Equal(new("CallsPerDay", TimeSpan.FromHours(1)), await usage.EnterAsync(Call(limits)));
        Assert.Equal(new("UploadBytesPerDay", TimeSpan.FromHours(1)), await usage.CountBytesAsync(Call(limits), 1));
        time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await usage.EnterAsync(Call(limits)));
        Assert.Null(await usage.CountBytesAsync(Call(limits), 10));
    }

    [Fact]
    public async Task A_burst_is_followed_by_the_average_rate()
    {
        CallerLimits limits = new() { CallsPerSecond = 2, Burst = 3 };
        for (var i = 0; i < 3; i++)
            Assert.Null(await usage.EnterAsync(Call(limits)));
        Assert.Equal(new("CallsPerSecond", TimeSpan.FromSeconds(0.5)), await usage.EnterAsync(Call(limits)));
        time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Null(await usage.EnterAsync(Call(limits)));
        Assert.NotNull(await usage.EnterAsync(Call(limits)));
    }

    [Fact]
    public async Task Bytes_that_are_given_back_and_calls_that_are_uncounted_may_be_used_again()
    {
        CallerLimits limits = new() { CallsPerDay = 1, UploadBytesPerDay = 10 };
        var call = Call(limits);
        await usage.EnterAsync(call);
        Assert.Null(await usage.CountBytesAsync(call, 10));
        Assert.NotNull(await usage.CountBytesAsync(call, 1));

        await usage.CountBytesAsync(call, -4);
        await usage.LeaveAsync(call, uncounted: true);

        Assert.Null(await usage.CountBytesAsync(call, 4));
        Assert.NotNull(await usage.CountBytesAsync(call, 1));
        Assert.Null(await usage.EnterAsync(call));
    }

    static CallUse Call(CallerLimits limits) => new("alice", Through: false, limits);
}
