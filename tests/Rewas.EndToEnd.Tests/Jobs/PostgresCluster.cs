using System.Diagnostics;
using Npgsql;

namespace Rewas.EndToEnd.Tests.Jobs;

/// <summary>A PostgreSQL server for one test, from Debian's package, in a temporary folder that is deleted with it.</summary>
sealed class PostgresCluster : IDisposable
{
    const string User = "postgres";
    static readonly string[] Quiet = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];

    readonly string folder = Directory.CreateTempSubdirectory("rewas-postgres-").FullName;
    readonly Process server;

    PostgresCluster(string programs)
    {
        if (Environment.IsPrivilegedProcess)
            Run("chown", User, folder);
        var data = Path.Combine(folder, "data");
        Run([.. AsUser, Path.Combine(programs, "initdb"), "-D", data, "-A", "trust", "-U", User, "--no-sync", "-E", "UTF8", "--no-locale"]);
        var port = Programs.FreePort();
        server = Start([
            .. AsUser,
            Path.Combine(programs, "postgres"),
            "-D",
            data,
            "-p",
            $"{port}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            $"unix_socket_directories={folder}",
            .. Quiet,
        ]);
        Connection = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres";
    }

    public string Connection { get; }

    /// <summary>PostgreSQL does not run as root.</summary>
    static string[] AsUser => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"] : [];

    /// <summary>Skips the test if PostgreSQL is not installed.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        const string root = "/usr/lib/postgresql";
        var programs = Directory.Exists(root)
            ? Directory.GetDirectories(root)
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (programs is null)
            Assert.Skip($"PostgreSQL is not installed (Debian's package postgresql: no initdb under {root})");
        var cluster = new PostgresCluster(programs);
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(cluster.Connection);
                await connection.OpenAsync();
                return cluster;
            }
            catch (NpgsqlException) when (limit.Elapsed < TimeSpan.FromMinutes(1) && !cluster.server.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (!server.HasExited)
            server.Kill(entireProcessTree: true);
        server.WaitForExit();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    static void Run(params string[] command)
    {
        using var process = Start(command);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} failed");
    }

    static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
