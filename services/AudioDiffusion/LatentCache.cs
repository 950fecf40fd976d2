using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Sampled latents by the hash of all that they depend on: bundle, options, control of the window, fixed context, place of the noise. So a change of a curve samples
/// again the windows that it reaches and no others, and what comes out is what sampling all of them would give.
/// </summary>
public sealed class LatentCache(Bundle bundle, IOptions<AudioDiffusionOptions> options)
{
    readonly ContentCache? store = options.Value.LatentCacheFolder is { Length: > 0 } folder ? new(folder, ".latent", options.Value.LatentCacheBytes) : null;

    /// <summary>The key of a window's latent.</summary>
    /// <param name="request">What is sampled.</param>
    /// <param name="precision">The denoiser's.</param>
    /// <param name="control">Of the window.</param>
    /// <param name="window">Window, from 0.</param>
    /// <param name="candidate">Candidate, from 0.</param>
    /// <param name="context">What stands fixed, if anything.</param>
    public string Key(SamplingRequest request, string precision, WindowControl control, int window, int candidate, FixedContext? context)
    {
        var settings = request.Settings(precision);
        settings.Windows = 0;                                                // a longer sound has the same windows
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(bundle.Sha256);
        Text(FormattableString.Invariant($"{WindowLayout.JoinFrames} {request.Seed} {window} {candidate} {request.Prompt.Length} {request.Prompt}"));
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

    /// <summary>A latent that was sampled before, or null.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="length">Values of a latent.</param>
    public float[]? Find(string key, int length)
    {
        if (store is null)
            return null;
        var bytes = store.Find(key);
        var isThere = bytes?.Length == length * sizeof(float);
        DiffusionMetrics.CacheLookups.Add(1, new KeyValuePair<string, object?>("rewas.cache.hit", isThere ? "true" : "false"));
        return isThere ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : null;
    }

    public void Store(string key, ReadOnlySpan<float> latent) => store?.Store(key, MemoryMarshal.AsBytes(latent).ToArray());
}
