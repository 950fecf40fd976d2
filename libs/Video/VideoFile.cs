using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Video;

/// <summary>Checks of the file itself, before anything reads its content.</summary>
static class VideoFile
{
    public static void ThrowUnlessAcceptable(string path, VideoLimits limits)
    {
        var bytes = InputFile.Find(path, "video").Length;
        if (bytes == 0)
            throw InputFault.Invalid("video", $"'{path}' is empty (0 bytes)");
        if (bytes > limits.MaxFileBytes)
            throw InputFault.Exhausted("video", $"at most {limits.MaxFileBytes} bytes are accepted, but the file has {bytes}");
    }

    /// <summary>
    /// Whether the first box is one that an .mp4 or .mov begins with. ffprobe takes any text with such a name for an .mp4.
    /// </summary>
    public static bool BeginsAsMp4(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[8];                                              // size, type
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && (head.AsSpan(4).SequenceEqual("ftyp"u8) || head.AsSpan(4).SequenceEqual("mdat"u8)
                || head.AsSpan(4).SequenceEqual("wide"u8) || head.AsSpan(4).SequenceEqual("free"u8));
    }
}
