using System.Diagnostics;
using System.Runtime.InteropServices;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Rewas.Bench.Faults;

/// <summary>One process of the fleet in its own network namespace. It can be killed, frozen, cut off and started again.</summary>
sealed partial class FleetProcess(
    string name, string program, NetworkHost host, int port, string[] arguments, string logFolder) : IDisposable
{
    const int SigKill = 9, SigCont = 18, SigStop = 19, SigTerm = 15;

    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3), StopLimit = TimeSpan.FromMinutes(1);

    Process? process;

    /// <summary>For example "AudioDiffusion-2".</summary>
    public string Name => name;

    public NetworkHost Host => host;

    public Uri Address { get; } = new($"http://{host.Address}:{port}");

    public int StartCount { get; private set; }

    /// <summary>Resident memory in bytes; 0 while the process does not run.</summary>
    public long ResidentBytes
    {
        get
        {
            try
            {
                var line = File.ReadLines($"/proc/{process?.Id}/status")
                    .FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
                return line is null
                    ? 0
                    : long.Parse(
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) << 10;
            }
            catch (IOException)
            {
                return 0;                                                    // the process has ended
            }
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo(
            "ip",
            [
                "netns",
                "exec",
                host.Namespace,
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, program + ".dll"),
                $"--Rewas:Listen={Address.OriginalString}",
                "--Rewas:ListenWithoutAuthentication=true",
                .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(logFolder, $"{name}.{++StartCount}.log")) { AutoFlush = true });
        // `ip netns exec` replaces itself with the program, so the program has this id
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => log.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => log.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits until the standard health service says SERVING.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        using var channel = GrpcChannel.ForAddress(Address);
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200, cancellation))
        {
            if (process!.HasExited)
                throw new InvalidOperationException($"{name} ended while starting; see {logFolder}");
            try
            {
                var answer = await new Health.HealthClient(channel)
                    .CheckAsync(new(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellation);
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return;
            }
            catch (RpcException) when (watch.Elapsed < StartLimit && !cancellation.IsCancellationRequested)
            {
                // The process is still loading.
            }
        }
    }

    public void Kill()
    {
        Signal(SigKill);
        process!.WaitForExit();
    }

    public void Freeze() => Signal(SigStop);

    public void Thaw() => Signal(SigCont);

    /// <summary>Tells the process to stop, as a scheduler would. It drains.</summary>
    /// <returns>False if the process had to be killed.</returns>
    public bool Stop()
    {
        Signal(SigTerm);
        if (process!.WaitForExit(StopLimit))
            return true;
        Kill();
        return false;
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            Signal(SigCont);
            Kill();
        }
        process?.Dispose();
    }

    void Signal(int signal)
    {
        if (process is { HasExited: false } && SendSignal(process.Id, signal) != 0)
            throw new InvalidOperationException($"{name}: kill({process.Id}, {signal}) failed with {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
