using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rewas.Networks;
using Rewas.Video;

namespace Rewas.Cli.Output;

/// <summary>Sounds that are made one after the other and then mixed: each in a file of its own, in a folder that goes with this.</summary>
sealed class SoundLayers : IAsyncDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-");
    readonly List<SoundLayer> layers = [];

    public string Folder => folder.FullName;

    public IReadOnlyList<(RawSound Sound, double Decibels)> Sounds => [.. layers.Select(layer => (layer.Sound, layer.Decibels))];

    public IEnumerable<(string Name, RawSound Sound, double Decibels)> Named => layers.Select(layer => (layer.Name, layer.Sound, layer.Decibels));

    public SoundLayer Create(string name, double decibels)
    {
        layers.Add(new(name, new(Path.Combine(Folder, $"{name}.f32"), ClipTiming.SampleRate, Channels: 1), decibels));
        return layers[^1];
    }

    /// <summary>Closes their files.</summary>
    /// <returns>SHA-256 of each one's samples, float32 little-endian.</returns>
    public async Task<IReadOnlyList<string>> CompleteAsync()
    {
        var hashes = new List<string>();
        foreach (var layer in layers)
            hashes.Add(await layer.CompleteAsync());
        return hashes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var layer in layers)
            await layer.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

/// <summary>A sound on its way into a file.</summary>
sealed class SoundLayer(string name, RawSound sound, double decibels) : IAsyncDisposable
{
    readonly FileStream file = File.Create(sound.Path);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Name => name;

    public RawSound Sound => sound;

    public double Decibels => decibels;

    public ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancel)
    {
        var bytes = MemoryMarshal.AsBytes(samples.Span).ToArray();
        hash.AppendData(bytes);
        return file.WriteAsync(bytes, cancel);
    }

    public async Task<string> CompleteAsync()
    {
        await file.DisposeAsync();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        hash.Dispose();
    }
}
