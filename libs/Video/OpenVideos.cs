using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Rewas.Video;

/// <summary>
/// Videos that a caller in this process has probed already. The stage reads the same file and uses the same facts, instead of probing a
/// copy. A token names a video while it is on offer. Nobody can guess a token, so a caller from outside cannot name a video.
/// </summary>
public sealed class OpenVideos
{
    readonly ConcurrentDictionary<string, (string Path, VideoFacts Facts)> offers = new(StringComparer.Ordinal);

    /// <summary>Offers a video until the offer is disposed of.</summary>
    public OpenVideo Offer(string path, VideoFacts facts)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        offers[token] = (path, facts);
        return new(token, () => offers.TryRemove(token, out _));
    }

    /// <summary>What a token names; null for nothing.</summary>
    public (string Path, VideoFacts Facts)? Find(string token) => offers.TryGetValue(token, out var video) ? video : null;
}

public sealed class OpenVideo(string token, Action withdraw) : IDisposable
{
    public string Token => token;

    public void Dispose() => withdraw();
}
