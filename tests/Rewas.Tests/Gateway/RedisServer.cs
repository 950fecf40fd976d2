using System.Diagnostics;
using System.Net.Sockets;

namespace Rewas.Tests.Gateway;

/// <summary>A Redis for one test, from Debian's package. It keeps nothing on disk.</summary>
sealed class RedisServer : IDisposable
{
    readonly int port = Programs.FreePort();
    Process? server;

    /// <summary>As Gateway:QuotaStore.</summary>
    public string Address => $"127.0.0.1:{port}";

    /// <summary>Skips the test if Redis is not installed.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var redis = new RedisServer();
        await redis.BeginAsync();
        return redis;
    }

    /// <summary>Starts it again, empty.</summary>
    public async Task BeginAsync()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Skip("Redis is not installed (Debian's package redis-server)");
        server = Programs.Start(program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], "/");
        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        await Wait.UntilAsync(AnswersAsync, "Redis answers");
    }

    public void End()
    {
        server!.Kill();
        server.WaitForExit();
        server.Dispose();
        server = null;
    }

    /// <summary>It answers nothing until it goes on.</summary>
    public void Freeze() => Signal("STOP");

    public void GoOn() => Signal("CONT");

    public void Dispose()
    {
        if (server is not null)
            End();
    }

    void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{server!.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    async Task<bool> AnswersAsync()
    {
        Assert.False(server!.HasExited, "Redis ended while starting");
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
