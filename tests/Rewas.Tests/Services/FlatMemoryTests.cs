using System.Diagnostics;
using Rewas.Clip;
using Rewas.Protocol;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Tests.Services;

/// <summary>Measures the memory of the process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(FlatMemoryTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

[Collection(nameof(FlatMemoryTests))]
[Trait("Category", "Stress")]
public sealed class FlatMemoryTests(ITestOutputHelper output)
{
    const int Requests = 500, WarmRequests = 100, AtOnce = 4, MostRounds = 4;
    const long Managed = 1 << 20;                                            // 2 KB a request: less than any buffer of one
    const long Resident = 32 << 20;                                          // 64 KB a request: half a mel

    [Fact]
    public async Task Memory_is_the_same_after_500_requests()
    {
        await using var host = await ServiceHost.StartAsync();
        var client = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        await GenerateAsync(client, WarmRequests);
        var before = Measure();
        // Memory that pools, caches and earlier tests hold comes and goes. Lost memory grows with each round.
        List<(long Managed, long Resident)> more = [];
        while (more.Count < MostRounds && !more.Exists(round => round.Managed < Managed && round.Resident < Resident))
        {
            await GenerateAsync(client, Requests);
            var after = Measure();
            more.Add((after.Managed - before.Managed, after.Resident - before.Resident));
            before = after;
            output.WriteLine(
                $"managed {more[^1].Managed >> 10} KiB more, resident {more[^1].Resident >> 10} KiB more, of {after.Resident >> 20} MiB");
        }
        Assert.True(more[^1].Managed < Managed, $"{string.Join(", ", more.Select(round => round.Managed))} managed bytes more");
        Assert.True(more[^1].Resident < Resident, $"{string.Join(", ", more.Select(round => round.Resident))} resident bytes more");
    }

    static async Task GenerateAsync(V1.AudioDiffusion.AudioDiffusionClient client, int requests)
    {
        for (var i = 0; i < requests; i += AtOnce)
            await Task.WhenAll(Enumerable.Range(i, AtOnce).Select(number => client.Generate().Exchange(
                new() { Options = new() { Prompt = "a dog barks", Seed = (ulong)number, Steps = 1 } },
                new()
                {
                    Energy = new()
                    {
                        Energy = HostTensor.Of([.. Enumerable.Repeat(-3f, ClipTiming.MelFramesPerWindow)], ClipTiming.MelFramesPerWindow)
                            .ToMessage("energy"),
                    },
                })));
    }

    static (long Managed, long Resident) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64);
    }
}
