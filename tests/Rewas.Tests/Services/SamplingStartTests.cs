using Rewas.Clip.Names;
using Rewas.Protocol;
using Rewas.Tests.Text.Memory;
using Rewas.V1;
using WindowControl = Rewas.Clip.WindowControl;

namespace Rewas.Tests.Services;

public sealed class SamplingStartTests
{
    const int Frames = 1300;

    [Fact]
    public async Task Sampling_starts_from_the_recordings_that_the_prompt_speaks_of()
    {
        await using var host = await HostAsync();
        var (on, settings, placed) = await GenerateAsync(host, "a heavy rain shower", MemoryNames.On);
        var (off, without, none) = await GenerateAsync(host, "a heavy rain shower", MemoryNames.Off);
        Assert.NotEqual(off, on);
        Assert.Equal(on, (await GenerateAsync(host, "a heavy rain shower", "")).Mel);           // the default for a bundle with a memory
        Assert.Equal(["rain", "rain"], settings.Recordings.Select(recording => recording.Label));
        Assert.All(settings.Recordings, recording => Assert.Equal(("somebody", "CC0"), (recording.Author, recording.Licence)));
        Assert.Equal(("on", 0.8), (settings.Memory, settings.StartLevel));
        Assert.Equal(("off", 0.0), (without.Memory, without.StartLevel));
        Assert.Empty(without.Recordings);
        Assert.Empty(none);

        // The placements cover the sound from its beginning to its end, and nothing outside it.
        Assert.Equal(0, placed.Min(piece => piece.Position), 0.05);
        Assert.Equal(Frames / 100.0, placed.Max(piece => piece.Position + piece.Seconds), 0.05);
        Assert.All(placed, piece => Assert.InRange(piece.SourceStart + piece.Seconds, 0, 3.01));
    }

    [Fact]
    public async Task A_prompt_that_speaks_of_nothing_in_the_memory_is_sampled_as_without_it()
    {
        await using var host = await HostAsync();
        var (on, settings, _) = await GenerateAsync(host, "a symphony orchestra tunes", MemoryNames.On);
        Assert.Empty(settings.Recordings);
        Assert.Equal((await GenerateAsync(host, "a symphony orchestra tunes", MemoryNames.Off)).Mel, on);
    }

    [Fact]
    public async Task What_was_sampled_from_recordings_is_found_again_and_another_level_is_another_sound()
    {
        var folder = Directory.CreateTempSubdirectory("rewas-latents-");
        try
        {
            await using var host = await HostAsync(("AudioDiffusion:LatentCacheFolder", folder.FullName));
            var first = await GenerateAsync(host, "rain", MemoryNames.On);
            var again = await GenerateAsync(host, "rain", MemoryNames.On);
            Assert.Equal(first.Mel, again.Mel);
            Assert.Equal(first.Placed, again.Placed);
            Assert.NotEqual(first.Mel, (await GenerateAsync(host, "rain", MemoryNames.On, level: 0.5)).Mel);
            Assert.NotEqual(first.Mel, (await GenerateAsync(host, "rain", MemoryNames.Off)).Mel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_given_start_alone_is_the_sound()
    {
        await using var host = await HostAsync();
        var start = Start(0);
        var (mel, settings) = await GivenAsync(host, strength: 0, start);
        Assert.Equal(("off", 0.0), (settings.Memory, settings.StartLevel));
        Assert.Empty(settings.Recordings);
        // The bundle moves its energy to the curve, which changes every frame by one number.
        for (var frame = 0; frame < Frames; frame++)
            for (var bin = 1; bin < 64; bin++)
                Assert.Equal(
                    start[frame * 64 + bin] - start[frame * 64 + bin - 1], mel[frame * 64 + bin] - mel[frame * 64 + bin - 1], 1e-3);
    }

    [Fact]
    public async Task Sampling_starts_from_a_given_sound_even_at_the_highest_level()
    {
        await using var host = await HostAsync();
        foreach (var strength in (double[])[0.001, 0.5, 1])
        {
            var (mel, settings) = await GivenAsync(host, strength, Start(0));
            Assert.Equal(strength, settings.StartLevel);
            Assert.All(mel, value => Assert.True(float.IsFinite(value)));
            Assert.Equal(mel, (await GivenAsync(host, strength, Start(0))).Mel);
            Assert.NotEqual(mel, (await GivenAsync(host, strength, Start(2))).Mel);
        }
    }

    [Fact]
    public async Task Candidates_start_from_sounds_of_their_own_and_a_cache_tells_them_apart()
    {
        var folder = Directory.CreateTempSubdirectory("rewas-latents-");
        try
        {
            await using var host = await HostAsync(("AudioDiffusion:LatentCacheFolder", folder.FullName));
            var two = await GivenAsync(host, 0.5, Start(0), Start(2));
            Assert.Equal(two.Mel, (await GivenAsync(host, 0.5, Start(0), Start(2))).Mel);
            Assert.NotEqual(two.Mel, (await GivenAsync(host, 0.5, Start(1), Start(2))).Mel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_start_must_come_with_its_strength_for_each_candidate_and_be_a_mel()
    {
        await using var host = await HostAsync();
        await ThrowsAsync("start: must be given with reference_strength, but is absent", 0.5);
        await ThrowsAsync("start: must come with reference_strength only", null, Start(0));
        await ThrowsAsync("start: must have shape", 0.5, Start(0), Start(1), Start(2));
        var wrong = Start(0);
        wrong[7] = float.NaN;
        await ThrowsAsync("start: must be finite", 0.5, wrong);
        wrong[7] = 6;
        await ThrowsAsync("start: must be from -12 to 5, but is 6", 0.5, wrong);

        async Task ThrowsAsync(string message, double? strength, params float[][] starts)
        {
            var failure = await Assert.ThrowsAsync<Grpc.Core.RpcException>(
                () => GivenAsync(host, strength, Math.Min(2, Math.Max(1, starts.Length)), starts));
            Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, failure.StatusCode);
            Assert.Contains(message, failure.Status.Detail, StringComparison.Ordinal);
        }
    }

    /// <summary>A mel of the whole sound, [Frames * 64].</summary>
    static float[] Start(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Frames * 64).Select(_ => -8 + 6 * random.NextSingle())];
    }

    static Task<(float[] Mel, SamplerSettings Settings)> GivenAsync(ServiceHost host, double? strength, params float[][] starts) =>
        GivenAsync(host, strength, starts.Length, starts);

    static async Task<(float[] Mel, SamplerSettings Settings)> GivenAsync(
        ServiceHost host, double? strength, int candidates, float[][] starts)
    {
        var options = new GenerateOptions { Prompt = "rain", Seed = 3, Steps = 2, Frames = Frames, Candidates = candidates };
        if (strength is { } given)
            options.ReferenceStrength = given;
        var parts = Enumerable.Range(0, (Frames + 511) / 512).Select(part => new GenerateRequest
        {
            Energy = (new WindowControl([.. Enumerable.Range(part * 512, 512).Select(i => -4 + MathF.Sin(i * 0.05f))]) with
            {
                Starts = [.. starts.Select(start => Enumerable.Range(part * 512 * 64, 512 * 64)
                    .Select(i => i < start.Length ? start[i] : -11.5f).ToArray())],
            }).ToMessage(part),
        });
        var answers = await new V1.AudioDiffusion.AudioDiffusionClient(host.Channel)
            .Generate()
            .Exchange([new GenerateRequest { Options = options }, .. parts]);
        return (
            [.. answers.Where(a => a.Mel is not null).SelectMany(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())],
            answers.Single(a => a.Sampler is not null).Sampler);
    }

    static async Task<ServiceHost> HostAsync(params (string, string)[] settings)
    {
        var bundle = new TinyBundle();
        await MadeMemory.WriteAsync(bundle.Bundle);
        return await ServiceHost.StartAsync(bundle, settings);
    }

    static async Task<(float[] Mel, SamplerSettings Settings, List<RecordingPiece> Placed)> GenerateAsync(
        ServiceHost host, string prompt, string memory, double? level = null)
    {
        var options = new GenerateOptions { Prompt = prompt, Seed = 3, Steps = 2, Frames = Frames, Memory = memory };
        if (level is { } given)
            options.StartLevel = given;
        var parts = Enumerable.Range(0, (Frames + 511) / 512).Select(part => new GenerateRequest
        {
            Energy = new WindowControl([.. Enumerable.Range(part * 512, 512).Select(i => -4 + MathF.Sin(i * 0.05f))]).ToMessage(part),
        });
        var answers = await new V1.AudioDiffusion.AudioDiffusionClient(host.Channel)
            .Generate()
            .Exchange([new GenerateRequest { Options = options }, .. parts]);
        return (
            [.. answers.Where(a => a.Mel is not null).SelectMany(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())],
            answers.Single(a => a.Sampler is not null).Sampler,
            [.. answers.Where(a => a.Recordings is not null).SelectMany(a => a.Recordings.Pieces).OrderBy(piece => piece.Position)]);
    }
}
