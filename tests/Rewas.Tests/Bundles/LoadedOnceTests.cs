using Rewas.Bundles;

namespace Rewas.Tests.Bundles;

public sealed class LoadedOnceTests
{
    [Fact]
    public void Loads_on_first_use_and_once()
    {
        var loads = 0;
        var value = new LoadedOnce<int>(() => ++loads);
        Assert.Equal((0, false), (loads, value.IsValueCreated));
        Assert.Equal((1, 1, true), (value.Value, value.Value, value.IsValueCreated));
    }

    [Fact]
    public void A_failure_is_not_kept()
    {
        var memory = 0;
        var value = new LoadedOnce<string>(() => memory > 0 ? "loaded" : throw new IOException("no memory now"));
        Assert.Throws<IOException>(() => value.Value);
        Assert.Throws<IOException>(() => value.Value);
        Assert.False(value.IsValueCreated);
        memory = 1;
        Assert.Equal("loaded", value.Value);
        memory = 0;
        Assert.Equal("loaded", value.Value);
    }

    [Fact]
    public void Nothing_is_a_value_too()
    {
        var loads = 0;
        var value = new LoadedOnce<string?>(() =>
        {
            loads++;
            return null;
        });
        Assert.Null(value.Value);
        Assert.Null(value.Value);
        Assert.Equal((1, true), (loads, value.IsValueCreated));
    }

    [Fact]
    public async Task Threads_that_come_meanwhile_wait_for_the_one_that_loads()
    {
        using var release = new ManualResetEventSlim();
        var (loads, asked) = (0, 0);
        var value = new LoadedOnce<int>(() =>
        {
            Interlocked.Increment(ref loads);
            release.Wait(TestContext.Current.CancellationToken);
            return 7;
        });
        var all = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                Interlocked.Increment(ref asked);
                return value.Value;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Wait.UntilAsync(() => Volatile.Read(ref asked) == all.Length && Volatile.Read(ref loads) > 0, "all threads have asked");
        release.Set();
        Assert.All(await Task.WhenAll(all), seen => Assert.Equal(7, seen));
        Assert.Equal(1, loads);
    }
}
