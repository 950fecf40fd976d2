using System.Collections.Concurrent;
using Rewas.Client;
using Rewas.Sound.Curves;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.EndToEnd.Tests;

/// <summary>Two sampling processes behind a gateway process. One of them is killed.</summary>
public sealed class ReplicaTests(ITestOutputHelper output)
{
    const int Requests = 20, Steps = 16, Kills = 5;

    /// <summary>Lets a service log each request.</summary>
    const string Told = "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Information";

    /// <summary>The place of the killed replica in the list of services.</summary>
    const int Doomed = 2;

    [Fact]
    public async Task Killing_one_of_two_replicas_in_the_middle_of_20_requests_loses_none_and_changes_no_sample()
    {
        string[] programs = ["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "AudioDiffusion", "Vocoder"];
        var services = new List<ServiceProcess>();
        var port = Programs.FreePort();
        try
        {
            // the energy is known, so the first two stages are only asked to describe themselves
            foreach (var program in programs)
                services.Add(
                    await ServiceProcess.StartAsync("Rewas." + program, services.Count == Doomed ? port : Programs.FreePort(), Told));
            var doomed = services[Doomed];
            services.Add(await ServiceProcess.StartAsync(
                "Rewas.Gateway",
                Programs.FreePort(),
                [
                    .. programs.Zip(
                        services, (program, service) => $"--Gateway:Stages:{program}:{(service == doomed ? 1 : 0)}={service.Address}"),
                    "--Gateway:HealthInterval=00:00:01",
                ]));
            using var client = RewasClient.Connect(new Uri(services[^1].Address));

            var undisturbed = await SoundsAsync(client, _ => { });
            // On a busy machine its requests may end just before the kill. Then it is done again.
            var (disturbed, hits) = (Array.Empty<float[]>(), 0);
            for (var kill = 0; kill < Kills && hits == 0; kill++)
            {
                if (kill > 0)
                    services[Doomed] = await ServiceProcess.StartAsync("Rewas.AudioDiffusion", port, Told);
                var work = new Work(services[Doomed]);
                await Wait.UntilAsync(() => work.Probes > 1, "the gateway knows that the replica serves");
                var (steps, killed, begun) = (0, 0, new ConcurrentDictionary<int, int>());
                disturbed = await SoundsAsync(client, progress =>
                {
                    if (progress.Progress is not GenerateProgress.Sampled sampled)
                        return;
                    if (sampled.Step == 1)
                        begun.AddOrUpdate(progress.Request, 1, (_, times) => times + 1);
                    if (Interlocked.Increment(ref steps) >= 2 * Requests && work.Running > 0 && Interlocked.Exchange(ref killed, 1) == 0)
                        services[Doomed].Dispose();                          // kills it
                });
                hits = begun.Count(request => request.Value > 1);
                output.WriteLine($"{hits} of {Requests} requests were begun again");
            }
            Assert.True(hits > 0, $"{Kills} times the replica was killed when nothing ran on it");
            var worst = undisturbed.Zip(disturbed, (one, two) => one.Zip(two, (a, b) => Math.Abs(a - b)).Max()).Max();
            output.WriteLine($"samples differ by at most {worst:e1}");
            for (var i = 0; i < Requests; i++)
                Assert.Equal(ClipTiming.SamplesPerWindow, disturbed[i].Length);
            // Bit for bit on the processors where it was measured; see SamplingLoopTests for the bound.
            Assert.True(worst <= 1e-4, $"samples differ by {worst:e1}");
            Assert.Equal(Requests, disturbed.Select(sound => sound[1000]).Distinct().Count());
        }
        finally
        {
            services.ForEach(service => service.Dispose());
        }
    }

    /// <summary>Sends all requests at once, each with its own seed. Returns their sounds in order.</summary>
    static Task<float[][]> SoundsAsync(RewasClient client, Action<(int Request, GenerateProgress Progress)> hear) =>
        Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
    {
        var sound = new List<float>();
        var energy = Enumerable.Range(0, ClipTiming.MelFramesPerWindow).Select(frame => -8 + 5 * MathF.Exp(-(frame % 100) / 15f)).ToArray();
        await client.GenerateAsync(
            new GenerateRequest
            {
                Video = new("none", null, _ => throw new InvalidOperationException("the energy is known: the video is not read")),
                Options = new() { Prompt = "a hammer striking metal", Seed = (ulong)i, Steps = Steps },
                Energy = new(EnergyCurve.Of(energy), new V1.VideoInfo { AudioSamples = ClipTiming.SamplesPerWindow, Windows = 1 }),
                Timeout = TimeSpan.FromMinutes(10),
                Sink = (samples, _) =>
                {
                    sound.AddRange(samples.Span);
                    return ValueTask.CompletedTask;
                },
            },
            new Heard(progress => hear((i, progress))),
            TestContext.Current.CancellationToken);
        return sound.ToArray();
    }));

    /// <summary>What a replica's log tells of its requests.</summary>
    sealed class Work
    {
        int running, probes;

        public Work(ServiceProcess replica) => replica.Wrote += Read;

        /// <summary>Requests for sound that it has begun and not ended.</summary>
        public int Running => Volatile.Read(ref running);

        /// <summary>Health checks that it has answered.</summary>
        public int Probes => Volatile.Read(ref probes);

        void Read(string line)
        {
            var (begins, ends) = (Has("Request starting"), Has("Request finished"));
            if (Has("AudioDiffusion/Generate") && (begins || ends))
                Interlocked.Add(ref running, begins ? 1 : -1);
            if (Has("Health/Check") && ends)
                Interlocked.Increment(ref probes);

            bool Has(string text) => line.Contains(text, StringComparison.Ordinal);
        }
    }

    /// <summary>Reports progress synchronously, in the order of events.</summary>
    sealed class Heard(Action<GenerateProgress> hear) : IProgress<GenerateProgress>
    {
        public void Report(GenerateProgress value) => hear(value);
    }
}
