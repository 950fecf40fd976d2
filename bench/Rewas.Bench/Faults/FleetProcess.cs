using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Rewas.Bench.Faults;

/// <summary>One process of the fleet, with a network namespace, a temporary folder and a clock of its own.</summary>
/// <param name="group">Processes of one group replace each other.</param>
sealed class FleetProcess(
    string name, string group, NetworkHost host, int port, string[] arguments, FleetPlaces places) : IFaultTarget, IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3), StopLimit = TimeSpan.FromMinutes(1);

    readonly SmallDisk disk = new(Path.Combine(places.Disks, name));
    readonly FaultyClock clock = new(places.Disks, name);
    string programs = places.Programs;
    Process? process;

    /// <summary>For example "AudioDiffusion-2".</summary>
    public string Name => name;

    public string Group => group;

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

    /// <summary>What the process has written since it was started last.</summary>
    string LogFile => Path.Combine(places.Logs, $"{name}.{StartCount}.log");

    public void Start() => Start(clock: null);

    void Start(FaultyClock? clock)
    {
        var start = new ProcessStartInfo(
            "ip",
            [
                "netns",
                "exec",
                host.Namespace,
                "dotnet",
                Path.Combine(programs, $"Rewas.{group}.dll"),
                $"--Rewas:Listen={Address.OriginalString}",
                "--Rewas:ListenWithoutAuthentication=true",
                .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = programs,
            Environment = { ["TMPDIR"] = disk.Path },
        };
        foreach (var (variable, value) in clock?.Environment ?? [])
            start.Environment[variable] = value;
        StartCount++;
        var log = TextWriter.Synchronized(new StreamWriter(LogFile) { AutoFlush = true });
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
                throw new InvalidOperationException(
                    $"{name} ended with {process.ExitCode} while starting; its log ends:{Environment.NewLine}{EndOfLog()}");
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

    public async Task<string> SufferAsync(FaultKind kind, TimeSpan lasts)
    {
        switch (kind)
        {
            case FaultKind.Gone:
                Kill();
                return "";
            case FaultKind.Killed:
                Kill();
                await Task.Delay(lasts);
                Start();
                return "";
            case FaultKind.Frozen:
                Signal(Signals.Stop);
                await Task.Delay(lasts);
                Signal(Signals.Cont);
                return "";
            case FaultKind.CutOff:
                VirtualNetwork.SetLink(host, up: false);
                await Task.Delay(lasts);
                VirtualNetwork.SetLink(host, up: true);
                return "";
            case FaultKind.DiskFull:
                disk.Fill();
                await Task.Delay(lasts);
                disk.Empty();
                return "";
            case FaultKind.ClockJumped:
                return await JumpAsync(lasts);
            case FaultKind.Updated:
                programs = places.Next;
                goto default;
            default:
                var drained = await Task.Run(Stop);
                Start();
                return drained ? "" : "had to be killed";
        }
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            Signal(Signals.Cont);
            Kill();
        }
        process?.Dispose();
        disk.Dispose();
    }

    /// <summary>
    /// Restarts the process with a clock that can be set, because such a clock costs much of a processor. Sets it an hour ahead, and back.
    /// </summary>
    async Task<string> JumpAsync(TimeSpan lasts)
    {
        var drained = await Task.Run(Stop);
        Start(clock);
        await ReadyAsync(CancellationToken.None);
        clock.Set(TimeSpan.FromHours(1));
        await Task.Delay(lasts);
        clock.Set(TimeSpan.Zero);
        await Task.Delay(lasts);
        drained &= await Task.Run(Stop);
        Start();
        return drained ? "" : "had to be killed";
    }

    string EndOfLog()
    {
        const int Lines = 20;
        process!.WaitForExit();                                              // reads the rest of its output
        return string.Join(Environment.NewLine, File.ReadLines(LogFile).TakeLast(Lines));
    }

    void Kill()
    {
        Signal(Signals.Kill);
        process!.WaitForExit();
    }

    /// <summary>Tells the process to stop, as a scheduler would. It drains.</summary>
    /// <returns>False if the process had to be killed.</returns>
    bool Stop()
    {
        Signal(Signals.Term);
        if (process!.WaitForExit(StopLimit))
            return true;
        Kill();
        return false;
    }

    void Signal(int signal)
    {
        if (process is { HasExited: false })
            Signals.Send(process.Id, signal, name);
    }
}

/// <summary>Where the programs, logs and disks of a fleet are.</summary>
/// <param name="Programs">Folder of the programs.</param>
/// <param name="Next">Folder of the programs of the next version.</param>
/// <param name="Logs">Folder of the logs.</param>
/// <param name="Disks">Folder of the temporary folders and clocks.</param>
sealed record FleetPlaces(string Programs, string Next, string Logs, string Disks);
