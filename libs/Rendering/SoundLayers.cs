using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>Sounds that are made one after the other and then mixed: each in a file of its own, in a folder that goes with this.</summary>
public sealed class SoundLayers : IAsyncDisposable
{
    readonly PrivateFolder folder = PrivateFolder.Create();
    readonly List<SoundLayer> layers = [];

    public string Folder => folder.Path;

    /// <summary>The first that was created.</summary>
    public SoundLayer? First { get; private set; }

    public SoundLayer Create(string name, double decibels)
    {
        layers.Add(new(new(Path.Combine(Folder, $"{name}.f32"), ClipTiming.SampleRate, Channels: 1), decibels));
        First ??= layers[0];
        return layers[^1];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var layer in layers)
            await layer.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A sound on its way into a file.</summary>
public sealed class SoundLayer(RawSound sound, double decibels) : IAsyncDisposable
{
    readonly FileStream file = new(sound.Path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long written;

    public RawSound Sound => sound;

    public double Decibels => decibels;

    /// <summary>Samples that lie in its file, where others may read them while more come.</summary>
    public long Written => Interlocked.Read(ref written);

    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancel)
    {
        var bytes = MemoryMarshal.AsBytes(samples.Span).ToArray();
        hash.AppendData(bytes);
        await file.WriteAsync(bytes, cancel);
        Interlocked.Add(ref written, samples.Length);
    }

    /// <summary>SHA-256 of its samples, float32 little-endian, once it is complete.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Closes its file.</summary>
    public async Task CompleteAsync()
    {
        await file.DisposeAsync();
        Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        await file.DisposeAsync();
        hash.Dispose();
    }
}
