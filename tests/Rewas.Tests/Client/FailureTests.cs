using Grpc.Core;
using Rewas.Client;
using Rewas.Clip.Faults;

namespace Rewas.Tests.Client;

/// <summary>Failures of stages are reported in the same way, however the stages are called.</summary>
public abstract class FailureTests
{
    private protected abstract Task<StageHost> StartAsync(StageDoubles doubles);

    private protected static readonly RewasClientOptions OneAttempt = new() { Repeat = false, DescribeTimeout = Wait.Patience };

    [Theory]
    [InlineData("VideoEncoder")]
    [InlineData("EnergyPredictor")]
    [InlineData("AudioDiffusion")]
    [InlineData("Vocoder")]
    public async Task The_stage_that_refuses_is_named_and_the_others_are_stopped(string stage)
    {
        var doubles = new StageDoubles { Windows = 4 };
        Break(
            doubles,
            stage,
            (window, _) => window == 1 ? throw InputFault.Exhausted("window", "must be at most 1, but is 2") : Task.CompletedTask);
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();
        // The earlier stages are held back, so that there is something left to stop.
        var wait = stage == "VideoEncoder"
            ? (Func<int, CancellationToken, Task>?)null
            : (window, stop) => window == 3
            ? Task.Delay(Timeout.Infinite, stop)
            : Task.CompletedTask;
        if (wait is not null)
            doubles.BeforeSegments = wait;

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal($"{stage}: RESOURCE_EXHAUSTED: window: must be at most 1, but is 2", failure.Message);
        Assert.Equal(
            (stage, StatusCode.ResourceExhausted, "window", true), (failure.Stage, failure.Status, failure.Field, failure.IsInputFault));
        if (wait is not null)
            await EventuallyAsync(() => doubles.Cancelled.ContainsKey("VideoEncoder"));
    }

    [Fact]
    public async Task A_bug_in_a_stage_is_told_without_its_details()
    {
        var doubles = new StageDoubles { BeforeEnergy = (_, _) => throw new InvalidOperationException("secret") };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal("EnergyPredictor: INTERNAL: internal error", failure.Message);
        Assert.False(string.IsNullOrEmpty(failure.Correlation));
    }

    [Theory]
    [InlineData("VideoEncoder")]
    [InlineData("EnergyPredictor")]
    [InlineData("AudioDiffusion")]
    [InlineData("Vocoder")]
    public async Task The_stage_that_hangs_until_the_deadline_is_named(string stage)
    {
        var doubles = new StageDoubles { Windows = 16 };
        Break(doubles, stage, (window, stop) => window == 1 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask);
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();
        await client.DescribeAsync();

        var failure = await Assert.ThrowsAsync<StageFailure>(
            () => client.GenerateAsync(SoundRequests.With([]) with { Timeout = TimeSpan.FromSeconds(15) }));

        Assert.Equal((stage, StatusCode.DeadlineExceeded), (failure.Stage, failure.Status));
    }

    [Fact]
    public async Task Cancelling_stops_every_stage()
    {
        using var stop = new CancellationTokenSource();
        var doubles = new StageDoubles
        {
            Windows = 40,
            BeforeSegments = (window, cancellation) => window == 39 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask,
            BeforeWave = async (window, cancellation) =>
            {
                if (window < 1)
                    return;
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellation);
            },
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect();

        await Assert.ThrowsAsync<OperationCanceledException>(() => client.GenerateAsync(SoundRequests.With([]), cancellation: stop.Token));

        await EventuallyAsync(() => doubles.Cancelled.Count == 4);
    }

    [Fact]
    public async Task A_sink_that_fails_is_the_reason_told()
    {
        await using var host = await StartAsync(new());
        using var client = host.Connect();
        var request = SoundRequests.With([]) with { Sink = (_, _) => throw new IOException("disk full") };

        var failure = await Assert.ThrowsAsync<IOException>(() => client.GenerateAsync(request));

        Assert.Equal("disk full", failure.Message);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_the_reason_told()
    {
        await using var host = await StartAsync(new());
        using var client = host.Connect();
        var request = SoundRequests.With([]) with
        {
            Video = new("clip.mp4", null, _ => throw InputFault.Invalid("video", "'clip.mp4' cannot be read")),
        };

        var fault = await Assert.ThrowsAsync<InputFault>(() => client.GenerateAsync(request));

        Assert.Equal("video: 'clip.mp4' cannot be read", fault.Message);
    }

    [Fact]
    public async Task Nothing_is_repeated_past_the_deadline()
    {
        var attempts = 0;
        var doubles = new StageDoubles
        {
            BeforeMel = (_, _) =>
            {
                attempts++;
                throw new RpcException(new(StatusCode.Unavailable, "going down"));
            },
        };
        await using var host = await StartAsync(doubles);
        using var client = host.Connect(new() { MaximumRetryDelay = Wait.Patience });

        var failure = await Assert.ThrowsAsync<StageFailure>(() => client.GenerateAsync(SoundRequests.With([])));

        Assert.Equal("AudioDiffusion: UNAVAILABLE: going down", failure.Message);
        Assert.Equal(1, attempts);
    }

    static void Break(StageDoubles doubles, string stage, Func<int, CancellationToken, Task> hook)
    {
        switch (stage)
        {
            case "VideoEncoder":
                doubles.BeforeSegments = hook;
                break;
            case "EnergyPredictor":
                doubles.BeforeEnergy = hook;
                break;
            case "AudioDiffusion":
                doubles.BeforeMel = hook;
                break;
            case "Vocoder":
                doubles.BeforeWave = hook;
                break;
        }
    }

    private protected static Task EventuallyAsync(Func<bool> condition) => Wait.UntilAsync(condition, "the stages are told");
}
