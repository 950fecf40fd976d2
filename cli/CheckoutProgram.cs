using System.Diagnostics;
using Rewas.Faults;

namespace Rewas.Cli;

/// <summary>
/// Programs of their own because they need libtorch, half a gigabyte that nobody who only generates should download. Built from the checkout
/// when first asked for.
/// </summary>
static class CheckoutProgram
{
    /// <param name="command">What the user typed.</param>
    /// <param name="project">Folder of the project, from the repository's root.</param>
    /// <param name="arguments">The program's.</param>
    public static async Task<int> RunAsync(string command, string project, string[] arguments)
    {
        var root = RepositoryRoot() ?? throw InputFault.Precondition(command, $"needs a checkout of the repository: run ./rewas {command} there");
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--project", Path.Combine(root, project), "--", .. arguments]);
        using var program = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        Console.CancelKeyPress += (_, key) => key.Cancel = true;              // it reaches the program too, which ends in its own way
        await program.WaitForExitAsync();
        return program.ExitCode;
    }

    static string? RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent;
        return folder?.FullName;
    }
}
