using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Tests.Client;
using ClipTiming = Rewas.Networks.ClipTiming;

namespace Rewas.Tests.Gateway;

public sealed class BackpressureTests
{
    const int Windows = 500;                                                 // 164 MB of sound, from 66 MB of mel

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
                await call.RequestStream.WriteAsync(new() { Mel = new() { Window = written, Mel = StageDoubles.Filled("mel", written, 512, 64) } });
            await call.RequestStream.CompleteAsync();
        }, TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var samples = (long)call.ResponseStream.Current.Wave.Samples.Shape[0];

        // Nobody reads: the producer, and then the writer, come to a stop, and stay there for longer than servers wait for slow readers.
        var stalled = await StalledAsync(() => reached);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        await Task.Delay(TimeSpan.FromSeconds(8), TestContext.Current.CancellationToken);
        Assert.Equal(stalled, reached);
        Assert.InRange(stalled, 1, Windows / 2);
        Assert.InRange(written, 1, Windows - 50);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 32L << 20);   // what other tests of this process hold is in it

        // And all of it comes when it is read.
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            samples += call.ResponseStream.Current.Wave is { } wave ? wave.Samples.Shape[0] : 0;
        await writing;
        Assert.Equal(doubles.Samples, samples);
        Assert.True((long)Windows * ClipTiming.SamplesPerWindow > samples);
    }

    /// <summary>Where something stands once it has not moved for two seconds.</summary>
    static async Task<int> StalledAsync(Func<int> progress)
    {
        var (last, since, all) = (progress(), Stopwatch.StartNew(), Stopwatch.StartNew());
        while (since.Elapsed < TimeSpan.FromSeconds(2))
        {
            Assert.True(all.Elapsed < SoundRequests.Patience, "it does not stop");
            await Task.Delay(50);
            if (progress() == last)
                continue;
            last = progress();
            since.Restart();
        }
        return last;
    }
}
