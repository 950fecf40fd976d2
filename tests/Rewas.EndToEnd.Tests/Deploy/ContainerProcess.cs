using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using k8s.Models;

namespace Rewas.EndToEnd.Tests.Deploy;

/// <summary>
/// A container of a manifest as a process of this machine: its image's program, its arguments, its environment and nothing else of it, its
/// user, a root that cannot be written, its mounts, and its limit of memory.
/// </summary>
sealed partial class ContainerProcess : IAsyncDisposable
{
    const string Registry = "registry.example.org/", App = "/app", Pattern = @"\$\(([A-Za-z_][A-Za-z0-9_]*)\)";

    /// <summary>What the images of .NET set.</summary>
    static readonly (string Name, string Value)[] OfImage =
        [("PATH", "/usr/bin:/bin"), ("HOME", "/home/app"), ("ASPNETCORE_HTTP_PORTS", "8080"), ("DOTNET_RUNNING_IN_CONTAINER", "true")];

    /// <summary>What stands for the image's system.</summary>
    static readonly string[] OfSystem =
    [
        "/usr", "/lib", "/lib64", "/bin", "/sys", "/etc/alternatives", "/etc/fonts", "/etc/hosts", "/etc/ld.so.cache", "/etc/localtime",
        "/etc/nsswitch.conf", "/etc/ssl",
    ];

    readonly Process process;
    readonly MemoryGroup? group;
    readonly ConcurrentQueue<string> lines = new();

    ContainerProcess(Process process, MemoryGroup? group)
    {
        (this.process, this.group) = (process, group);
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => process.HasExited;

    public string Log => string.Join('\n', lines);

    /// <summary>How its memory is limited, and the most that it took where that is known.</summary>
    public string Memory => group is null ? "limited by prlimit" : $"at most {group.Peak >> 20} MiB";

    /// <param name="pod">User and group of the pod.</param>
    /// <param name="container">What is started.</param>
    /// <param name="environment">The container's variables by name.</param>
    /// <param name="mounts">Folders or files of this machine by their place in the container, and whether it may write there.</param>
    public static ContainerProcess Start(
        V1PodSpec pod, V1Container container, IReadOnlyDictionary<string, string> environment,
        IEnumerable<(string Place, string Source, bool Writable)> mounts)
    {
        var memory = container.Resources.Limits["memory"].ToInt64();
        var group = MemoryGroup.Create($"rewas-manifest-{Guid.NewGuid():n}", memory);
        var runtime = Path.GetDirectoryName(Environment.ProcessPath)!;
        string user = Text(pod.SecurityContext.RunAsUser), users = Text(pod.SecurityContext.RunAsGroup);
        string[] sandbox =
        [
            "bwrap", "--new-session", "--unshare-user", "--unshare-ipc", "--uid", user, "--gid", users,
            "--cap-drop", "ALL", "--tmpfs", "/", "--dev", "/dev", "--proc", "/proc",
            .. OfSystem.Append(runtime).SelectMany(place => (string[])["--ro-bind-try", place, place]),
            "--ro-bind", AppContext.BaseDirectory, App,
            .. mounts.SelectMany(mount => (string[])[mount.Writable ? "--bind" : "--ro-bind", mount.Source, mount.Place]),
            .. container.SecurityContext.ReadOnlyRootFilesystem == true ? (string[])["--remount-ro", "/"] : [],
            "--clearenv",
            .. OfImage.Concat(environment.Select(variable => (variable.Key, variable.Value)))
                .SelectMany(variable => (string[])["--setenv", variable.Item1, variable.Item2]),
            "--chdir", App, "--",
        ];
        // The images' entry point is "dotnet PROGRAM.dll". A command of the manifest would replace it.
        string[] command =
        [
            .. container.Command ?? [Path.Combine(runtime, "dotnet"), $"{AssemblyOf(container.Image)}.dll"],
            .. container.Args?.Select(argument => Expanded(argument, environment)) ?? [],
        ];
        string[] limited = group is null ? ["prlimit", $"--data={Text(memory)}", "--", .. sandbox, .. command] : [.. sandbox, .. command];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "echo $$ >\"$0\" && exec \"$@\"", group?.Members ?? "/dev/null", .. limited])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!, group);
    }

    /// <summary>Replaces $(NAME), as the kubelet does.</summary>
    public static string Expanded(string text, IReadOnlyDictionary<string, string> variables) => References().Replace(
        text, reference => variables.TryGetValue(reference.Groups[1].Value, out var value) ? value : reference.Value);

    public Task EndAsync() => process.WaitForExitAsync(TestContext.Current.CancellationToken);

    public int ExitCode => process.ExitCode;

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        if (group is not null)
            await group.DisposeAsync();
    }

    /// <summary>The program of an image: that of the project which is published as the image.</summary>
    static string AssemblyOf(string image)
    {
        Assert.StartsWith(Registry, image, StringComparison.Ordinal);
        var repository = image[Registry.Length..].Split(':')[0];
        var project = Assert.Single(
            ((string[])["gateway", "agent", "cli", "services"]).SelectMany(
                folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)),
            file => XDocument.Load(file).Descendants("ContainerRepository").Any(name => name.Value == repository));
        return XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
    }

    static string Text(long? number) => number!.Value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(Pattern)]
    private static partial Regex References();
}
