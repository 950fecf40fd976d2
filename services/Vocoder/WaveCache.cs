using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Hosting;

namespace Rewas.Vocoder;

/// <summary>
/// A cache of network outputs, keyed by the hash of code, bundle, mel, and the caller if callers are told apart. If a mel changes in one second,
/// the other chunks are reused, and the result equals a full synthesis.
/// </summary>
sealed class WaveCache(Bundle bundle, IOptions<VocoderOptions> options)
{
    static readonly byte[] Code = Encoding.ASCII.GetBytes(CodeVersion.Of(typeof(WaveCache).Assembly));

    readonly ContentCache? store = options.Value.WaveCacheFolder is { Length: > 0 } folder
        ? new(folder, ".wave", options.Value.WaveCacheBytes)
        : null;

    /// <summary>Returns a cached output, or makes and caches it.</summary>
    /// <param name="mel">[1, 64, T].</param>
    /// <param name="make">Runs the network.</param>
    public Memory<float> Get(HostTensor mel, Func<Memory<float>> make)
    {
        if (store is null)
            return make();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Code);
        hash.AppendData(Encoding.ASCII.GetBytes(bundle.Sha256));
        hash.AppendData(MemoryMarshal.AsBytes(mel.Floats.Span));
        hash.AppendData(Encoding.UTF8.GetBytes(CallerHeader.Acting));        // the time of an answer would tell of other callers
        var key = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (store.Find(key) is { Length: > 0 } bytes && bytes.Length % sizeof(float) == 0)
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var wave = make();
        store.Store(key, MemoryMarshal.AsBytes(wave.Span).ToArray());
        return wave;
    }
}
