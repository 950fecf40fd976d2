using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Sampled latents, and their mels, by the hash of all that they depend on: bundle, options, control of the window, fixed context, place of the noise. So a change of a curve samples
/// again the windows that it reaches and no others, and what comes out is what sampling all of them would give.
/// </summary>
public sealed class LatentCache(Bundle bundle, IOptions<AudioDiffusionOptions> options)
{
    readonly ContentCache? store = options.Value.LatentCacheFolder is { Length: > 0 } folder ? new(folder, ".latent", options.Value.LatentCacheBytes) : null;

    /// <summary>The key of a window's latent.</summary>
    /// <param name="request">What is sampled.</param>
    /// <param name="precision">The denoiser's.</param>
    /// <param name="control">Of the window.</param>
    /// <param name="start">Its first mel frame, which is where its noise is taken from.</param>
    /// <param name="candidate">Candidate, from 0.</param>
    /// <param name="context">What stands fixed, if anything.</param>
    public string Key(SamplingRequest request, string precision, WindowControl control, long start, int candidate, FixedContext? context)
    {
        var settings = request.Settings(precision);
        (settings.Windows, settings.IgnoreCuts) = (0, false);                // a longer sound has the same windows, and so has one whose cuts are elsewhere
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(bundle.Sha256);
        Text(FormattableString.Invariant($"{WindowLayout.JoinFrames} {request.Seed} {start} {candidate} {request.Prompt.Length} {request.Prompt}"));
        Bytes(settings.ToByteArray());
        Values(request.Control == ControlNames.TextOnly ? [] : control.Energy);
        Values(control.Onsets);
        Values(control.Texture);
        Values(context is null ? [] : context.Known);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

        void Values(ReadOnlySpan<float> values) => Bytes(MemoryMarshal.AsBytes(values));

        void Bytes(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));      // so that no two lists of parts look the same
            hash.AppendData(bytes);
        }
    }

    /// <summary>A window that was sampled before, or null.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="latentLength">Values of a latent.</param>
    public SampledWindow? Find(string key, int latentLength)
    {
        if (store is null)
            return null;
        var values = MemoryMarshal.Cast<byte, float>(store.Find(key));
        var isThere = values.Length == latentLength + ClipTiming.MelFramesPerWindow * ClipTiming.MelBins;
        DiffusionMetrics.CacheLookups.Add(1, new KeyValuePair<string, object?>("rewas.cache.hit", isThere ? "true" : "false"));
        return isThere ? new(values[..latentLength].ToArray(), values[latentLength..].ToArray()) : null;
    }

    public void Store(string key, SampledWindow window) => store?.Store(key, MemoryMarshal.AsBytes<float>([.. window.Latent, .. window.Mel]).ToArray());
}

/// <summary>What became of a window.</summary>
/// <param name="Latent">[Z, H, W].</param>
/// <param name="Mel">Natural-log mel, [512, 64].</param>
public sealed record SampledWindow(float[] Latent, float[] Mel);
