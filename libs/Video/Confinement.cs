using System.Diagnostics;
using System.Globalization;

namespace Rewas.Video;

/// <summary>
/// What an ffmpeg may take of the machine: it reads files that strangers made. On Linux it is started through util-linux's prlimit, which sets limits that
/// the kernel keeps, and, where the system allows it, in a network namespace of its own that has no interface. Elsewhere only what ffmpeg itself is told holds
/// (<see cref="Ffmpeg"/>): protocols, containers, largest allocation; and the time that <see cref="MediaProcess"/> gives it.
/// </summary>
sealed record Confinement
{
    /// <summary>Address space, bytes: a 4K picture has 25 MB, and decoders hold dozens.</summary>
    public long MemoryBytes { get; init; } = 6L << 30;

    /// <summary>Processor time, all threads together.</summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Largest file that it may write, bytes.</summary>
    public long OutputBytes { get; init; } = 4L << 30;

    const int OpenFiles = 256;

    static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);
    static readonly string? Limiter = OperatingSystem.IsLinux() ? Find("prlimit") : null;
    static readonly Lazy<string[]> Offline = new(NoNetwork);

    /// <summary>Program and arguments that start a program within these limits. Each argument is passed as it is: no shell.</summary>
    public (string Program, IEnumerable<string> Arguments) Confine(string program, IEnumerable<string> arguments)
    {
        string[] inner = [.. Offline.Value, program];
        return Limiter is null
            ? (inner[0], [.. inner[1..], .. arguments])
            : (Limiter, [$"--as={Number(MemoryBytes)}", $"--cpu={Number((long)ProcessorTime.TotalSeconds)}", $"--fsize={Number(OutputBytes)}", $"--nofile={OpenFiles}", "--core=0", "--", .. inner, .. arguments]);
    }

    /// <summary>The program that takes the network away, tried once: containers often forbid it.</summary>
    static string[] NoNetwork()
    {
        if (!OperatingSystem.IsLinux() || Find("unshare") is not { } unshare || Find("true") is not { } nothing)
            return [];
        // As root in its own right, or as a user who is root in a namespace of users.
        foreach (var options in (string[][])[["--net"], ["--user", "--net", "--map-current-user"]])
            if (Succeeds(unshare, [.. options, "--", nothing]))
                return [unshare, .. options, "--"];
        return [];
    }

    static bool Succeeds(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        if (process is null)
            return false;
        if (process.WaitForExit(TryLimit))
            return process.ExitCode == 0;
        process.Kill();
        return false;
    }

    static string? Find(string program) => ((string[])["/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
