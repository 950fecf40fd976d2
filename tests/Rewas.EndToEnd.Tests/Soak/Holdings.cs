using System.Globalization;

namespace Rewas.EndToEnd.Tests.Soak;

/// <summary>What a process holds at one moment, as Linux tells it.</summary>
/// <param name="Memory">Resident, MiB.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Files">Files and folders below the process's own folder: temporary files and its store.</param>
/// <param name="FileBytes">Length of those files, MiB.</param>
sealed record Holdings(double Memory, double Handles, double Threads, double Files, double FileBytes)
{
    const double KibOfMib = 1024, BytesOfMib = 1 << 20;

    static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    public static Holdings Of(int process, string folder)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status")
            .Select(line => line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(line => line.Length > 1).DistinctBy(line => line[0]).ToDictionary(line => line[0], line => line[1]);
        var files = FilesIn(folder);
        return new(
            Number(lines["VmRSS"]) / KibOfMib, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, Number(lines["Threads"]),
            files.Count, files.Sum() / BytesOfMib);
    }

    /// <summary>
    /// Lengths of the files. A folder has none. Files come and go while they are counted; a folder that went is counted again.
    /// </summary>
    static List<double> FilesIn(string folder)
    {
        while (true)
            try
            {
                return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).Select(LengthOf)];
            }
            catch (DirectoryNotFoundException)
            {
                continue;
            }
    }

    static double LengthOf(FileSystemInfo entry)
    {
        try
        {
            return entry is FileInfo file ? file.Length : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
