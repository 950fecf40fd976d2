using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.Vocoder;

/// <summary>
/// The network's answers by the hash of what it was asked: bundle and mel. So a mel that differs in a second is not made to sound again elsewhere, and what comes out is what the whole would give.
/// </summary>
sealed class WaveCache(Bundle bundle, IOptions<VocoderOptions> options)
{
    readonly ContentCache? store = options.Value.WaveCacheFolder is { Length: > 0 } folder ? new(folder, ".wave", options.Value.WaveCacheBytes) : null;

    /// <summary>An answer that was given before, or one that is made now and kept.</summary>
    /// <param name="mel">[1, 64, T].</param>
    /// <param name="make">Asks the network.</param>
    public Memory<float> Get(HostTensor mel, Func<Memory<float>> make)
    {
        if (store is null)
            return make();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(bundle.Sha256));
        hash.AppendData(MemoryMarshal.AsBytes(mel.Floats.Span));
        var key = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (store.Find(key) is { Length: > 0 } bytes && bytes.Length % sizeof(float) == 0)
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var wave = make();
        store.Store(key, MemoryMarshal.AsBytes(wave.Span).ToArray());
        return wave;
    }
}
