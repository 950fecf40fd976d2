using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Video;

/// <summary>The ffmpeg and ffprobe programs of this machine, and the common arguments of their calls.</summary>
/// <remarks>
/// FFMpegCore models ffprobe's answer (<see cref="FileHeader"/>). Its process runner is not used: it joins arguments into one string, so
/// that a file name could become an option, and it reads pipes through socket files.
/// </remarks>
public sealed class Ffmpeg
{
    /// <summary>Environment variable with the folder of ffmpeg and ffprobe. If unset, PATH is searched.</summary>
    public const string FolderVariable = "REWAS_FFMPEG";

    /// <summary>
    /// Accepted containers. Playlists (HLS, concat) are excluded because they name other files, and so are still pictures.
    /// </summary>
    const string Containers = "mov,matroska,avi,flv,mpeg,mpegts,ogg,asf,mxf";

    const string FileScheme = "file:";
    const string LargestAllocationBytes = "268435456";                       // 256 MiB; a 4K picture in RGB has 25 MB
    static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(10);

    Ffmpeg(string encoder, string prober) => (EncoderPath, ProberPath) = (encoder, prober);

    /// <summary>Full path of ffmpeg.</summary>
    public string EncoderPath { get; }

    /// <summary>Full path of ffprobe.</summary>
    public string ProberPath { get; }

    /// <exception cref="InputFault">
    /// Precondition: ffmpeg or ffprobe is missing. The message names the package and the command that installs it.
    /// </exception>
    public static Ffmpeg Locate()
    {
        var named = Environment.GetEnvironmentVariable(FolderVariable);
        var folders = string.IsNullOrEmpty(named) ? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator) : [named];
        return new(Find("ffmpeg"), Find("ffprobe"));

        string Find(string program)
        {
            var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
            return folders.Where(folder => folder.Length > 0)
                .Select(folder => Path.GetFullPath(Path.Combine(folder, file))).FirstOrDefault(File.Exists)
                ?? throw InputFault.Precondition(
                    "ffmpeg",
                    $"{program} was not found in {(string.IsNullOrEmpty(named) ? "PATH" : $"{FolderVariable}={named}")}: "
                    + $"install the package 'ffmpeg' ({InstallCommand()}), or set {FolderVariable} to the folder that holds it");
        }
    }

    /// <summary>ffmpeg's version, e.g. "5.1.9-0+deb12u1".</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken = default)
    {
        await using var process = MediaProcess.Start(EncoderPath, ["-hide_banner", "-version"], VersionLimit, cancellationToken);
        var words = (await process.ReadTextAsync()).Split([' ', '\n']);      // "ffmpeg version 5.1.9-0+deb12u1 Copyright ..."
        return words.Length > 2 ? words[2] : throw InputFault.Precondition("ffmpeg", $"'{EncoderPath}' does not state a version");
    }

    /// <summary>Command that installs the package on this system.</summary>
    public static string InstallCommand() =>
        OperatingSystem.IsWindows() ? "winget install ffmpeg"
        : OperatingSystem.IsMacOS() ? "brew install ffmpeg"
        : File.Exists("/usr/bin/dnf") ? "dnf install ffmpeg"
        : File.Exists("/sbin/apk") ? "apk add ffmpeg"
        : "apt-get install ffmpeg";

    /// <summary>Options for quiet runs without terminal and without huge allocations.</summary>
    internal static string[] Common =>
        ["-nostats", "-nostdin", "-filter_threads", Threads, "-filter_complex_threads", Threads, .. CommonToProber];

    /// <summary>The common options that ffprobe accepts too.</summary>
    internal static string[] CommonToProber => ["-hide_banner", "-loglevel", "error", "-max_alloc", LargestAllocationBytes];

    /// <summary>Options before an untrusted video file: only local files, only known containers.</summary>
    internal static string[] Untrusted => ["-protocol_whitelist", "file,pipe", "-format_whitelist", Containers];

    /// <summary>Options before a video file with known facts. Its frames get the times that the facts assume.</summary>
    internal static string[] UntrustedVideo(VideoFacts facts) =>
        [.. facts.Order == FrameOrder.Generated ? (string[])["-fflags", "+genpts"] : [], .. Untrusted, .. PixelLimit.Of(facts)];

    /// <summary>Options before a file that this program wrote.</summary>
    internal static string[] FilesOnly => ["-protocol_whitelist", "file,pipe"];

    /// <summary>A path that ffmpeg cannot mistake for an option or a URL.</summary>
    internal static string Argument(string path) => FileScheme + Path.GetFullPath(path);

    /// <summary>The path of an argument that <see cref="Argument"/> made; null for any other.</summary>
    internal static string? PathOf(string argument) =>
        argument.StartsWith(FileScheme, StringComparison.Ordinal) ? argument[FileScheme.Length..] : null;

    /// <summary>Number of decoder threads: enough for speed, and few enough to bound the pictures in memory.</summary>
    internal static string Threads => Math.Min(4, Environment.ProcessorCount).ToString(CultureInfo.InvariantCulture);
}
