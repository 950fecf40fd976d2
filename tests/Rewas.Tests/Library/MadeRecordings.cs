using Rewas.Library;
using Rewas.Library.Indexing;
using Rewas.Library.Limits;
using Rewas.Library.Measuring;
using Rewas.Sound.Wav;

namespace Rewas.Tests.Library;

/// <summary>A folder of recordings, and an index of them elsewhere.</summary>
sealed class MadeRecordings : IDisposable
{
    readonly TemporaryFolder folder = new();

    public MadeRecordings(SoundSpace? space = null, LibraryLimits? limits = null)
    {
        Directory.CreateDirectory(Sounds);
        Index = LibraryIndex.Open(folder.File("index"), () => space, limits);
    }

    public string Sounds => folder.File("sounds");

    public LibraryIndex Index { get; }

    /// <summary>Beside the recordings and the index.</summary>
    public string Outside(string name) => folder.File(name);

    public string this[string name] => Path.Combine(Sounds, name);

    /// <summary>Half a second of noise that dies away: another one for each seed.</summary>
    public static float[] Blow(int seed, int samples = 8000)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(i => (float)(random.NextDouble() - 0.5) * MathF.Exp(-i / 1500f))];
    }

    public Task AddAsync(string name, int seed) => AddAsync(name, Blow(seed));

    public async Task AddAsync(string name, float[] samples, int rate = 16_000)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        await WavFile.WriteAsync(this[name], new(samples, rate), WavEncoding.Pcm16, TestContext.Current.CancellationToken);
    }

    public Task<IndexReport> IndexAsync(IProgress<IndexProgress>? progress = null) =>
        Index.IndexAsync([Sounds], progress, TestContext.Current.CancellationToken);

    public IReadOnlyList<string> Names =>
        [.. Index.List("", 1000).Where(sound => !sound.IsMissing).Select(sound => Path.GetRelativePath(Sounds, sound.Path))];

    public void Dispose()
    {
        Index.Dispose();
        folder.Dispose();
    }
}
