using System.Text.RegularExpressions;

namespace Rewas.Video;

/// <summary>The user data "DivX503b1393p" and the like, by which DivX and Xvid mark packets with two frames.</summary>
static partial class PackedFrames
{
    const int Beginning = 1 << 20;

    /// <summary>Whether an AVI file with MPEG-4 pictures has the mark in its first megabyte. The mark precedes the first frame.</summary>
    public static bool AreMarkedIn(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(Beginning, file.Length)];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Mark().IsMatch(System.Text.Encoding.Latin1.GetString(head, 0, read));
    }

    [GeneratedRegex("\0\0\u0001\u00B2DivX[0-9]{1,9}(b|Build)[0-9]{1,9}p", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
