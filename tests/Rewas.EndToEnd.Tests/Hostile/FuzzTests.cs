using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.V1;

namespace Rewas.EndToEnd.Tests.Hostile;

/// <summary>
/// Calls every method of every service of the all-in-one host with valid messages, broken messages and noise. The memory that stays behind
/// is that of the process, so no other test runs beside it.
/// </summary>
[Collection(nameof(MessageCostTests))]
public sealed class FuzzTests(ITestOutputHelper output)
{
    const int Seed = 20_261_126, AtATime = 8, MessagesOfAStream = 4, MostLost = 5;

    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4), Patience = TimeSpan.FromMinutes(5);

    /// <summary>The statuses that a service may answer. UNKNOWN and INTERNAL are bugs, and so is a call that hangs.</summary>
    static readonly StatusCode[] Allowed =
        [
            StatusCode.OK,
            StatusCode.InvalidArgument,
            StatusCode.NotFound,
            StatusCode.FailedPrecondition,
            StatusCode.ResourceExhausted,
            StatusCode.DeadlineExceeded,
        ];

    /// <summary>What a status must not reveal: stack traces and paths on the server's disk.</summary>
    static readonly string[] Leaks = ["Exception", "   at ", "\n", Path.GetTempPath()];

    static readonly Marshaller<byte[]> AsBytes = new(bytes => bytes, bytes => bytes);

    readonly ConcurrentDictionary<(string Method, StatusCode Status), int> outcomes = new();
    readonly ConcurrentBag<string> wrong = [], lost = [];
    int sent;

    [Fact]
    public Task No_message_breaks_a_service() => FuzzAsync(messages: 3_000, Seed);

    [Fact]
    [Trait("Category", "Stress")]
    public Task No_message_of_many_breaks_a_service() => FuzzAsync(messages: 12_000, Seed);

    [Fact(Explicit = true)]
    public Task No_message_of_tonight_breaks_a_service() => FuzzAsync(messages: 12_000, FuzzSeed.Tonight);

    async Task FuzzAsync(int messages, int seed)
    {
        output.WriteLine($"seed {seed} ({FuzzSeed.Variable} repeats it)");
        using var bundle = new TinyBundle();
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["uploads", "studio", "agent", "jobs"])
            Directory.CreateDirectory(folder.File(name));
        await using var app = AllInOne.Build("http://127.0.0.1:0", bundle.Bundle, quiet: false,
        [
            "--Logging:LogLevel:Default=None", "--Onnx:Threads=1", "--Callers:MessageTimeout=00:00:03",
            $"--VideoEncoder:TemporaryFolder={folder.File("uploads")}",
            $"--SoundStudio:Folder={folder.File("studio")}",
            $"--SoundAgent:Folder={folder.File("agent")}",
            $"--Jobs:Folder={folder.File("jobs")}",
        ]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal)));
        var ids = await IdsAsync(channel);
        var methods = typeof(V1.VideoEncoder).Assembly.GetTypes()
            .Select(type =>
                type.GetProperty("Descriptor")?.GetMethod is { IsStatic: true } get && get.ReturnType == typeof(ServiceDescriptor)
                    ? (ServiceDescriptor)get.Invoke(null, null)!
                    : null)
            .OfType<ServiceDescriptor>().SelectMany(service => service.Methods).ToList();
        Assert.True(methods.Count >= 20, $"{methods.Count} methods");

        await FuzzAsync(channel, Calls(methods, ids, seed, messages / 6));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await FuzzAsync(channel, Calls(methods, ids, seed + 1, messages - sent));

        output.WriteLine($"{sent} messages; {lost.Count} calls that the client lost{string.Concat(lost.Select(call => $", {call}"))}");
        Assert.True(lost.Count <= MostLost, string.Join('\n', lost));
        TestContext.Current.SendDiagnosticMessage(
            $"{sent} messages; " + string.Join(", ", outcomes.GroupBy(o => o.Key.Status).Select(g => $"{g.Key} {g.Sum(o => o.Value)}")));
        Assert.True(sent >= messages * 5 / 6, $"{sent} messages were sent");
        Assert.True(wrong.IsEmpty, $"seed {seed}\n{string.Join('\n', wrong.Take(5))}");
        // Every method was reached, and most calls were refused for the content of the message.
        Assert.Equal(methods.Count, outcomes.Select(outcome => outcome.Key.Method).Distinct().Count());
        Assert.True(outcomes.Where(o => o.Key.Status == StatusCode.InvalidArgument).Sum(o => o.Value) > sent / 20);
        Assert.True(
            outcomes.Where(o => o.Key.Status == StatusCode.DeadlineExceeded).Sum(o => o.Value) < sent / 10,
            "too many calls ran out of time");

        // Nothing stays behind: no memory, no uploaded files. The host serves as before.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 48L << 20);
        await Wait.UntilAsync(
            () => Directory.GetFileSystemEntries(folder.File("uploads")).Length == 0, "the files of calls that were broken off are gone");
        using var client = RewasClient.Connect(
            new Uri(channel.Target.StartsWith("http", StringComparison.Ordinal) ? channel.Target : $"http://{channel.Target}"));
        long samples = 0;
        await client.GenerateAsync(
            new()
            {
                Video = VideoSource.FromFile(Programs.Sample),
                Options = new() { Prompt = "rain", Seed = 1, Steps = 2 },
                Timeout = Patience,
                Sink = (part, _) =>
                {
                    samples += part.Length;
                    return ValueTask.CompletedTask;
                },
            },
            cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(samples, 16_000, 1_000_000);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(stop.Token);
    }

    /// <summary>Names of existing things, so that messages get past the lookup.</summary>
    static async Task<string[]> IdsAsync(GrpcChannel channel)
    {
        var studio = new V1.SoundStudio.SoundStudioClient(channel);
        var bytes = await File.ReadAllBytesAsync(Programs.Sample);
        var video = await studio.CreateVideoAsync(new() { IdempotencyKey = "a", Bytes = bytes.Length });
        using (var upload = studio.UploadVideo())
        {
            await upload.RequestStream.WriteAsync(new() { Start = new() { VideoId = video.VideoId } });
            foreach (var chunk in bytes.Chunk(100_000))
                await upload.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) });
            await upload.RequestStream.CompleteAsync();
            await upload;
        }
        var render = await studio.StartRenderAsync(
            new() { IdempotencyKey = "b", VideoId = video.VideoId, Options = new() { Prompt = "rain", Steps = 1 } });
        using var chat = new SoundAgent.SoundAgentClient(channel).Chat();
        await chat.RequestStream.WriteAsync(new() { Session = "" });
        await chat.ResponseStream.MoveNext(CancellationToken.None);
        var session = chat.ResponseStream.Current.Session;
        await chat.RequestStream.CompleteAsync();
        return [video.VideoId, render.RenderId, session];
    }

    /// <summary>Sends at least this many messages, some calls at a time.</summary>
    async Task FuzzAsync(GrpcChannel channel, IEnumerable<(MethodDescriptor Method, byte[][] Messages)> calls) =>
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (call, _) =>
        {
            var ended = await EndAsync(channel, call);
            for (var again = 0; again < 50 && LostItsConnection(ended); again++)
            {
                await Task.Delay(100, CancellationToken.None);
                ended = await EndAsync(channel, call);
            }
            outcomes.AddOrUpdate((call.Method.FullName, ended.StatusCode), 1, (_, before) => before + 1);
            if (!Allowed.Contains(ended.StatusCode) || Leaks.Any(sign => ended.Detail.Contains(sign, StringComparison.Ordinal)))
                wrong.Add(
                    $"{call.Method.FullName}: {ended.StatusCode} {ended.Detail} after {string.Join(" ", call.Messages.Select(Shown))}");
        });

    /// <summary>
    /// The client itself ends a call at its deadline, so a service that does not answer is not waited for. A call that goes on long after
    /// its deadline was lost by the client together with its connection. This is rare, and the call is repeated.
    /// </summary>
    async Task<Status> EndAsync(GrpcChannel channel, (MethodDescriptor Method, byte[][] Messages) call)
    {
        while (true)
        {
            var phase = new Phase();
            try
            {
                return await CallAsync(channel, call.Method, call.Messages, phase).WaitAsync(CallTimeout * 8);
            }
            catch (TimeoutException)
            {
                lost.Add($"{call.Method.FullName} while {phase.Name}");
                Assert.True(
                    lost.Count <= MostLost, $"{string.Join(", ", lost)}: the last after {string.Join(" ", call.Messages.Select(Shown))}");
            }
        }
    }

    /// <summary>The progress of a call.</summary>
    sealed class Phase
    {
        public string Name { get; set; } = "it begins";
    }

    static string Shown(byte[] message) =>
        Convert.ToHexString(message) is { Length: > 300 } hex ? hex[..300] : Convert.ToHexString(message);

    /// <summary>
    /// Whether no service has seen the call or could end it. The connection was closed because too many of its calls broke off
    /// (ENHANCE_YOUR_CALM), or a frame crossed a reset (STREAM_CLOSED).
    /// </summary>
    static bool LostItsConnection(Status status) =>
        status.Detail.StartsWith("Error starting gRPC call", StringComparison.Ordinal)
            || status.Detail.Contains("The HTTP/2 server closed the connection", StringComparison.Ordinal);

    /// <summary>Calls of one method after another, made on demand.</summary>
    IEnumerable<(MethodDescriptor Method, byte[][] Messages)> Calls(List<MethodDescriptor> methods, string[] ids, int seed, int messages)
    {
        var random = new Random(seed);
        var making = new MessageMaker(random, ids);
        for (var (i, end) = (0, sent + messages); sent < end; i++)
        {
            var method = methods[i % methods.Count];
            byte[][] all =
            [
                .. Enumerable.Range(0, method.IsClientStreaming ? random.Next(1, MessagesOfAStream + 1) : 1)
                    .Select(_ => making.Mutated(method.InputType)),
            ];
            sent += all.Length;
            yield return (method, all);
        }
    }

    static async Task<Status> CallAsync(GrpcChannel channel, MethodDescriptor descriptor, byte[][] messages, Phase phase)
    {
        var method = new Method<byte[], byte[]>(
            descriptor.IsClientStreaming ? MethodType.DuplexStreaming : MethodType.ServerStreaming,
            descriptor.Service.FullName,
            descriptor.Name,
            AsBytes,
            AsBytes);
        var options = new CallOptions(deadline: DateTime.UtcNow + CallTimeout);
        var invoker = channel.CreateCallInvoker();
        try
        {
            if (!descriptor.IsClientStreaming)
            {
                using var call = invoker.AsyncServerStreamingCall(method, null, options, messages[0]);
                phase.Name = "it is answered";
                while (await call.ResponseStream.MoveNext(CancellationToken.None))
                {
                }
                return call.GetStatus();
            }
            using var stream = invoker.AsyncDuplexStreamingCall(method, null, options);
            try
            {
                phase.Name = "it is written";
                foreach (var message in messages)
                    await stream.RequestStream.WriteAsync(message);
                phase.Name = "it is completed";
                await stream.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (
                e is RpcException or InvalidOperationException or IOException or HttpRequestException or OperationCanceledException)
            {
                // The call is over. Its status comes with the answers.
            }
            phase.Name += ", answered";
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
            return stream.GetStatus();
        }
        catch (RpcException failure)
        {
            return failure.Status;
        }
    }
}
