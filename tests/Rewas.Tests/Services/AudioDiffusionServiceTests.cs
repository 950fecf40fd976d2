using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Rewas.AudioDiffusion;
using Rewas.Clip;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Tests.Services;

public sealed class AudioDiffusionServiceTests(SharedServiceHost shared) : IClassFixture<SharedServiceHost>
{
    readonly V1.AudioDiffusion.AudioDiffusionClient client = new(shared.Host.Channel);

    [Fact]
    public async Task Answers_settings_queue_steps_mel_and_summary_in_order()
    {
        var answers = await client.Generate().Exchange(Options(), Energy(0), Energy(1));
        Assert.Equal(
            ("ddim", 4, 3.0, 1.0),
            (answers[0].Sampler.Name, answers[0].Sampler.Steps, answers[0].Sampler.GuidanceScale, answers[0].Sampler.Eta));
        Assert.Equal(0, answers[1].Queue.Position);
        Assert.Equal(
            // the second window depends on its neighbours
            [(0, 1), (0, 2), (0, 3), (0, 4), (2, 1), (2, 2), (2, 3), (2, 4), (1, 1), (1, 2), (1, 3), (1, 4)],
            answers.Where(a => a.Step is not null).Select(a => (a.Step.Window, a.Step.Step)));
        Assert.All(answers.Where(a => a.Step is not null), a => Assert.Equal(4, a.Step.Steps));        // the bundle's default
        var mels = Mels(answers);
        Assert.Equal([416 * 64, 416 * 64, 512 * 64], mels.Select(mel => mel.Length));
        Assert.All(mels, mel => Assert.All(mel, value => Assert.True(float.IsFinite(value))));
        Assert.Equal(3, answers[^1].Summary.Windows);
        Assert.True(answers[^1].Summary.NetworkElapsed.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task The_same_request_gives_the_same_mel_and_each_option_changes_it()
    {
        var mel = await Mel(Options());
        Assert.Equal(mel, await Mel(Options()));
        foreach (var other in new[]
        {
            Options(seed: 2),
            Options(prompt: "rain on a roof"),
            Options(steps: 5),
            Options(guidance: 5),
            Options(eta: 0.5),
        })
            Assert.NotEqual(mel, await Mel(other));
        foreach (var change in (Action<GenerateOptions>[])
        [
            o =>
                (o.Sampler, o.Eta) = ("dpmpp-2m", 0),
                o => (o.Sampler, o.Eta) = ("unipc", 0),
                o => (o.Sampler, o.Eta) = ("dpmpp-2m-sde", 0),
                o => o.Spacing = "trailing",
            o =>
                o.NegativePrompt = "rain on a roof",
                o => o.EnergyGuidanceScale = 1,
                o => o.GuidanceRescale = 0.7,
                o => o.GuidanceFrom = 0.5,
                o => o.GuidanceTo = 0.5,
        ])
        {
            var options = Options();
            change(options.Options);
            Assert.NotEqual(mel, await Mel(options));
        }
        Assert.NotEqual(mel, Mels(await client.Generate().Exchange(Options(), Energy(0, level: -6))).SelectMany(part => part));
    }

    [Fact]
    public Task Refuses_integers() => client.Generate()
        .Exchange(Options(), new GenerateRequest { Energy = new() { Energy = HostTensor.Of(new long[512], 512).ToMessage("energy") } })
            .Fails(StatusCode.InvalidArgument, "energy: must be float32");

    [Fact]
    public async Task Windows_of_the_same_energy_differ()
    {
        var mels = Mels(await client.Generate().Exchange(Options(), Energy(0), Energy(1)));
        Assert.NotEqual(mels[0], mels[1]);
    }

    [Fact]
    public async Task A_window_is_answered_while_the_next_energy_has_not_come()
    {
        using var call = client.Generate();
        await call.RequestStream.WriteAsync(Options());
        await call.RequestStream.WriteAsync(Energy(0));
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience))
            if (call.ResponseStream.Current.Mel is { Window: 0 })
                break;
        Assert.NotNull(call.ResponseStream.Current.Mel);
    }

    [Fact]
    public async Task A_cancelled_call_stops_within_a_step_and_frees_the_device()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = client.Generate(cancellationToken: cancellation.Token);
        await call.RequestStream.WriteAsync(Options(steps: 1000));
        await call.RequestStream.WriteAsync(Energy(0));
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            if (call.ResponseStream.Current.Step is { Step: 2 })
                break;
        await cancellation.CancelAsync();
        var queue = shared.Host.Services.GetRequiredService<DiffusionQueue>();
        await Wait.UntilAsync(() => HasAllPlaces(queue), "the place is given back, which is done only when sampling has ended");
    }

    /// <summary>Takes every place and gives it back.</summary>
    static bool HasAllPlaces(DiffusionQueue queue)
    {
        var places = Enumerable.Range(0, queue.Capacity).Select(_ => queue.TryAdmit()).ToList();
        places.ForEach(place => place?.Dispose());
        return !places.Contains(null);
    }

    [Fact]
    public async Task A_deadline_ends_the_call()
    {
        var exchange = client.Generate(deadline: DateTime.UtcNow.AddMilliseconds(700))
            .Exchange(Options(steps: 1000), Energy(0), Energy(1), Energy(2), Energy(3));
        await exchange.Fails(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Requests_that_send_nothing_hold_no_place()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:QueueCapacity", "1"));
        var crowded = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        var silent = Enumerable.Range(0, 8).Select(_ => crowded.Generate()).ToList();
        foreach (var call in silent)
            await call.RequestStream.WriteAsync(Options());
        // This one has sent a window, and then nothing more. Its part of the mel says that the window is made.
        using var begun = crowded.Generate();
        await begun.RequestStream.WriteAsync(Options());
        await begun.RequestStream.WriteAsync(Energy(0));
        while (await begun.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience))
            if (begun.ResponseStream.Current.Mel is not null)
                break;

        var queue = host.Services.GetRequiredService<DiffusionQueue>();
        await Wait.UntilAsync(() => HasAllPlaces(queue), "the request without input has left its place");
        Assert.NotNull((await crowded.Generate().Exchange(Options(), Energy(0)))[^1].Summary);
        await begun.RequestStream.CompleteAsync();
        var last = begun.ResponseStream.Current;
        while (await begun.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience))
            last = begun.ResponseStream.Current;
        Assert.NotNull(last.Summary);                                        // it goes on where it stopped
        silent.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task More_open_requests_than_allowed_are_refused()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:MaxOpenRequests", "2"));
        var crowded = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        var open = host.Services.GetRequiredService<OpenRequests>();
        using var first = open.Enter("");
        using (open.Enter(""))
            await crowded.Generate().Exchange(Options(), Energy(0)).Fails(StatusCode.ResourceExhausted, "MaxOpenRequests");
        await crowded.Generate().Exchange(Options(), Energy(0));
    }

    [Fact]
    public async Task A_full_queue_refuses_with_the_time_to_come_again()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:QueueCapacity", "1"));
        var busy = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        using var first = busy.Generate();
        await first.RequestStream.WriteAsync(Options(steps: 1000));
        await first.RequestStream.WriteAsync(Energy(0));
        Assert.True(await first.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        var failure = await Assert.ThrowsAsync<RpcException>(() => busy.Generate().Exchange(Options(), Energy(0)));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
        Assert.Contains("queue: all 1 places are taken", failure.Status.Detail, StringComparison.Ordinal);
        Assert.True(long.Parse(failure.Trailers.GetValue("retry-after-ms")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task The_next_in_the_queue_hears_its_position()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:MaxBatchRows", "3"));
        var busy = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        using var first = busy.Generate();
        await first.RequestStream.WriteAsync(Options(steps: 1000));
        await first.RequestStream.WriteAsync(Energy(0));
        while (await first.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
            if (first.ResponseStream.Current.Step is not null)
                break;
        var second = await busy.Generate().Exchange(Options(), Energy(0));
        Assert.Equal([1, 0], second.Where(a => a.Queue is not null).Select(a => a.Queue.Position));
    }

    [Fact]
    public async Task The_requests_of_a_caller_share_its_turns()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:MaxBatchRows", "3"), ("Rewas:TrustCallerHeader", "true"));
        var busy = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        var calls = Enumerable.Range(0, 4).Select(_ => busy.Generate(new Metadata { { CallerHeader.Name, "ann" } })).ToList();
        foreach (var call in calls)
        {
            await call.RequestStream.WriteAsync(Options(steps: 1000));
            await call.RequestStream.WriteAsync(Energy(0));
        }
        var queue = host.Services.GetRequiredService<DiffusionQueue>();
        await Wait.UntilAsync(
            () => ExpectedWait("bob") is var other && other > TimeSpan.Zero && ExpectedWait("ann") > 2 * other,
            "another caller has every second turn, and a fifth request of the same caller every fifth");
        calls.ForEach(call => call.Dispose());

        TimeSpan ExpectedWait(string caller) => queue.ExpectedWait(rows: 3, steps: 1000, caller: caller);
    }

    [Fact]
    public async Task Concurrent_requests_get_the_same_mel_as_single_ones()
    {
        GenerateRequest[] requests =
        [
            Options(), Options(seed: 2, steps: 7), Options(prompt: "rain on a roof", steps: 2), Options(guidance: 1),
        ];
        var alone = new List<float[]>();
        foreach (var request in requests)
            alone.Add(await Mel(request));
        var together = await Task.WhenAll(requests.Select(Mel));
        for (var i = 0; i < requests.Length; i++)
            Assert.All(alone[i].Zip(together[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public async Task Candidates_come_window_by_window_and_the_first_equals_a_single_request()
    {
        var options = Options();
        options.Options.Candidates = 3;
        var answers = (await client.Generate().Exchange(options, Energy(0), Energy(1))).Where(a => a.Mel is not null).ToList();
        Assert.Equal(
            [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)], answers.Select(a => (a.Mel.Window, a.Mel.Candidate)));
        var mels = Mels(answers);
        Assert.All((await Mel(Options())).Zip(mels[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.NotEqual(mels[0], mels[1]);
    }

    [Fact]
    public async Task A_caller_who_sends_nothing_is_sent_away()
    {
        await using var host = await ServiceHost.StartAsync(("AudioDiffusion:IdleTimeout", "00:00:01"));
        using var call = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel).Generate();
        await call.RequestStream.WriteAsync(Options());
        var failure = await Assert.ThrowsAsync<RpcException>(
            () => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Contains("IdleTimeout", failure.Status.Detail, StringComparison.Ordinal);
    }

    public static TheoryData<string, GenerateOptions> BadOptions() => new()
    {
        { "prompt", new() { Prompt = "" } },
        { "prompt", new() { Prompt = "  " } },
        { "prompt", new() { Prompt = new string('a', 100_000) } },
        { "seed", new() { Prompt = "a", Seed = 1UL << 32 } },
        { "steps", new() { Prompt = "a", Steps = -1 } },
        { "steps", new() { Prompt = "a", Steps = 1_000_000_000 } },
        { "guidance", new() { Prompt = "a", GuidanceScale = double.NaN } },
        { "guidance", new() { Prompt = "a", GuidanceScale = 0.5 } },
        { "guidance", new() { Prompt = "a", GuidanceScale = double.PositiveInfinity } },
        { "eta", new() { Prompt = "a", Eta = 1.5 } },
        { "eta", new() { Prompt = "a", Eta = double.NaN } },
        { "eta", new() { Prompt = "a", Eta = 0.5, Sampler = "unipc" } },
        { "sampler", new() { Prompt = "a", Sampler = "euler" } },
        { "spacing", new() { Prompt = "a", Spacing = "random" } },
        { "negative", new() { Prompt = "a", NegativePrompt = new string('a', 2001) } },
        { "energy-guidance", new() { Prompt = "a", EnergyGuidanceScale = -1 } },
        { "guidance-rescale", new() { Prompt = "a", GuidanceRescale = 1.5 } },
        { "guidance-from", new() { Prompt = "a", GuidanceFrom = 0.2, GuidanceTo = 0.4 } },
        { "candidates", new() { Prompt = "a", Candidates = 9 } },
        { "join", new() { Prompt = "a", Join = "glue" } },
        { "frames", new() { Prompt = "a", Frames = -1 } },
        { "guidance-to", new() { Prompt = "a", GuidanceTo = double.NaN } },
    };

    [Theory]
    [MemberData(nameof(BadOptions), DisableDiscoveryEnumeration = true)]
    public Task Refuses_options_out_of_range(string field, GenerateOptions options) =>
        client.Generate()
            .Exchange(new GenerateRequest { Options = options }, Energy(0))
            .Fails(StatusCode.InvalidArgument, $"{field}: must");

    [Fact]
    public async Task Refuses_energy_that_is_none()
    {
        await client.Generate().Exchange(Options()).Fails(StatusCode.InvalidArgument, "energy: must have at least one window");
        await client.Generate().Exchange(Energy(0)).Fails(StatusCode.InvalidArgument, "options: must be the first message");
        await client.Generate().Exchange(Options(), Options()).Fails(StatusCode.InvalidArgument, "energy: must follow the options");
        await client.Generate().Exchange(Options(), Energy(1)).Fails(StatusCode.InvalidArgument, "0 is next, but 1 came");
        await client.Generate().Exchange(Options(), Energy(0, length: 511)).Fails(StatusCode.InvalidArgument, "energy", "512", "511");
        var announced = Options();
        announced.Options.Frames = 700;
        await client.Generate()
            .Exchange(announced, Energy(0))
            .Fails(StatusCode.InvalidArgument, "energy: must come for all 700 frames, but ended after 512");
        await client.Generate().Exchange(Options(), Energy(0, level: float.NaN)).Fails(StatusCode.InvalidArgument, "energy", "finite");
        await client.Generate()
            .Exchange(Options(), Energy(0, level: 1e30f))
            .Fails(StatusCode.InvalidArgument, "energy: must be from -12 to 5");
    }

    [Fact]
    public async Task Describes_itself()
    {
        var described = await client.DescribeAsync(new());
        Assert.Equal("AudioDiffusion", described.Stage);
        Assert.Contains(described.Limits, limit => limit is { Name: "steps", Value: 1000 });
        Assert.Equal([512L, 64L], described.Outputs.Single().Shape);
    }

    async Task<float[]> Mel(GenerateRequest options) =>
        [.. Mels(await client.Generate().Exchange(options, Energy(0))).SelectMany(part => part)];

    static List<float[]> Mels(List<GenerateResponse> answers) =>
        [.. answers.Where(a => a.Mel is not null).Select(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())];

    static GenerateRequest Options(string prompt = "a dog barks", ulong seed = 1, int steps = 0, double guidance = 0, double? eta = null)
    {
        var options = new GenerateOptions { Prompt = prompt, Seed = seed, Steps = steps, GuidanceScale = guidance };
        if (eta is { } given)
            options.Eta = given;
        return new() { Options = options };
    }

    static GenerateRequest Energy(int window, int length = 512, float level = -3)
    {
        var energy = Enumerable.Range(0, length).Select(i => level + MathF.Sin(i * 0.1f)).ToArray();
        return new() { Energy = new() { Window = window, Energy = HostTensor.Of(energy, length).ToMessage("energy") } };
    }
}
