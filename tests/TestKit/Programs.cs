using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rewas.TestKit;

/// <summary>Runs the platform's programs as separate processes, from this test's own build output.</summary>
public static class Programs
{
    /// <summary>The jobs folder of these programs. It is not the user's, and is deleted after the tests.</summary>
    static readonly Lazy<DirectoryInfo> Jobs = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("rewas-test-jobs-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder;
    });

    public static string RepositoryRoot => Repository.Root;

    public static string Sample => Path.Combine(RepositoryRoot, "samples", "hammer.mp4");

    public static Task<Outcome> RewasAsync(params string[] arguments) => RunAsync("dotnet", [Dll("rewas"), .. arguments]);

    /// <summary>
    /// Runs <c>rewas evaluate</c> as its own program. Beside the tests it would lack assemblies that the tests take from the framework.
    /// </summary>
    public static Task<Outcome> EvaluateAsync(params string[] arguments) => RunAsync(
        "dotnet",
        [
            Path.Combine(
                RepositoryRoot, "evaluation", "Rewas.Evaluation", "bin", "Release", "net10.0", "rewas-evaluate.dll"),
            .. arguments,
        ]);

    public static async Task<Outcome> RunAsync(
        string program, string[] arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(program, arguments, folder, environment);
        return await OutcomeAsync(process, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// Runs a program of others that now and then never ends. It is killed after <see cref="Wait.Patience"/>, and begun anew.
    /// </summary>
    public static async Task<Outcome> RunUntilItEndsAsync(
        string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        const int tries = 3;
        var token = TestContext.Current.CancellationToken;
        for (var run = 1; ; run++)
        {
            using var process = Start(program, arguments, environment: environment);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(Wait.Patience);
            try
            {
                return await OutcomeAsync(process, limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                if (run == tries || token.IsCancellationRequested)
                    throw;
            }
        }
    }

    static async Task<Outcome> OutcomeAsync(Process process, CancellationToken token)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
        await process.WaitForExitAsync(token);
        return new(process.ExitCode, await output, await error);
    }

    public static Process Start(
        string program, string[] arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? RepositoryRoot,
        };
        start.Environment["REWAS_CACHE"] = "off";                            // no run finds what another test left
        start.Environment["Jobs__Folder"] = Path.Combine(Jobs.Value.FullName, Guid.NewGuid().ToString("n"));
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static string Dll(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    /// <summary>
    /// A port that nothing listens on. It lies below those that the kernel gives to connections, so none takes it before its server does.
    /// No other test gets it, whichever process runs it.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref lastPort) % Ports);
            var mark = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                mark.Bind(new IPEndPoint(IPAddress.Loopback, port));
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                Marks.Add(mark);
                return port;
            }
            catch (SocketException)
            {
                // Something listens there, or a test has the port.
                mark.Dispose();
            }
        }
    }

    /// <summary>
    /// Marks of the ports that tests of this process have. Servers use TCP, so a UDP socket is in the way of other tests alone, and goes
    /// with its process.
    /// </summary>
    static readonly ConcurrentBag<Socket> Marks = [];

    const int FirstPort = 12_000, Ports = 20_000;

    static int lastPort = Random.Shared.Next(Ports);
}
