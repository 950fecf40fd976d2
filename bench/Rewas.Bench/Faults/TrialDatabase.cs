using System.Diagnostics;
using Npgsql;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Bench.Faults;

/// <summary>
/// PostgreSQL from the system's package, on the trial's bridge, with its data in a temporary folder. All settings that keep data safe stay
/// on.
/// </summary>
sealed class TrialDatabase : IFaultTarget, IDisposable
{
    const string Root = "/usr/lib/postgresql", User = "postgres";
    const int Port = 5432;

    readonly PrivateFolder folder = PrivateFolder.Create("rewas-trial-postgres-");
    readonly string[] command;
    Process server;

    /// <param name="clients">Addresses that may connect, as CIDR.</param>
    public TrialDatabase(string address, string clients)
    {
        var programs = Directory.Exists(Root)
            ? Directory.GetDirectories(Root)
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (programs is null)
            throw InputFault.Precondition("postgresql", $"is not installed: no initdb under {Root}");
        var data = Path.Combine(folder.Path, "data");
        Run("chown", User, folder.Path);
        Run([.. AsUser, Path.Combine(programs, "initdb"), "-D", data, "-A", "trust", "-U", User, "-E", "UTF8", "--no-locale"]);
        File.AppendAllText(Path.Combine(data, "pg_hba.conf"), $"host all all {clients} trust\n");
        command =
        [
            .. AsUser,
            Path.Combine(programs, "postgres"),
            "-D",
            data,
            "-p",
            $"{Port}",
            "-c",
            $"listen_addresses={address}",
            "-c",
            $"unix_socket_directories={folder.Path}",
        ];
        server = Start(command);
        Connection = $"Host={address};Port={Port};Username={User};Database={User}";
    }

    public string Connection { get; }

    public string Name => "PostgreSQL";

    public string Group => Name;

    /// <summary>Restarts the server, which breaks all connections, or freezes it.</summary>
    public async Task<string> SufferAsync(FaultKind kind, TimeSpan lasts)
    {
        if (kind is FaultKind.Frozen)
        {
            Signals.SendToFamily(server.Id, Signals.Stop, Name);
            await Task.Delay(lasts);
            Signals.SendToFamily(server.Id, Signals.Cont, Name);
            return "";
        }
        Signals.Send(server.Id, Signals.Int, Name);                          // a fast shutdown
        await server.WaitForExitAsync();
        server.Dispose();
        server = Start(command);
        return "";
    }

    static string[] AsUser => ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"];   // PostgreSQL does not run as root

    public async Task ReadyAsync(CancellationToken cancellation)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(100, cancellation))
        {
            try
            {
                await using var connection = new NpgsqlConnection(Connection);
                await connection.OpenAsync(cancellation);
                return;
            }
            catch (NpgsqlException) when (watch.Elapsed < TimeSpan.FromMinutes(1) && !server.HasExited)
            {
                // The server is still starting.
            }
        }
    }

    /// <summary>How often each item of a job was completed, and how many attempts were lost with their process.</summary>
    public async Task<(IReadOnlyDictionary<int, int> Made, int Lost)> ExecutionsAsync(string job)
    {
        await using var source = NpgsqlDataSource.Create(Connection);
        await using var command = source.CreateCommand("SELECT item, outcome FROM rewas_executions WHERE job = $1");
        command.Parameters.AddWithValue(job);
        await using var reader = await command.ExecuteReaderAsync();
        var executions = new List<(int Item, string Outcome)>();
        while (await reader.ReadAsync())
            executions.Add((Convert.ToInt32(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), reader.GetString(1)));
        return (
            executions.Where(e => e.Outcome == "succeeded").CountBy(e => e.Item).ToDictionary(),
            executions.Count(e => e.Outcome == "lost"));
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (!server.HasExited)
            server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
        folder.Dispose();
    }

    static void Run(params string[] command)
    {
        using var process = Start(command);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw InputFault.Precondition("postgresql", $"{string.Join(' ', command)} failed");
    }

    static Process Start(string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
