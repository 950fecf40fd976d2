using System.Security.Cryptography;
using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Curves;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// Energies that pictures promise, kept on disk by the hash of the video's bytes and of what looked at it, so that another text or another
/// edit renders without decoding or encoding the video. Safe between processes: an entry appears whole or not at all, and one that cannot
/// be read is none. Bounded: the entries that were used longest ago go first.
/// </summary>
/// <param name="folder">Created when the first entry comes.</param>
/// <param name="maximumBytes">Of all entries; 5 s of video take about 14 KB.</param>
public sealed class EnergyCache(string folder, long maximumBytes = 64 << 20)
{
    readonly ContentCache store = new(folder, ".energy", maximumBytes);

    /// <summary>The key of a video as the stages see it. Reads the video.</summary>
    /// <param name="video">Its bytes, not its name, count.</param>
    /// <param name="stage">What looks at it: bundle and version.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<string> KeyAsync(VideoSource video, DescribeResponse stage, CancellationToken cancellation)
    {
        var content = Convert.FromHexString(await video.Sha256Async(cancellation));
        // The suffix invalidates entries written before cuts were stored.
        return Convert.ToHexStringLower(
            SHA256.HashData([.. content, .. System.Text.Encoding.UTF8.GetBytes($"{stage.BundleSha256} {stage.Version} cuts")]));
    }

    /// <summary>What was stored under a key, or null.</summary>
    public Task<KnownEnergy?> FindAsync(string key, CancellationToken cancellation) =>
        Task.Run(() => store.Find(key) is { } bytes ? Read(bytes) : null, cancellation);

    /// <summary>Stores under a key, replacing what was there. A cache that cannot be written is no failure of the request.</summary>
    public Task StoreAsync(string key, KnownEnergy energy, CancellationToken cancellation) => Task.Run(
        () =>
        {
            using var bytes = new MemoryStream();
            energy.Curve.ToMessage().WriteDelimitedTo(bytes);
            energy.Video.WriteDelimitedTo(bytes);
            energy.Descriptors.ToMessage().WriteDelimitedTo(bytes);
            store.Store(key, bytes.ToArray());
        },
        cancellation);

    static KnownEnergy? Read(byte[] entry)
    {
        try
        {
            using var bytes = new MemoryStream(entry);
            var known = new KnownEnergy(
                V1.EnergyCurve.Parser.ParseDelimitedFrom(bytes).ToCurve(), VideoInfo.Parser.ParseDelimitedFrom(bytes))
            {
                Descriptors = PredictedDescriptors.Of(EnergyWindow.Parser.ParseDelimitedFrom(bytes)),
            };
            return known.Curve.Count == KnownEnergy.CountFor(known.Video.AudioSamples) && known.HasWholeDescriptors ? known : null;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InputFault)
        {
            return null;                                                     // of another version
        }
    }
}
