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
}
