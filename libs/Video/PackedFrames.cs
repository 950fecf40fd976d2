using System.Text.RegularExpressions;

namespace Rewas.Video;

/// <summary>The mark by which DivX and Xvid say that two frames lie in one packet: user data such as "DivX503b1393p".</summary>
static partial class PackedFrames
{
    const int Beginning = 1 << 20;

    /// <summary>Whether an AVI file of MPEG-4 pictures bears the mark, in its first megabyte: it stands before the first frame.</summary>
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
