using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>Sounds that are made one after another and then mixed. Each has a file in a folder that is deleted on disposal.</summary>
public sealed class SoundLayers : IAsyncDisposable
{
    readonly PrivateFolder folder = PrivateFolder.Create();
    readonly List<SoundLayer> layers = [];

    public string Folder => folder.Path;

    /// <summary>The first layer that was created.</summary>
    public SoundLayer? First { get; private set; }

    /// <summary>True if somebody listens to the first layer while it is made. It is then mono, at 16 kHz.</summary>
    public bool AreHeard { get; init; }

    /// <summary>Creates a layer in mono at 16 kHz.</summary>
    public SoundLayer Create(string name, double decibels) => Create(name, decibels, ClipTiming.SampleRate, channels: 1);

    /// <param name="is24Bit">True if every sample will be a whole step of 24 bits.</param>
    public SoundLayer Create(string name, double decibels, int sampleRate, int channels, bool is24Bit = false)
    {
        layers.Add(new(new(Path.Combine(Folder, $"{name}.f32"), sampleRate, channels) { Is24Bit = is24Bit }, decibels));
        First ??= layers[0];
        return layers[^1];
    }

    /// <summary>
    /// Deletes a layer that is not needed any more. Whoever listens to the first layer then hears the first one that is left.
    /// </summary>
    public async ValueTask RemoveAsync(SoundLayer layer)
    {
        layers.Remove(layer);
        if (First == layer)
            First = layers.Count > 0 ? layers[0] : null;
        await layer.DisposeAsync();
        File.Delete(layer.Sound.Path);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var layer in layers)
            await layer.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>A sound that is being written to a file.</summary>
public sealed class SoundLayer(RawSound sound, double decibels) : IAsyncDisposable
{
    readonly FileStream file = new(sound.Path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, useAsync: true);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    long written;

    public RawSound Sound => sound;

    public double Decibels => decibels;

    /// <summary>Number of samples in the file, of all channels. Other threads may read these while more are written.</summary>
    public long Written => Interlocked.Read(ref written);

    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken cancel)
    {
        var bytes = MemoryMarshal.AsBytes(samples.Span).ToArray();
        hash.AppendData(bytes);
        await file.WriteAsync(bytes, cancel);
        Interlocked.Add(ref written, samples.Length);
    }

    /// <summary>SHA-256 of the samples, float32 little-endian, after completion.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Number of samples that were clipped when they were made.</summary>
    public long Clipped { get; set; }

    /// <summary>The samples, for a sidecar.</summary>
    /// <param name="sha256">Their hash.</param>
    internal SoundMade Describe(string sha256) => new(sound.SampleRate, Written / sound.Channels, sha256)
    {
        Channels = sound.Channels,
        Clipped = Clipped > 0 ? Clipped : null,
    };

    /// <summary>Closes the file.</summary>
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
