using System.Diagnostics;

namespace Rewas.Cli.Running;

/// <summary>Builds a program of the checkout if its sources have changed since, and says so: the first time takes minutes.</summary>
/// <param name="root">The repository's root.</param>
/// <param name="project">Folder of the project, relative to the root.</param>
/// <param name="name">File name of the program, without extension.</param>
sealed class CheckoutBuild(string root, string project, string name)
{
    /// <summary>Folders with the sources of programs.</summary>
    static readonly string[] Sources = ["libs", "services", "gateway", "agent", "cli", "evaluation", "training", "bench"];

    static readonly EnumerationOptions Once = new();

    string Built => Path.Combine(root, project, "bin", "Release", "net10.0");

    /// <summary>The built program.</summary>
    public string Program => Path.Combine(Built, name + ".dll");

    /// <summary>Whether the program exists and no source is newer than the newest of its assemblies.</summary>
    public bool IsCurrent()
    {
        if (!File.Exists(Program))
            return false;
        var built = new DirectoryInfo(Built).EnumerateFiles("*.dll").Max(file => file.LastWriteTimeUtc);
        return Sources.Select(folder => new DirectoryInfo(Path.Combine(root, folder))).Where(folder => folder.Exists)
            .SelectMany(Files).Concat(new DirectoryInfo(root).EnumerateFiles("Directory.*"))
            .All(file => file.LastWriteTimeUtc <= built);
    }

    /// <summary>Builds the program if it is not current. All that is said goes to standard error.</summary>
    /// <returns>0; else the exit code of the build, whose faults were printed.</returns>
    public async Task<int> EnsureAsync()
    {
        if (IsCurrent())
            return 0;
        await Console.Error.WriteLineAsync($"building {project}; this takes some minutes the first time ...");
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(root, project), "-c", "Release", "-v", "q", "-nologo",
            "-p:RunAnalyzers=false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var build = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var (output, errors) = (build.StandardOutput.ReadToEndAsync(), build.StandardError.ReadToEndAsync());
        await build.WaitForExitAsync();
        if (build.ExitCode == 0)
            await Console.Error.WriteLineAsync($"built in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        else
            await Console.Error.WriteLineAsync(await output + await errors);
        return build.ExitCode;
    }

    /// <summary>The files of a folder without what builds and packages write.</summary>
    static IEnumerable<FileInfo> Files(DirectoryInfo folder) => folder.EnumerateFiles("*", Once).Concat(
        folder.EnumerateDirectories("*", Once).Where(inner => inner.Name is not ("bin" or "obj" or "node_modules")).SelectMany(Files));
}
