using System.Diagnostics;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Running;

/// <summary>
/// Starts a separate program: the one installed beside this program, or else the checkout's, which is built first if it has changed.
/// </summary>
static class CheckoutProgram
{
    /// <param name="command">The command as the user typed it.</param>
    /// <param name="project">Folder of the project, relative to the repository's root.</param>
    /// <param name="name">File name of the program, without extension.</param>
    public static async Task<int> RunAsync(string command, string project, string name, string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (!File.Exists(path))
        {
            var build = new CheckoutBuild(RootFor(command), project, name);
            if (await build.EnsureAsync() is not 0 and var failure)
                return failure;
            path = build.Program;
        }
        var start = new ProcessStartInfo("dotnet", [path, .. arguments]);
        using var program = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        Console.CancelKeyPress += (_, key) => key.Cancel = true;              // it reaches the program too, which ends in its own way
        await program.WaitForExitAsync();
        return program.ExitCode;
    }

    static string RootFor(string command) => RepositoryRoot()
        ?? throw InputFault.Precondition(command, $"needs a checkout of the repository: run ./rewas {command} there");

    static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
