using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Rewas.Clip.Files;

namespace Rewas.Bench.Faces;

/// <summary><c>rewas serve</c> as a process of its own, with an empty cache and an empty store.</summary>
sealed class ServedProgram : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2), CallLimit = TimeSpan.FromMinutes(10);

    readonly PrivateFolder folder = PrivateFolder.Create("rewas-bench-");
    readonly Process process;

    /// <param name="program">A built rewas.dll.</param>
    public ServedProgram(string program, string bundle)
    {
        (Grpc, Web) = (new($"http://127.0.0.1:{FreePort()}"), new($"http://127.0.0.1:{FreePort()}"));
        Client = new() { BaseAddress = Web, Timeout = CallLimit };
        var start = new ProcessStartInfo(
            "dotnet",
            [
                program, "serve", "--listen", Grpc.OriginalString, "--web", Web.OriginalString, "--bundle", bundle, "--",
                $"--Store:Folder={folder.File("store")}", "--Logging:LogLevel:Default=None",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["REWAS_CACHE"] = folder.File("cache") },
        };
        process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Grpc { get; }

    public Uri Web { get; }

    /// <summary>Of the web API.</summary>
    public HttpClient Client { get; }

    /// <summary>A file in a folder that is deleted at the end.</summary>
    public string File(string name) => folder.File(name);

    /// <summary>Waits until it serves.</summary>
    public async Task ReadyAsync()
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var answer = await Client.GetAsync("/v1/health");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (watch.Elapsed < StartLimit && !process.HasExited)
            {
                // It is still loading.
            }
        }
    }

    /// <summary>Sends a file. Returns its id.</summary>
    public async Task<string> UploadAsync(string path)
    {
        using var body = new StreamContent(System.IO.File.OpenRead(path));
        var answer = await AnswerAsync(await Client.PostAsync($"/v1/files?name={Uri.EscapeDataString(Path.GetFileName(path))}", body));
        return (string)answer["id"]!;
    }

    /// <param name="wait">Seconds to wait for the end of a sound; null for other requests.</param>
    public async Task<JsonObject> PostAsync(string path, JsonObject order, int? wait = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(order) };
        if (wait is { } seconds)
            request.Headers.Add("Prefer", $"wait={seconds}");
        return await AnswerAsync(await Client.SendAsync(request));
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        folder.Dispose();
    }

    static async Task<JsonObject> AnswerAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new InvalidOperationException(text);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
