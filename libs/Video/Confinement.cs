using System.Diagnostics;
using System.Globalization;

namespace Rewas.Video;

/// <summary>
/// Limits for an ffmpeg process, because it reads untrusted files. On Linux it is started through util-linux's prlimit, whose limits the
/// kernel enforces, and in its own network namespace without interfaces if the system allows it. Elsewhere only ffmpeg's own options
/// (<see cref="Ffmpeg"/>: protocols, containers, largest allocation) and the timeout of <see cref="MediaProcess"/> apply.
/// </summary>
sealed record Confinement
{
    /// <summary>Address space, bytes. A 4K picture has 25 MB, and decoders hold dozens.</summary>
    public long MemoryBytes { get; init; } = 6L << 30;

    /// <summary>Processor time of all threads together.</summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Size of the largest written file, bytes.</summary>
    public long OutputBytes { get; init; } = 4L << 30;

    const int OpenFiles = 256;

    static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);
    static readonly string? Limiter = OperatingSystem.IsLinux() ? Find("prlimit") : null;
    static readonly Lazy<string[]> Offline = new(NoNetwork);

    /// <summary>Program and arguments that run a program within these limits. Arguments are passed unchanged, without a shell.</summary>
    public (string Program, IEnumerable<string> Arguments) Confine(string program, IEnumerable<string> arguments)
    {
        string[] inner = [.. Offline.Value, program];
        return Limiter is null
            ? (inner[0], [.. inner[1..], .. arguments])
            : (Limiter,
            [
                $"--as={Number(MemoryBytes)}", $"--cpu={Number((long)ProcessorTime.TotalSeconds)}", $"--fsize={Number(OutputBytes)}",
                $"--nofile={OpenFiles}", "--core=0", "--", .. inner, .. arguments,
            ]);
    }

    /// <summary>The program that removes the network. It is tried once, because containers often forbid it.</summary>
    static string[] NoNetwork()
    {
        if (!OperatingSystem.IsLinux() || Find("unshare") is not { } unshare || Find("true") is not { } nothing)
            return [];
        // Either as root, or as a user who becomes root in a user namespace.
        foreach (var options in (string[][])[["--net"], ["--user", "--net", "--map-current-user"]])
            if (Succeeds(unshare, [.. options, "--", nothing]))
                return [unshare, .. options, "--"];
        return [];
    }

    static bool Succeeds(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        if (process is null)
            return false;
        if (process.WaitForExit(TryLimit))
            return process.ExitCode == 0;
        process.Kill();
        return false;
    }

    static string? Find(string program) =>
        ((string[])["/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
