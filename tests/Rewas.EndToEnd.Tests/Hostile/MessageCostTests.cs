using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Protocol;
using Rewas.Sound.Curves;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;
using SoftenEdit = Rewas.Sound.Curves.SoftenEdit;

namespace Rewas.EndToEnd.Tests.Hostile;

/// <summary>No other test runs beside these, because they measure the process.</summary>
[CollectionDefinition(nameof(MessageCostTests), DisableParallelization = true)]
public sealed class MessageCostCollection;

/// <summary>
/// What a message costs the host: processor time and allocated memory, until the host is quiet again. Messages are made from the protos and
/// grown to nearly the largest that is accepted. A call that ends at its deadline while its work goes on is a finding too.
/// </summary>
[Collection(nameof(MessageCostTests))]
public sealed class MessageCostTests(ITestOutputHelper output)
{
    const int Seed = 20_261_129;

    /// <summary>Largest share of a processor that counts as quiet: health checks, timers, the garbage collector.</summary>
    const double QuietShare = 0.25;

    const long AllocatedRest = 256L << 20, AllocatedPerByte = 400;

    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3), Window = TimeSpan.FromMilliseconds(200);

    /// <summary>All processors until the deadline, and some seconds to end.</summary>
    static readonly TimeSpan MostProcessorTime = CallTimeout * Environment.ProcessorCount + TimeSpan.FromSeconds(4);

    /// <summary>Time in which the work of a call must end after it, on a machine that may be busy.</summary>
    static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(30);

    static readonly Marshaller<byte[]> AsBytes = new(bytes => bytes, bytes => bytes);

    /// <summary>These start work that goes on after the call, by their purpose. What they start has limits of its own.</summary>
    static readonly string[] StartWork = ["StartRender", "Submit", "Chat", "IndexSounds"];

    [Fact]
    public Task No_grown_message_costs_more_than_its_length_and_deadline_explain() => MeasureAsync(Seed, messagesOfEach: 2);

    [Fact(Explicit = true)]
    public Task No_grown_message_of_tonight_costs_more() => MeasureAsync(FuzzSeed.Tonight, messagesOfEach: 12);

    [Fact]
    public async Task The_costliest_edits_end_with_their_deadline()
    {
        await using var host = await StartAsync();
        var studio = new V1.SoundStudio.SoundStudioClient(host.Channel);
        var curve = EnergyCurve.Of([.. Enumerable.Range(0, EnergyCurve.MaximumValues).Select(i => -6 + 3 * MathF.Sin(i * 0.01f))]);
        var soften = new SoftenEdit(null, 10).ToMessage();
        var many = new EditCurveRequest { Curve = curve.ToMessage(), Edits = { Enumerable.Repeat(soften, 85_000) } };
        var refused = await Assert.ThrowsAsync<RpcException>(() => studio.EditCurveAsync(many).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);

        var most = new EditCurveRequest { Curve = curve.ToMessage(), Edits = { Enumerable.Repeat(soften, EnergyCurve.MaximumEdits) } };
        var before = Environment.CpuUsage.TotalTime;
        try
        {
            await studio.EditCurveAsync(most, deadline: DateTime.UtcNow + TimeSpan.FromMilliseconds(500));
        }
        catch (RpcException late)
        {
            Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        }
        Assert.True(await IsQuietAsync(), "the edits go on after their deadline");
        Assert.InRange(Environment.CpuUsage.TotalTime - before, TimeSpan.Zero, MostProcessorTime);
    }

    async Task MeasureAsync(int seed, int messagesOfEach)
    {
        output.WriteLine($"seed {seed} ({FuzzSeed.Variable} repeats it)");
        await using var host = await StartAsync();
        var making = new MessageMaker(new Random(seed), ["a", "b", Guid.Empty.ToString()]);
        var costliest = (Share: 0.0, Line: "");
        var methods = Methods();
        Assert.True(methods.Count >= 20, $"{methods.Count} methods");
        foreach (var method in methods)
            for (var i = 0; i < messagesOfEach; i++)
            {
                byte[][] messages =
                [
                    .. Enumerable.Range(0, method.IsClientStreaming ? 2 : 1)
                        .Select(_ => making.Grown(method.InputType, MessageLimits.MessageBytes / 10 * 9)),
                ];
                var (time, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
                var status = await CallAsync(host.Channel, method, messages);
                var quiet = StartWork.Contains(method.Name) || await IsQuietAsync();
                var (spent, allocated) = (Environment.CpuUsage.TotalTime - time, GC.GetTotalAllocatedBytes() - bytes);
                var most = AllocatedRest + AllocatedPerByte * messages.Sum(message => message.Length);
                var line = FormattableString.Invariant(
                    $"{method.FullName}: {spent.TotalSeconds:0.00} s and {allocated >> 20} MiB for {messages.Sum(m => m.Length)} bytes, ")
                    + $"{status.StatusCode}";
                Assert.True(quiet, $"seed {seed}: its work goes on after the call: {line}");
                Assert.True(spent < MostProcessorTime, $"seed {seed}: {line}");
                Assert.True(allocated < most, $"seed {seed}: {line}, at most {most >> 20} MiB");
                Assert.NotEqual(StatusCode.Internal, status.StatusCode);
                if (spent / MostProcessorTime > costliest.Share)
                    costliest = (spent / MostProcessorTime, line);
            }
        output.WriteLine($"{methods.Count * messagesOfEach} calls; the costliest: {costliest.Line}");
        TestContext.Current.SendDiagnosticMessage($"{methods.Count * messagesOfEach} calls; the costliest: {costliest.Line}");
    }

    static List<MethodDescriptor> Methods() =>
    [
        .. typeof(V1.VideoEncoder).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor")?.GetMethod is { IsStatic: true } get
                && get.ReturnType == typeof(ServiceDescriptor) ? (ServiceDescriptor)get.Invoke(null, null)! : null)
            .OfType<ServiceDescriptor>().SelectMany(service => service.Methods),
    ];

    /// <summary>Waits until the process needs next to no processor time.</summary>
    static async Task<bool> IsQuietAsync()
    {
        for (var end = DateTime.UtcNow + QuietWithin; DateTime.UtcNow < end;)
        {
            var before = Environment.CpuUsage.TotalTime;
            await Task.Delay(Window, TestContext.Current.CancellationToken);
            if (Environment.CpuUsage.TotalTime - before < Window * QuietShare)
                return true;
        }
        return false;
    }

    static async Task<Status> CallAsync(GrpcChannel channel, MethodDescriptor descriptor, byte[][] messages)
    {
        var method = new Method<byte[], byte[]>(
            descriptor.IsClientStreaming ? MethodType.DuplexStreaming : MethodType.ServerStreaming,
            descriptor.Service.FullName, descriptor.Name, AsBytes, AsBytes);
        var options = new CallOptions(deadline: DateTime.UtcNow + CallTimeout);
        try
        {
            using var call = new DuplexCall<byte[], byte[]>(channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, options));
            foreach (var message in messages)
                if (!await call.TryWriteAsync(message))
                    break;
            await call.TryCompleteAsync();
            while (await call.MoveNextAsync())
                continue;
            return Status.DefaultSuccess;
        }
        catch (RpcException failure)
        {
            return failure.Status;
        }
    }

    static async Task<Host> StartAsync()
    {
        var (bundle, folder) = (new TinyBundle(), new TemporaryFolder());
        foreach (var name in (string[])["uploads", "studio", "agent", "jobs"])
            Directory.CreateDirectory(folder.File(name));
        var app = AllInOne.Build("http://127.0.0.1:0", bundle.Bundle, quiet: false,
        [
            "--Logging:LogLevel:Default=None", "--Onnx:Threads=1",
            $"--VideoEncoder:TemporaryFolder={folder.File("uploads")}", $"--SoundStudio:Folder={folder.File("studio")}",
            $"--SoundAgent:Folder={folder.File("agent")}", $"--Jobs:Folder={folder.File("jobs")}",
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal));
        return new(app, bundle, folder, GrpcChannel.ForAddress(address, new() { MaxReceiveMessageSize = null }));
    }

    sealed class Host(
        Microsoft.AspNetCore.Builder.WebApplication app, TinyBundle bundle, TemporaryFolder folder, GrpcChannel channel) : IAsyncDisposable
    {
        public GrpcChannel Channel => channel;

        public async ValueTask DisposeAsync()
        {
            channel.Dispose();
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await app.StopAsync(stop.Token);
            await app.DisposeAsync();
            bundle.Dispose();
            folder.Dispose();
        }
    }
}
