using Grpc.Net.Client;
using Rewas.Client;
using Rewas.Tests.Services;

namespace Rewas.Tests.Client;

public sealed class PipelineOverSocketsTests : PipelineTests
{
    private protected override Task<StageHost> StartAsync(StageDoubles doubles) => StageHost.StartAsync(doubles);

    [Fact]
    public async Task Calls_that_are_not_read_leave_room_for_others_on_their_connection()
    {
        // Stages that wait for one another read nothing meanwhile. A video of minutes fills the buffers of what may be sent ahead.
        using var stop = new CancellationTokenSource();
        var doubles = new StageDoubles { Windows = 1, BeforeEnergy = (_, call) => Task.Delay(Timeout.Infinite, call) };
        await using var host = await StageHost.StartAsync(doubles);
        using var channel = GrpcChannel.ForAddress(host.Address);
        var predictor = new V1.EnergyPredictor.EnergyPredictorClient(channel);
        var unread = new V1.PredictEnergyRequest
        {
            Segment = new() { Segment = StageDoubles.SegmentsPerWindow - 1, Features = StageDoubles.Filled("features", 0, 8, 4096) },
        };
        var writing = Enumerable.Range(0, 8).Select(async _ =>
        {
            using var call = predictor.Predict(cancellationToken: stop.Token);
            for (var i = 0; i < 16; i++)                                     // 2 MiB: more than any stream may send ahead
                await call.RequestStream.WriteAsync(unread, stop.Token);
        }).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.All(writing, task => Assert.False(task.IsCompleted));

        var responses = await new V1.Vocoder.VocoderClient(channel).Synthesize(deadline: DateTime.UtcNow + Wait.Patience).Exchange(
            new V1.SynthesizeRequest { Options = new() { AudioSamples = doubles.Samples } },
            new V1.SynthesizeRequest { Mel = new() { Mel = StageDoubles.Filled("mel", 0, 512, 64) } });

        Assert.Equal(doubles.Samples, responses.Sum(response => response.Wave?.Samples.Shape[0] ?? 0));
        await stop.CancelAsync();
        await Task.WhenAll(writing).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Stages_are_reached_through_a_private_socket()
    {
        string folder;
        using (var socket = new PrivateSocket())
        {
            var doubles = new StageDoubles();
            await using var host = await StageHost.StartAsync(doubles, socket.Address.OriginalString);
            using var client = RewasClient.Connect(socket.Address);
            folder = Path.GetDirectoryName(socket.Address.AbsolutePath)!;

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            Assert.Equal(doubles.Samples, (await client.GenerateAsync(SoundRequests.With([]))).Samples);
        }
        Assert.False(Directory.Exists(folder));
    }
}
