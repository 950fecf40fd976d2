using Rewas.Client;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;
using MuteEdit = Rewas.Sound.Curves.MuteEdit;

namespace Rewas.Tests.Client;

public sealed class EnergyCacheTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Another_text_or_edit_renders_without_uploading_or_encoding_the_video()
    {
        var doubles = new StageDoubles { Windows = 2 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address, new() { EnergyCache = new(folder.Path) });

        var first = await client.GenerateAsync(SoundRequests.With([]));
        var uploaded = doubles.BytesUploaded;
        var sound = new List<float>();
        var second = await client.GenerateAsync(
            SoundRequests.With(sound) with { Options = new() { Prompt = "rain" }, Edits = [new MuteEdit(new(1, 2))] });

        Assert.Equal(uploaded, doubles.BytesUploaded);
        Assert.Equal(["AudioDiffusion", "Vocoder"], second.Summaries.Select(summary => summary.Stage));
        Assert.Equal(first.Energy, second.PredictedEnergy);
        Assert.Equal(first.Video, second.Video);
        Assert.Equal(doubles.Samples, sound.Count);
    }

    [Fact]
    public async Task Energy_alone_is_found_again_too()
    {
        var doubles = new StageDoubles { Windows = 1 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address, new() { EnergyCache = new(folder.Path) });
        var first = await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });
        var again = await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });
        Assert.Equal(first.Energy, again.Energy);
        Assert.Equal(2, doubles.Calls);
    }

    [Fact]
    public async Task Another_video_or_another_bundle_is_not_found()
    {
        var doubles = new StageDoubles { Windows = 1 };
        await using var host = await StageHost.StartAsync(doubles);
        using var client = RewasClient.Connect(host.Address, new() { EnergyCache = new(folder.Path) });
        await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });
        await client.PredictEnergyAsync(new() { Video = SoundRequests.Video(bytes: 5) });
        doubles.BundleSha256 = new('b', 64);
        await client.PredictEnergyAsync(new() { Video = SoundRequests.Video() });
        Assert.Equal(6, doubles.Calls);
    }

    [Fact]
    public async Task A_damaged_entry_is_none()
    {
        var cache = new EnergyCache(folder.Path);
        await cache.StoreAsync("key", Known(100), default);
        Assert.Equal(Known(100).Curve, (await cache.FindAsync("key", default))!.Curve);
        var file = Assert.Single(Directory.GetFiles(folder.Path));
        var bytes = await File.ReadAllBytesAsync(file);
        foreach (var damaged in new[] { [], bytes[..(bytes.Length / 2)], [.. bytes.Select(b => (byte)~b)] })
        {
            await File.WriteAllBytesAsync(file, damaged);
            Assert.Null(await cache.FindAsync("key", default));
        }
    }

    [Fact]
    public async Task What_was_used_longest_ago_goes_first()
    {
        var cache = new EnergyCache(folder.Path, maximumBytes: 80 << 10);    // room for two entries
        await cache.StoreAsync("first", Known(500), default);
        await cache.StoreAsync("second", Known(500), default);
        File.SetLastWriteTimeUtc(folder.File("first.energy"), DateTime.UtcNow.AddMinutes(-2));
        File.SetLastWriteTimeUtc(folder.File("second.energy"), DateTime.UtcNow.AddMinutes(-1));
        Assert.NotNull(await cache.FindAsync("first", default));             // now the second is the older one
        await cache.StoreAsync("third", Known(500), default);
        Assert.Equal(
            ["first.energy", "third.energy"],
            Directory.GetFiles(folder.Path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_may_read_and_write_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var cache = new EnergyCache(folder.Path, maximumBytes: 200 << 10);
            for (var i = 0; i < 50; i++)
            {
                var count = 100 + (i + worker) % 10;
                await cache.StoreAsync($"{count}", Known(count), default);
                Assert.Equal(count, (await cache.FindAsync($"{count}", default))?.Curve.Count ?? count);
            }
        })));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.Contains(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_no_failure()
    {
        await File.WriteAllTextAsync(folder.File("file"), "");
        var cache = new EnergyCache(folder.File("file"));
        await cache.StoreAsync("key", Known(100), default);
        Assert.Null(await cache.FindAsync("key", default));
    }

    static KnownEnergy Known(int count) => new(
        EnergyCurve.Of([.. Enumerable.Range(0, count).Select(i => -i / 100f)]),
        new VideoInfo { AudioSamples = count * 160L, Windows = 1, Duration = new() });
}
