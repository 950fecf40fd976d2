using System.Numerics.Tensors;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound;
using Rewas.Sound.Mel;
using Rewas.Text;

namespace Rewas.Rendering;

/// <summary>
/// Measures how well a sound fits a text: the cosine of their embeddings. The bundle's text and audio encoders share one space: CLAP (Wu et
/// al., 2023, arXiv 2211.06687) or the embedded bundle's own. A text encoder that was trained on text alone has a projection to that space.
/// Numbers of different bundles are not comparable.
/// </summary>
public sealed class TextSimilarity : IDisposable
{
    const string SoundNetwork = "audio_encoder", ProjectionNetwork = "text_projection", OwnMel = "sound_encoder", Clap = "clap_audio";
    const int ClapSamples = 10 * ClapMelSpectrogram.SampleRate;

    readonly OnnxNetwork sound;
    readonly TextEncoder text;
    readonly OnnxNetwork? projection;
    readonly bool isClap;

    TextSimilarity(Bundle bundle, BundleNetwork network, OnnxOptions options)
    {
        isClap = network.Architecture == Clap;
        Name = $"{network.Architecture} of {bundle.Manifest.Name} ({bundle.Manifest.Files[network.File].Sha256[..8]})";
        sound = OnnxNetwork.Load(bundle, SoundNetwork, options);
        try
        {
            text = TextEncoder.Load(bundle, options);
            projection = bundle.Manifest.Networks.ContainsKey(ProjectionNetwork)
                ? OnnxNetwork.Load(bundle, ProjectionNetwork, options)
                : null;
        }
        catch
        {
            text?.Dispose();
            sound.Dispose();
            throw;
        }
    }

    /// <summary>Architecture and origin of the weights, for reports.</summary>
    public string Name { get; }

    /// <returns>Null if the bundle has no audio encoder.</returns>
    public static TextSimilarity? Load(Bundle bundle, OnnxOptions options) =>
        bundle.Manifest.Networks.TryGetValue(SoundNetwork, out var network) && network.Architecture is OwnMel or Clap
            ? new(bundle, network, options)
            : null;

    /// <summary>Similarity from -1 to 1, averaged over the sound's windows (5.12 s; CLAP: 10 s).</summary>
    /// <param name="samples">[T] at 16 kHz, not empty.</param>
    public double Of(string prompt, ReadOnlySpan<float> samples, CancellationToken cancellation = default) =>
        Of(Embed(prompt, cancellation), samples, cancellation);

    /// <summary>Similarity to an embedding that <see cref="Embed(string, CancellationToken)"/> returned.</summary>
    public double Of(ReadOnlySpan<float> prompt, ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var wave = isClap
            ? new Waveform(samples.ToArray(), ClipTiming.SampleRate).At(ClapMelSpectrogram.SampleRate).Samples.AsSpan()
            : samples;
        var length = isClap ? ClapSamples : ClipTiming.SamplesPerWindow;
        var (sum, windows) = (0.0, 0);
        for (var at = 0; at < wave.Length; at += length, windows++)
            sum += TensorPrimitives.Dot(prompt, Embed(wave.Slice(at, Math.Min(length, wave.Length - at)), length, cancellation));
        return sum / windows;
    }

    /// <summary>A text's embedding, of unit length.</summary>
    public float[] Embed(string prompt, CancellationToken cancellation = default)
    {
        var embedding = text.Encode(prompt, cancellation);
        return projection is null
            ? embedding
            : projection.Run([HostTensor.Of(embedding, 1, embedding.Length)], cancellation)[0].Floats.ToArray();
    }

    /// <summary>A sound's embedding, of unit length, from its first window (5.12 s; CLAP: 10 s).</summary>
    /// <param name="samples">[T] at 16 kHz, not empty.</param>
    public float[] EmbedSound(ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        if (!isClap)
            return Embed(samples[..Math.Min(samples.Length, ClipTiming.SamplesPerWindow)], ClipTiming.SamplesPerWindow, cancellation);
        var wave = new Waveform(samples.ToArray(), ClipTiming.SampleRate).At(ClapMelSpectrogram.SampleRate).Samples.AsSpan();
        return Embed(wave[..Math.Min(wave.Length, ClapSamples)], ClapSamples, cancellation);
    }

    public void Dispose()
    {
        sound.Dispose();
        text.Dispose();
        projection?.Dispose();
    }

    float[] Embed(ReadOnlySpan<float> window, int length, CancellationToken cancellation)
    {
        var filled = new float[length];
        // CLAP repeats a short sound until its window is full. The embedded encoder was trained with padding by silence.
        for (var at = 0; at < (isClap ? length : window.Length); at += window.Length)
            window[..Math.Min(window.Length, length - at)].CopyTo(filled.AsSpan(at));
        var mel = isClap
            ? HostTensor.Of(ClapMelSpectrogram.LogMel(filled), 1, ClapMelSpectrogram.FramesIn(length), ClapMelSpectrogram.MelBins)
            : HostTensor.Of(MelSpectrogram.LogMel(filled), 1, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins);
        return sound.Run([mel], cancellation)[0].Floats.ToArray();
    }
}
