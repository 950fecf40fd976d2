using System.Security.Cryptography;
using Google.Protobuf;
using Rewas.Curves;
using Rewas.Faults;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// Energies that pictures promise, kept on disk by the hash of the video's bytes and of what looked at it, so that another text or another edit renders without decoding
/// or encoding the video. Safe between processes: an entry appears whole or not at all, and one that cannot be read is none. Bounded: the entries that were used
/// longest ago go first.
/// </summary>
/// <param name="folder">Created when the first entry comes.</param>
/// <param name="maximumBytes">Of all entries; 5 s of video take about 14 KB.</param>
public sealed class EnergyCache(string folder, long maximumBytes = 64 << 20)
{
    const string Ending = ".energy";

    /// <summary>The key of a video as the stages see it. Reads the video.</summary>
    /// <param name="video">Its bytes, not its name, count.</param>
    /// <param name="stage">What looks at it: bundle and version.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<string> KeyAsync(VideoSource video, DescribeResponse stage, CancellationToken cancellation)
    {
        await using var file = await video.Open(cancellation);
        var content = await SHA256.HashDataAsync(file, cancellation);
        return Convert.ToHexStringLower(SHA256.HashData([.. content, .. System.Text.Encoding.UTF8.GetBytes($"{stage.BundleSha256} {stage.Version}")]));
    }

    /// <summary>What was stored under a key, or null.</summary>
    public async Task<KnownEnergy?> FindAsync(string key, CancellationToken cancellation)
    {
        var path = PathOf(key);
        try
        {
            using var bytes = new MemoryStream(await File.ReadAllBytesAsync(path, cancellation));
            var known = new KnownEnergy(V1.EnergyCurve.Parser.ParseDelimitedFrom(bytes).ToCurve(), VideoInfo.Parser.ParseDelimitedFrom(bytes))
            {
                Descriptors = PredictedDescriptors.Of(EnergyWindow.Parser.ParseDelimitedFrom(bytes)),
            };
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);                 // used just now
            return known.Curve.Count == KnownEnergy.CountFor(known.Video.AudioSamples) ? known : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException or InputFault)
        {
            return null;                                                     // not there, just removed by another process, or damaged
        }
    }

    /// <summary>Stores under a key, replacing what was there. A cache that cannot be written is no failure of the request.</summary>
    public async Task StoreAsync(string key, KnownEnergy energy, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        energy.Curve.ToMessage().WriteDelimitedTo(bytes);
        energy.Video.WriteDelimitedTo(bytes);
        energy.Descriptors.ToMessage().WriteDelimitedTo(bytes);
        try
        {
            Directory.CreateDirectory(folder);
            var partial = Path.Combine(folder, $".{Guid.NewGuid():N}.partial");
            try
            {
                await File.WriteAllBytesAsync(partial, bytes.ToArray(), cancellation);
                File.Move(partial, PathOf(key), overwrite: true);
            }
            finally
            {
                File.Delete(partial);                                        // there only if it was not moved
            }
            Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    string PathOf(string key) => Path.Combine(folder, key + Ending);

    void Trim()
    {
        var left = maximumBytes;
        foreach (var entry in new DirectoryInfo(folder).EnumerateFiles("*" + Ending).OrderByDescending(file => file.LastWriteTimeUtc).ToList())
        {
            left -= entry.Length;
            if (left < 0)
                entry.Delete();
        }
    }
}
