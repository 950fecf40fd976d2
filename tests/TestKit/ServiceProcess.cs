using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Rewas.TestKit;

/// <summary>One service in its own process.</summary>
public sealed class ServiceProcess : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    const int LinesKept = 100;

    readonly Process process;
    readonly ConcurrentQueue<string?> lines = new();
    bool disposed;

    ServiceProcess(Process process, string address) => (this.process, Address) = (process, address);

    /// <summary>Tells each line when it was written.</summary>
    public event Action<string>? Wrote;

    /// <summary>The last lines that the service wrote.</summary>
    public string Log => string.Join('\n', lines);

    public string Address { get; }

    public int Id => process.Id;

    /// <summary>Starts the service and waits until the standard health service says SERVING.</summary>
    public static Task<ServiceProcess> StartAsync(string dll, int port, params string[] arguments) =>
        StartAsync(dll, AddressOf(port), [$"--Rewas:Listen={AddressOf(port)}", .. arguments]);

    /// <summary>The same with further variables of its environment.</summary>
    public static Task<ServiceProcess> StartAsync(string dll, int port, Dictionary<string, string> environment, string[] arguments) =>
        StartAsync(dll, AddressOf(port), [$"--Rewas:Listen={AddressOf(port)}", .. arguments], environment);

    /// <summary><c>rewas serve</c>.</summary>
    public static Task<ServiceProcess> ServeAsync(int port, params string[] arguments) => ServeAsync(port, [], arguments);

    /// <summary><c>rewas serve</c> with further variables of its environment.</summary>
    public static Task<ServiceProcess> ServeAsync(int port, Dictionary<string, string> environment, string[] arguments) =>
        StartAsync("rewas", AddressOf(port), ["serve", "--listen", AddressOf(port), .. arguments], environment);

    static string AddressOf(int port) => $"http://127.0.0.1:{port}";

    static async Task<ServiceProcess> StartAsync(
        string dll, string address, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var process = Programs.Start("dotnet", [Programs.Dll(dll), .. arguments], environment: environment);
        var service = new ServiceProcess(process, address);
        process.OutputDataReceived += service.Keep;
        process.ErrorDataReceived += service.Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var channel = GrpcChannel.ForAddress(address);
        var limit = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var answer = await new Health.HealthClient(channel)
                    .CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(5));
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return service;
            }
            catch (Grpc.Core.RpcException) when (limit.Elapsed < StartLimit)
            {
                // The service is still loading.
            }
            if (process.HasExited)
            {
                process.WaitForExit();                                       // until its last lines are read
                Assert.Fail($"{dll} ended with {process.ExitCode} while starting: {service.Log}");
            }
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
            Wrote?.Invoke(text);
        lines.Enqueue(line.Data);
        if (lines.Count > LinesKept)
            lines.TryDequeue(out _);
    }

    /// <summary>Kills the process. May be called twice.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }
}
