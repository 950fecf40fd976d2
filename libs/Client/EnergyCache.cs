using System.Security.Cryptography;
using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Sound.Curves;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// Keeps predicted energies on disk, by the hash of the video's bytes and of the stage that encoded it. With another prompt or edit, the
/// video is then neither decoded nor encoded again. Processes may share the folder: entries are written atomically, and an unreadable entry
/// counts as missing. When the cache is full, the least recently used entries are deleted.
/// </summary>
/// <param name="folder">Created with the first entry.</param>
/// <param name="maximumBytes">Limit for all entries. 5 s of video take about 14 KB, which count as 32.</param>
public sealed class EnergyCache(string folder, long maximumBytes = 64 << 20)
{
    readonly ContentCache store = new(folder, ".energy", maximumBytes);

    /// <summary>The key of a video. Reads the whole video.</summary>
    /// <param name="video">Only its bytes matter, not its name.</param>
    /// <param name="stage">Bundle and version of the stage that encodes it.</param>
    public static async Task<string> KeyAsync(VideoSource video, DescribeResponse stage, CancellationToken cancellation)
    {
        var content = Convert.FromHexString(await video.Sha256Async(cancellation));
        // The suffix invalidates entries written before cuts were stored. An encoder in another number format predicts other energies.
        var format = stage.Accelerator.Split(' ', 2) is [_, var other] ? $" {other}" : "";
        return Convert.ToHexStringLower(
            SHA256.HashData([.. content, .. System.Text.Encoding.UTF8.GetBytes($"{stage.BundleSha256} {stage.Version} cuts{format}")]));
    }

    /// <summary>The entry of a key, or null.</summary>
    public Task<KnownEnergy?> FindAsync(string key, CancellationToken cancellation) =>
        Task.Run(() => store.Find(key) is { } bytes ? Read(bytes) : null, cancellation);

    /// <summary>Writes or replaces an entry. A failed write does not fail the request.</summary>
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
            return null;                                                     // written by another version
        }
    }
}
