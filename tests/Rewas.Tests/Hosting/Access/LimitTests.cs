using System.Diagnostics;
using Grpc.Core;
using Rewas.Client;
using Rewas.Hosting;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;

namespace Rewas.Tests.Hosting.Access;

public sealed class LimitTests
{
    [Fact]
    public async Task A_caller_with_too_many_calls_in_progress_is_refused_and_others_are_not()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var greedy = gateway.With(gateway.Add("greedy", Limited(new() { ConcurrentCalls = 2 })));
        using var modest = gateway.With(gateway.Add("modest", Limited(new() { ConcurrentCalls = 2 })));
        var calls = new[] { greedy.DescribeAsync(), greedy.DescribeAsync() };
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 2, "both calls are in progress");

        var failure = await greedy.RefusedAsync();
        var other = modest.DescribeAsync();
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 3, "the other caller's is too");
        held.SetResult();
        await Task.WhenAll([.. calls, other]);

        Assert.Equal(
            (StatusCode.ResourceExhausted, "calls: at most 2 may be in progress (ConcurrentCalls)"),
            (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("1000", failure.Trailers.GetValue(FaultInterceptor.RetryAfterTrailer));
        Assert.Equal("calls", failure.Trailers.GetValue(FaultInterceptor.FieldTrailer));
        await OverAsync(gateway, 4);
        await greedy.DescribeAsync();                                        // places are given back
    }

    [Fact]
    public async Task A_caller_that_calls_too_often_is_told_when_to_come_again()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        using var client = gateway.With(gateway.Add("hasty", Limited(new() { CallsPerSecond = 1, Burst = 3 })));
        // Sent at once, so that even a slow machine does not spread them over a second.
        var calls = Enumerable.Range(0, 40).Select(_ => Record.ExceptionAsync(client.DescribeAsync).AsTask()).ToList();
        var ends = await Task.WhenAll(calls);

        Assert.InRange(ends.Count(end => end is null), 3, 39);
        var failure = ends.OfType<RpcException>().First();

        Assert.Equal(
            (StatusCode.ResourceExhausted, "calls: at most 1 may be made in a second (CallsPerSecond)"),
            (failure.StatusCode, failure.Status.Detail));
        Assert.InRange(int.Parse(failure.Trailers.GetValue(FaultInterceptor.RetryAfterTrailer)!), 1, 1000);
    }

    [Fact]
    public async Task A_quota_of_a_day_is_kept_for_each_caller()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var two = Limited(new() { CallsPerDay = 2 });
        using var first = gateway.With(gateway.Add("first", two));
        using var again = gateway.With(gateway.Add("first", two));           // another key of the same caller
        using var second = gateway.With(gateway.Add("second", two));

        await first.DescribeAsync();
        await again.DescribeAsync();
        var failure = await first.RefusedAsync();
        await second.DescribeAsync();

        Assert.Equal(
            (StatusCode.ResourceExhausted, "calls: at most 2 may be made in 24 hours (CallsPerDay)"),
            (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(StatusCode.ResourceExhausted, (await again.RefusedAsync()).StatusCode);
    }

    [Fact]
    public async Task Calls_that_the_gateway_refuses_do_not_use_up_the_day()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var client = gateway.With(gateway.Add("eager", Limited(new() { ConcurrentCalls = 1, CallsPerDay = 3 })));
        var first = client.DescribeAsync();
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 1, "a call is in progress");
        for (var i = 0; i < 10; i++)
            await client.DescribeAsync().Fails(StatusCode.ResourceExhausted, "ConcurrentCalls");
        held.SetResult();
        await first;
        await OverAsync(gateway, 11);

        await client.DescribeAsync();
        await OverAsync(gateway, 12);
        await client.DescribeAsync();
        await OverAsync(gateway, 13);

        await client.DescribeAsync().Fails(StatusCode.ResourceExhausted, "at most 3 may be made in 24 hours (CallsPerDay)");
    }

    [Fact]
    public async Task Calls_for_which_the_platform_has_no_room_do_not_use_up_the_day()
    {
        var full = true;
        var doubles = new StageDoubles
        {
            BeforeDescribe = _ => full
                ? throw new Rewas.Clip.Faults.InputFault(Rewas.Clip.Faults.FaultKind.Exhausted, "queue", "is full")
                {
                    RetryAfter = TimeSpan.FromMilliseconds(1),
                }
                : Task.CompletedTask,
        };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var client = gateway.With(gateway.Add("unlucky", Limited(new() { CallsPerDay = 2 })));
        for (var call = 1; call <= 5; call++)
        {
            await client.DescribeAsync().Fails(StatusCode.ResourceExhausted, "queue: is full");
            await OverAsync(gateway, call);
        }
        full = false;

        await client.DescribeAsync();
        await client.DescribeAsync();

        await client.DescribeAsync().Fails(StatusCode.ResourceExhausted, "CallsPerDay");
    }

    [Fact]
    public void The_same_failures_tell_of_no_room_in_the_web_api()
    {
        var later = new Rewas.Clip.Faults.InputFault(Rewas.Clip.Faults.FaultKind.Exhausted, "queue", "is full")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
        Assert.True(NoRoom.IsIn(later));
        Assert.True(NoRoom.IsIn(CallerLimiter.Refused(later)));
        Assert.True(NoRoom.IsIn(new RpcException(new(StatusCode.Unavailable, "no replica is reachable"))));
        Assert.False(NoRoom.IsIn(Rewas.Clip.Faults.InputFault.Exhausted("body", "is too large")));
        Assert.False(NoRoom.IsIn(new RpcException(new(StatusCode.ResourceExhausted, "the file is too large"))));
        Assert.False(NoRoom.IsIn(Rewas.Clip.Faults.InputFault.Invalid("prompt", "is empty")));
        Assert.False(NoRoom.IsIn(new InvalidOperationException()));
    }

    [Fact]
    public async Task Small_pieces_are_counted_to_the_byte()
    {
        await using var gateway = await GuardedGateway.StartAsync();
        // An empty message is five bytes.
        using var client = gateway.With(gateway.Add("editor", Limited(new() { UploadBytesPerDay = 52 })));
        for (var i = 0; i < 10; i++)
            await client.DescribeAsync();

        await client.DescribeAsync().Fails(
            StatusCode.ResourceExhausted, "bytes: at most 52 may be sent in 24 hours (UploadBytesPerDay)");
    }

    [Fact]
    public async Task Two_keys_of_a_caller_with_other_limits_share_its_day_and_its_places()
    {
        var held = new TaskCompletionSource();
        var doubles = new StageDoubles { BeforeDescribe = _ => held.Task };
        await using var gateway = await GuardedGateway.StartAsync(doubles);
        using var small = gateway.With(gateway.Add("editor", Limited(new() { ConcurrentCalls = 1, CallsPerDay = 2 })));
        using var large = gateway.With(gateway.Add("editor", Limited(new() { ConcurrentCalls = 10, CallsPerDay = 3 })));
        var first = large.DescribeAsync();
        await Wait.UntilAsync(() => doubles.HeadersSeen.Count == 1, "a call is in progress");
        await small.DescribeAsync().Fails(StatusCode.ResourceExhausted, "ConcurrentCalls");
        held.SetResult();
        await first;
        await OverAsync(gateway, 2);
        await small.DescribeAsync();
        await OverAsync(gateway, 3);

        await small.DescribeAsync().Fails(StatusCode.ResourceExhausted, "at most 2 may be made in 24 hours");
        await large.DescribeAsync();
        await large.DescribeAsync().Fails(StatusCode.ResourceExhausted, "at most 3 may be made in 24 hours");
    }

    [Theory]
    [InlineData(nameof(CallerLimits.UploadBytesPerCall), "bytes: at most 300000 may be sent in one call (UploadBytesPerCall)")]
    [InlineData(nameof(CallerLimits.UploadBytesPerDay), "bytes: at most 300000 may be sent in 24 hours (UploadBytesPerDay)")]
    public async Task An_upload_over_a_limit_is_ended_when_it_gets_there(string limit, string said)
    {
        await using var gateway = await GuardedGateway.StartAsync();
        var limits = limit == nameof(CallerLimits.UploadBytesPerCall)
            ? new CallerLimits { UploadBytesPerCall = 300_000 }
            : new CallerLimits { UploadBytesPerDay = 300_000 };
        using var client = RewasClient.Connect(
            gateway.Address, new() { Repeat = false, Access = new() { ApiKey = gateway.Add("editor", Limited(limits)).Text } });

        var failure = await Assert.ThrowsAsync<StageFailure>(
            () => client.GenerateAsync(SoundRequests.With([]) with { Video = SoundRequests.Video(50_000_000) }));

        Assert.Equal(("VideoEncoder", StatusCode.ResourceExhausted, said), (failure.Stage, failure.Status, failure.Detail));
        Assert.InRange(gateway.Doubles.BytesUploaded, 0, 600_000);
    }

    [Fact]
    public async Task The_typed_client_retries_at_the_time_it_was_given()
    {
        var started = Stopwatch.StartNew();
        List<TimeSpan> attempts = [];
        var doubles = new StageDoubles
        {
            BeforeDescribe = stage =>
            {
                if (stage != "Vocoder")
                    return Task.CompletedTask;
                lock (attempts)
                    attempts.Add(started.Elapsed);
                return attempts.Count > 2
                    ? Task.CompletedTask
                    : throw new Rewas.Clip.Faults.InputFault(Rewas.Clip.Faults.FaultKind.Exhausted, "queue", "is full")
                    {
                        RetryAfter = TimeSpan.FromMilliseconds(700),
                    };
            },
        };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address);

        Assert.Equal(4, (await client.DescribeAsync()).Count);

        Assert.Equal(3, attempts.Count);
        // Not before the named time. Each waits a little longer, by chance.
        Assert.All(
            attempts.Zip(attempts.Skip(1), (before, after) => after - before),
            wait => Assert.True(wait.TotalMilliseconds > 695, $"{wait}"));
    }

    [Fact]
    public async Task The_typed_client_does_not_retry_after_its_deadline()
    {
        var attempts = 0;
        var doubles = new StageDoubles
        {
            BeforeDescribe = stage => stage == "Vocoder" && Interlocked.Increment(ref attempts) > 0
                ? throw new Rewas.Clip.Faults.InputFault(Rewas.Clip.Faults.FaultKind.Exhausted, "queue", "is full")
                {
                    RetryAfter = Wait.Patience,
                }
                : Task.CompletedTask,
        };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address, new() { DescribeTimeout = Wait.Patience });

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.DescribeAsync());

        Assert.Equal((StatusCode.ResourceExhausted, 1), (failure.Status, attempts));
    }

    static Func<KeyEntry, KeyEntry> Limited(CallerLimits limits) => entry => entry with { Limits = limits };

    /// <summary>
    /// Waits until the gateway has done with as many calls. A caller may have its answer a little before its place is given back.
    /// </summary>
    static Task OverAsync(GuardedGateway gateway, int calls) =>
        Wait.UntilAsync(() => gateway.Log.Of("Rewas.Audit").Count() == calls, $"{calls} calls are over");
}
