using Rewas.Faults;

namespace Rewas.Video;

/// <summary>The file itself, before anything reads it.</summary>
static class VideoFile
{
    public static void ThrowUnlessAcceptable(string path, VideoLimits limits)
    {
        if (string.IsNullOrEmpty(path) || path.Contains('\0'))
            throw InputFault.Invalid("video", "a path must be given");
        if (Directory.Exists(path))
            throw InputFault.Invalid("video", $"'{path}' is a directory, not a file");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw InputFault.NotFound("video", $"file '{path}' does not exist");
        var bytes = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
        if (bytes == 0)
            throw InputFault.Invalid("video", $"'{path}' is empty (0 bytes)");
        if (bytes > limits.MaxFileBytes)
            throw InputFault.Exhausted("video", $"at most {limits.MaxFileBytes} bytes are accepted, but the file has {bytes}");
    }

    /// <summary>Its first box is one that an .mp4 or .mov begins with; ffprobe takes any text of that name for one.</summary>
    public static bool BeginsAsMp4(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[8];                                              // size, type
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && (head.AsSpan(4).SequenceEqual("ftyp"u8) || head.AsSpan(4).SequenceEqual("mdat"u8) || head.AsSpan(4).SequenceEqual("wide"u8) || head.AsSpan(4).SequenceEqual("free"u8));
    }
}
