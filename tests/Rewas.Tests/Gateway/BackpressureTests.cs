using Grpc.Net.Client;
using Rewas.Tests.Client;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Tests.Gateway;

public sealed class BackpressureTests(ITestOutputHelper output)
{
    const int Windows = 500;                                                 // 164 MB of sound, from 66 MB of mel

    /// <summary>Windows of sound that may be under way when nobody reads, 6.5 MB. One window of sound was seen, and three of mel.</summary>
    const int MostAhead = 20;

    /// <summary>Longer than the 5 s that servers wait for slow readers before they check the rate.</summary>
    static readonly TimeSpan ServersPatience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_slow_reader_stalls_the_producer_and_memory_stays_bounded()
    {
        var reached = 0;
        var doubles = new StageDoubles
        {
            Windows = Windows,
            BeforeWave = (window, _) =>
            {
                reached = window;
                return Task.CompletedTask;
            },
        };
        await using var stages = await StageHost.StartAsync(doubles);
        await using var gateway = await GatewayHost.StartAsync(_ => [stages.Address]);
        using var channel = GrpcChannel.ForAddress(gateway.Address);
        using var call = new V1.Vocoder.VocoderClient(channel).Synthesize(deadline: DateTime.UtcNow.AddMinutes(5));
        var written = 0;
        var writing = Task.Run(async () =>
        {
            await call.RequestStream.WriteAsync(new() { Options = new() { AudioSamples = doubles.Samples } });
            for (; written < Windows; written++)
                await call.RequestStream.WriteAsync(
                    new() { Mel = new() { Window = written, Mel = StageDoubles.Filled("mel", written, 512, 64) } });
            await call.RequestStream.CompleteAsync();
        }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var samples = (long)call.ResponseStream.Current.Wave.Samples.Shape[0];

        // Nobody reads, so the producer and then the writer stop. Only what was sent ahead is held, so a bound on it is a bound on memory.
        await Task.Delay(ServersPatience, TestContext.Current.CancellationToken);
        output.WriteLine($"{written} windows of mel sent, {reached} of sound");
        Assert.InRange(reached, 0, MostAhead);
        Assert.InRange(written, 1, 2 * MostAhead);
        Assert.False(writing.IsCompleted);

        // All of it arrives when it is read.
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            samples += call.ResponseStream.Current.Wave is { } wave ? wave.Samples.Shape[0] : 0;
        await writing;
        Assert.Equal(doubles.Samples, samples);
        Assert.True((long)Windows * ClipTiming.SamplesPerWindow > samples);
    }
}
