using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Clip.Names;
using Rewas.Hosting;

namespace Rewas.AudioDiffusion;

/// <summary>
/// A cache of sampled latents and mels. The key is a hash of all inputs: code, bundle, options, control of the window, fixed context,
/// position of the noise, and the caller if callers are told apart. A changed curve therefore resamples only the windows that it affects,
/// and the result equals a full sampling.
/// </summary>
public sealed class LatentCache(Bundle bundle, IOptions<AudioDiffusionOptions> options)
{
    static readonly string Code = CodeVersion.Of(typeof(LatentCache).Assembly);

    readonly ContentCache? store = options.Value.LatentCacheFolder is { Length: > 0 } folder
        ? new(folder, ".latent", options.Value.LatentCacheBytes)
        : null;

    /// <summary>The key of a window's latent.</summary>
    /// <param name="precision">The denoiser's number format.</param>
    /// <param name="control">Control of the window.</param>
    /// <param name="start">First mel frame, which also positions the noise.</param>
    /// <param name="candidate">Index from 0.</param>
    /// <param name="context">Fixed part, or null.</param>
    public string Key(SamplingRequest request, string precision, WindowControl control, long start, int candidate, FixedContext? context)
    {
        var settings = request.Settings(precision);
        // A longer sound, one with other cuts, or one in other words can have the same window.
        (settings.Windows, settings.IgnoreCuts, settings.Words) = (0, false, null);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Text(Code);
        Text(bundle.Sha256);
        Text(FormattableString.Invariant(
            $"{WindowLayout.JoinFrames} {request.Seed} {start} {candidate} {request.Prompt.Length} {request.Prompt}"));
        Bytes(settings.ToByteArray());
        Values(request.Control == ControlNames.TextOnly ? [] : control.Energy);
        Values(control.Onsets);
        Values(control.Texture);
        Values(context is null ? [] : context.Known);
        if (request.HasGivenStart)
            Values(control.Starts[candidate]);
        // A window that is found has no steps. That would tell a caller that somebody else has made the same.
        if (CallerHeader.Acting is { Length: > 0 } caller)
            Text(caller);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

        void Values(ReadOnlySpan<float> values) => Bytes(MemoryMarshal.AsBytes(values));

        void Bytes(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));      // makes the concatenation of parts unambiguous
            hash.AppendData(bytes);
        }
    }

    /// <summary>Finds a window that was sampled before, or null.</summary>
    public SampledWindow? Find(string key, int latentLength)
    {
        if (store is null)
            return null;
        var values = MemoryMarshal.Cast<byte, float>(store.Find(key));
        var isThere = values.Length == latentLength + ClipTiming.MelFramesPerWindow * ClipTiming.MelBins;
        DiffusionMetrics.CacheLookups.Add(1, new KeyValuePair<string, object?>("rewas.cache.hit", isThere ? "true" : "false"));
        return isThere ? new(values[..latentLength].ToArray(), values[latentLength..].ToArray()) : null;
    }

    public void Store(string key, SampledWindow window) =>
        store?.Store(key, MemoryMarshal.AsBytes<float>([.. window.Latent, .. window.Mel]).ToArray());
}

/// <summary>A sampled window.</summary>
/// <param name="Latent">[Z, H, W].</param>
/// <param name="Mel">Natural-log mel, [512, 64].</param>
public sealed record SampledWindow(float[] Latent, float[] Mel);
