using System.Diagnostics;

namespace Rewas.EndToEnd.Tests.Privacy;

/// <summary>
/// A shell in a separate network, with a fresh home, temporary folder and working folder and a minimal environment. Its only interface is
/// the loopback. Its name server is a loopback address where nobody listens. So the kernel's counters of that network show every name
/// lookup and every packet for another machine.
/// </summary>
sealed class SealedMachine : IDisposable
{
    /// <summary>Brings up the network, then runs the given script, then prints the counters.</summary>
    const string Prelude = """
        set -eu
        ip link set lo up
        mount --bind "$NAME_SERVER" /etc/resolv.conf
        # Hides the other ways to look up a name.
        for cache in /run/nscd /run/systemd/resolve; do if [ -d "$cache" ]; then mount -t tmpfs none "$cache"; fi; done
        # Waits until process $2 listens at port $1: a host that still loads does not listen.
        listening() { until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do kill -0 "$2"; sleep 0.1; done; }
        cd "$WORK"

        """;

    const string Counters = "\ncat /proc/net/snmp /proc/net/snmp6 > \"$COUNTERS\"\n";

    /// <summary>With root rights, or without them if the system lets users create namespaces.</summary>
    static readonly string[][] Ways = [["--net", "--mount"], ["--user", "--map-root-user", "--net", "--mount"]];

    static readonly Lazy<string[]?> Way = new(FindWay);

    readonly TemporaryFolder folder = new();

    public SealedMachine()
    {
        if (Way.Value is null)
            Assert.Skip(
                "needs network and mount namespaces (unshare of util-linux, ip of iproute2), which this system does not have or forbids");
        foreach (var name in (string[])["home", "tmp", "work"])
            Directory.CreateDirectory(folder.File(name));
        File.WriteAllText(folder.File("resolv.conf"), "nameserver 127.0.0.53\noptions timeout:1 attempts:1\n");
    }

    /// <summary>Runs a bash script in the working folder; `rewas` is the command.</summary>
    public async Task<Visit> RunAsync(string script)
    {
        var commands = $"{Prelude}rewas() {{ dotnet '{Programs.Dll("rewas")}' \"$@\"; }}\n{script}{Counters}";
        var outcome = await RunAsync(Way.Value!, commands, new()
        {
            ["HOME"] = folder.File("home"),
            ["TMPDIR"] = folder.File("tmp"),
            ["WORK"] = folder.File("work"),
            ["NAME_SERVER"] = folder.File("resolv.conf"),
            ["COUNTERS"] = folder.File("counters"),
        });
        Assert.True(outcome.ExitCode == 0, $"exit code {outcome.ExitCode}\n{outcome.Output}\n{outcome.Error}");
        return new(outcome.Output, Files("home"), Files("tmp"), Files("work"), NetworkCounters.Read(folder.File("counters")));
    }

    public void Dispose() => folder.Dispose();

    string[] Files(string name) => [
        .. folder.Entries.Where(path => path.StartsWith(name + "/", StringComparison.Ordinal))
            .Select(path => path[(name.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    static string[]? FindWay()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        return Ways.FirstOrDefault(way =>
        {
            try
            {
                return RunAsync(way, "ip link set lo up && mount --bind /dev/null /etc/resolv.conf", [])
                    .GetAwaiter()
                    .GetResult().ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;                                                // no unshare
            }
        });
    }

    static async Task<Outcome> RunAsync(string[] way, string script, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("unshare", [.. way, "bash", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Only a few variables are kept. `CI`, for example, would turn telemetry off by itself.
        foreach (var name in start.Environment.Keys.Except(["PATH", "DOTNET_ROOT", "REWAS_FFMPEG"]).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}

/// <summary>The results of a script: its output, the files below each folder, and its network traffic.</summary>
sealed record Visit(string Output, string[] Home, string[] Temporary, string[] Work, NetworkCounters Network);
