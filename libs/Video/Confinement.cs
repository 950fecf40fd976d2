using System.Globalization;

namespace Rewas.Video;

/// <summary>
/// What an ffmpeg process may do, because it reads untrusted files. On Linux the kernel enforces it: util-linux's prlimit sets limits, and
/// a <see cref="Sandbox"/> takes the network, new privileges and, with bubblewrap, all other files away. Elsewhere only ffmpeg's own
/// options (<see cref="Ffmpeg"/>: protocols, containers, largest allocation) and the timeout of <see cref="MediaProcess"/> apply.
/// </summary>
sealed record Confinement
{
    /// <summary>Address space, bytes. Much of it is reserved and never used.</summary>
    const long AddressBytes = 6L << 30;

    /// <summary>Stack of each thread, bytes. It counts as memory that is written to, used or not, and the usual 8 MiB add up.</summary>
    const long StackBytes = 2L << 20;

    const int OpenFiles = 256;

    static readonly string? Limiter = OperatingSystem.IsLinux() ? SystemProgram.Find("prlimit") : null;

    /// <summary>
    /// Memory that is written to (heap and stacks), bytes. Ordinary 4K video takes up to 400 MiB, with 10 bits and four threads.
    /// </summary>
    public long MemoryBytes { get; init; } = new VideoLimits().MaxDecoderBytes;

    /// <summary>Processor time of all threads together.</summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Size of the largest written file, bytes.</summary>
    public long OutputBytes { get; init; } = 4L << 30;

    /// <summary>For an encoder of pictures, which holds dozens of them.</summary>
    public static Confinement OfPictureEncoder { get; } = new() { MemoryBytes = 3L << 30 };

    /// <summary>Program and arguments that run a program within these limits. Arguments are passed unchanged, without a shell.</summary>
    public (string Program, IReadOnlyList<string> Arguments) Confine(string program, IReadOnlyList<string> arguments)
    {
        string[] inner = [.. Sandbox.Around(program, arguments), program];
        return Limiter is null
            ? (inner[0], [.. inner[1..], .. arguments])
            : (Limiter,
            [
                $"--data={Number(MemoryBytes)}", $"--as={Number(Math.Max(AddressBytes, MemoryBytes))}", $"--stack={Number(StackBytes)}",
                // The first limit sends a signal of its own. At the second one the process would look like one that somebody killed.
                $"--cpu={Number((long)ProcessorTime.TotalSeconds)}:{Number((long)ProcessorTime.TotalSeconds + 5)}",
                $"--fsize={Number(OutputBytes)}", $"--nofile={OpenFiles}", "--core=0",
                "--", .. inner, .. arguments,
            ]);
    }

    static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
