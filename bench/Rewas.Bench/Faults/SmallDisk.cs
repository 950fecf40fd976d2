using System.ComponentModel;
using System.Diagnostics;
using Rewas.Clip.Faults;

namespace Rewas.Bench.Faults;

/// <summary>A file system in memory, for the temporary folder of one process. It can be filled.</summary>
sealed class SmallDisk : IDisposable
{
    const int MebiBytes = 96;

    public SmallDisk(string path)
    {
        Path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", $"size={MebiBytes}m", "tmpfs", path);
    }

    public string Path { get; }

    string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        var block = new byte[1 << 16];
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Empty() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "-l", Path);

    static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw InputFault.Precondition("disk", $"{program} {string.Join(' ', arguments)}: {error.Trim()}");
        }
        catch (Win32Exception e)
        {
            throw InputFault.Precondition("disk", $"'{program}' cannot be run: {e.Message}", e);
        }
    }
}
