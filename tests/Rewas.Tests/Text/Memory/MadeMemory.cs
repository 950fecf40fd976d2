using System.Security.Cryptography;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Tests.Sound.Placement;
using Rewas.Text;
using Rewas.Text.Memory;
using Rewas.Video;

namespace Rewas.Tests.Text.Memory;

/// <summary>A memory with rain (steady noise, two takes) and dogs (hits). The sentence encoder reads its labels.</summary>
static class MadeMemory
{
    static readonly (string Label, float[] Samples)[] Sounds =
    [
        ("rain", MadeSounds.Noise(1, 3).Channels[0]),
        ("dog", MadeSounds.Hits(2, 16_000, 4000, 20_000).Channels[0]),
        ("rain", MadeSounds.Noise(3, 2.5).Channels[0]),
    ];

    /// <summary>Shared by all tests, because starting ffmpeg takes longer than the tests.</summary>
    static readonly Lazy<Task<byte[][]>> Encoded = new(
        () => Task.WhenAll(Sounds.Select(sound => OpusExport.EncodeAsync(sound.Samples, 32_000))));

    /// <param name="wordsOf2">Label of the third recording.</param>
    public static async Task<MemoryIndex> WriteAsync(Bundle bundle, string wordsOf2 = "rain")
    {
        var rows = new List<MemoryRecording>();
        using var file = new MemoryStream();
        foreach (var ((usual, samples), bytes) in Sounds.Zip(await Encoded.Value))
        {
            var label = rows.Count == 2 ? wordsOf2 : usual;
            rows.Add(new(
                label,
                $"{label} recorded",
                "somebody",
                "https://example.org",
                "CC0",
                file.Length,
                bytes.Length,
                Convert.ToHexStringLower(SHA256.HashData(bytes)),
                samples.Length / 16_000.0));
            file.Write(bytes);
        }
        var captions = new Dictionary<string, IReadOnlyList<string>>
        {
            ["rain"] = ["rain", "rain falling"],
            ["dog"] = ["dog", "a dog barking"],
        };
        captions.TryAdd(wordsOf2, [wordsOf2, $"{wordsOf2} falling"]);
        var index = new MemoryIndex
        {
            FormatVersion = 1,
            Encoder = MemoryIndex.SentenceWords,
            Threshold = 0.45,
            Captions = captions,
            Recordings = rows,
        };
        var words = index.Captions.Values.SelectMany(captions => captions)
            .SelectMany(text => SentenceEncoder.Shared.Encode(text))
            .ToArray();
        NpyFile.Write(
            Path.Combine(bundle.Directory, MemoryIndex.WordsFile),
            HostTensor.Of(words, words.Length / SentenceEncoder.Channels, SentenceEncoder.Channels));
        await File.WriteAllBytesAsync(Path.Combine(bundle.Directory, MemoryIndex.RecordingsFile), file.ToArray());
        MemoryIndexFile.Write(Path.Combine(bundle.Directory, MemoryIndex.IndexFile), index);
        BundleWriter.Write(bundle.Directory, bundle.Manifest);
        return index;
    }
}
