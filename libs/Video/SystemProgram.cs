using System.Diagnostics;

namespace Rewas.Video;

/// <summary>Programs of the operating system that confine others, and whether they work here. Containers often forbid them.</summary>
static class SystemProgram
{
    static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);

    /// <returns>Full path; null if it is not installed.</returns>
    public static string? Find(string program) =>
        ((string[])["/usr/bin", "/bin"]).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Whether a command ends with exit code 0.</summary>
    public static bool Succeeds(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        ChildEnvironment.Apply(start);
        using var process = Process.Start(start);
        if (process is null)
            return false;
        if (process.WaitForExit(TryLimit))
            return process.ExitCode == 0;
        process.Kill();
        return false;
    }
}
