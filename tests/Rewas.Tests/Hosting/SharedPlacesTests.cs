using Rewas.Clip.Faults;
using Rewas.Hosting;

namespace Rewas.Tests.Hosting;

public sealed class SharedPlacesTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static SharedPlaces Places(int capacity, int share) => new("video", (capacity, "MaxVideos"), (share, "MaxVideosPerCaller"));

    [Fact]
    public void A_place_more_than_there_are_is_refused_with_the_time_to_come_again()
    {
        var places = Places(1, 1);
        using (places.Enter("anna"))
        {
            var fault = Assert.Throws<InputFault>(() => places.Enter("ben"));
            Assert.Equal((FaultKind.Exhausted, "video: all 1 places are taken (MaxVideos)"), (fault.Kind, fault.Message));
            Assert.True(fault.RetryAfter > TimeSpan.Zero);
        }
        places.Enter("ben").Dispose();
    }

    [Fact]
    public void A_named_caller_gets_its_share_and_others_get_the_rest()
    {
        var places = Places(4, 2);
        _ = places.Enter("anna");
        _ = places.Enter("anna");
        Assert.Contains("MaxVideosPerCaller", Assert.Throws<InputFault>(() => places.Enter("anna")).Message, StringComparison.Ordinal);
        _ = places.Enter("ben");
        _ = places.Enter("");
    }

    [Fact]
    public void Callers_without_a_name_may_be_many_and_share_all_places()
    {
        var places = Places(3, 1);
        for (var i = 0; i < 3; i++)
            _ = places.Enter("");
        Assert.Throws<InputFault>(() => places.Enter(""));
    }

    [Fact]
    public async Task A_place_twice_disposed_of_is_given_back_once()
    {
        var places = Places(2, 2);
        var first = places.Enter("");
        _ = places.Enter("");
        first.Dispose();
        first.Dispose();
        _ = await places.EnterAsync("", Stop);
        Assert.Throws<InputFault>(() => places.Enter(""));
    }

    [Fact]
    public async Task The_waiting_caller_with_the_fewest_places_goes_first()
    {
        var places = Places(3, 3);
        IDisposable[] anna = [places.Enter("anna"), places.Enter("anna"), places.Enter("anna")];
        var (again, ben) = (places.EnterAsync("anna", Stop), places.EnterAsync("ben", Stop));
        Assert.Equal(2, places.Waiting);
        anna[0].Dispose();
        await ben.WaitAsync(Wait.Patience, Stop);
        Assert.False(again.IsCompleted);
        anna[1].Dispose();
        await again.WaitAsync(Wait.Patience, Stop);
    }

    [Fact]
    public async Task A_caller_at_its_share_waits_while_others_pass()
    {
        var places = Places(3, 1);
        var own = places.Enter("anna");
        var again = places.EnterAsync("anna", Stop);
        await places.EnterAsync("ben", Stop).WaitAsync(Wait.Patience, Stop);
        Assert.False(again.IsCompleted);
        own.Dispose();
        await again.WaitAsync(Wait.Patience, Stop);
    }

    [Fact]
    public async Task Who_stops_waiting_takes_no_place()
    {
        var places = Places(1, 1);
        var held = places.Enter("");
        using var gone = new CancellationTokenSource();
        var waiting = places.EnterAsync("", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, places.Waiting);
        held.Dispose();
        places.Enter("").Dispose();
    }

    [Fact]
    public async Task Under_load_no_more_places_are_held_than_there_are_and_all_callers_are_served()
    {
        var places = Places(3, 2);
        var (held, most, served) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            async () =>
            {
                using (await places.EnterAsync($"caller {i % 7}", Stop))
                {
                    var now = Interlocked.Increment(ref held);
                    InterlockedMax(ref most, now);
                    await Task.Yield();
                    Interlocked.Decrement(ref held);
                    Interlocked.Increment(ref served);
                }
            },
            Stop)));
        Assert.Equal((200, 0), (served, places.Waiting));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void Bytes_are_shared_too_and_come_back()
    {
        var bytes = new SharedBytes("video", (100, "MaxTotalUploadBytes"), share: 50);
        using (var anna = bytes.Begin("anna"))
        {
            anna.Add(50);
            Assert.Throws<InputFault>(() => anna.Add(1));
            using var nobody = bytes.Begin("");
            nobody.Add(50);
            Assert.Contains(
                "MaxTotalUploadBytes", Assert.Throws<InputFault>(() => bytes.Begin("ben").Add(1)).Message, StringComparison.Ordinal);
        }
        bytes.Begin("").Add(100);
    }

    [Fact]
    public void A_call_that_needs_more_bytes_than_there_are_for_it_is_not_told_to_come_back()
    {
        var bytes = new SharedBytes("video", (100, "MaxTotalUploadBytes"), share: 50);
        using var first = bytes.Begin("anna");
        using var second = bytes.Begin("anna");
        first.Add(30);
        second.Add(20);
        Assert.NotNull(Assert.Throws<InputFault>(() => second.Add(30)).RetryAfter);
        Assert.Null(Assert.Throws<InputFault>(() => second.Add(31)).RetryAfter);
        Assert.Null(Assert.Throws<InputFault>(() => bytes.Begin("").Add(101)).RetryAfter);
        Assert.NotNull(Assert.Throws<InputFault>(() => bytes.Begin("").Add(100)).RetryAfter);
    }

    static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
            if (Interlocked.CompareExchange(ref most, value, seen) == seen)
                return;
    }
}
