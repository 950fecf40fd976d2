using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rewas.Cli.Serving;
using Rewas.Clip.Files;
using Rewas.Hosting.Access;
using Rewas.Sound.Wav;
using Rewas.Tests.Library;

namespace Rewas.Tests.Gateway.Web;

/// <summary>The all-in-one host with a tiny bundle and a web API, behind real sockets.</summary>
sealed class WebHost : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly WebApplication app;
    readonly TinyBundle bundle;
    readonly TemporaryFolder folder;

    WebHost(WebApplication app, TinyBundle bundle, TemporaryFolder folder)
    {
        (this.app, this.bundle, this.folder) = (app, bundle, folder);
        Client = NewClient();
    }

    /// <summary>A client without a key.</summary>
    public HttpClient Client { get; }

    /// <summary>Address of the web API.</summary>
    public Uri Address => new(app.Urls.Last(url => url.StartsWith("http://127", StringComparison.Ordinal)));

    /// <summary>Address of gRPC.</summary>
    public Uri Grpc => new(app.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal)));

    /// <summary>The routes of the web API that run, as "GET /v1/files/{id}", without HEAD.</summary>
    public IEnumerable<string> Routes => app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) == true)
        .SelectMany(endpoint => endpoint.Metadata.OfType<HttpMethodMetadata>().SelectMany(methods => methods.HttpMethods)
            .Where(method => method != "HEAD").Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"))
        .Distinct();

    string KeysPath => folder.File("keys.json");

    public static Task<WebHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(withKeys: false, settings);

    /// <param name="withKeys">Callers need a key.</param>
    public static async Task<WebHost> StartAsync(bool withKeys, params (string Key, string Value)[] settings)
    {
        var (bundle, folder) = (new TinyBundle(), new TemporaryFolder());
        KeysFile.Write(folder.File("keys.json"), []);
        Directory.CreateDirectory(folder.File("studio"));
        Directory.CreateDirectory(folder.File("recordings"));
        (string Key, string Value)[] all =
        [
            ("Web:Listen", "http://127.0.0.1:0"),
            ("Onnx:Threads", "1"),
            ("Rewas:WarmUp", "false"),
            ("SoundStudio:Folder", folder.File("studio")),
            ("Jobs:Folder", folder.File("jobs")),
            ("SoundLibrary:Folder", folder.File("library")),
            ("SoundLibrary:ReadableFolder", folder.File("recordings")),
            .. withKeys ? [("Callers:KeysFile", folder.File("keys.json"))] : Array.Empty<(string, string)>(),
            .. settings,
        ];
        var app = AllInOne.Build(
            "http://127.0.0.1:0", bundle.Bundle, quiet: false, [.. all.Select(setting => $"--{setting.Key}={setting.Value}"),
                "--Logging:LogLevel:Default=Error"]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, bundle, folder);
    }

    /// <summary>A client with a new key. Add all keys before the first is used: the host looks at the file once a second.</summary>
    public HttpClient As(string caller, Func<KeyEntry, KeyEntry>? change = null)
    {
        var key = ApiKey.New();
        var entry = new KeyEntry
        {
            Id = key.Id,
            Caller = caller,
            Sha256 = Convert.ToHexStringLower(key.Hash()),
            Created = DateTimeOffset.UtcNow,
            Methods = ["*"],
        };
        KeysFile.Write(KeysPath, [.. KeysFile.Read(KeysPath), change?.Invoke(entry) ?? entry]);
        var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Text);
        return client;
    }

    /// <summary>Path of a file in the folder that the library may index.</summary>
    public string Recording(string name) => Path.Combine(folder.File("recordings"), name);

    /// <summary>Adds half a second of noise to the library. The hash of its file, which is its id.</summary>
    /// <param name="client">Names the caller.</param>
    public async Task<string> IndexAsync(HttpClient client, string name)
    {
        await WavFile.WriteAsync(
            Recording(name), new(MadeRecordings.Blow(name.Length), 16_000), WavEncoding.Pcm16, TestContext.Current.CancellationToken);
        using var channel = GrpcChannel.ForAddress(Grpc);
        var headers = new Metadata();
        if (client.DefaultRequestHeaders.Authorization is { } key)
            headers.Add("authorization", key.ToString());
        using var indexing = new V1.SoundLibrary.SoundLibraryClient(channel).IndexSounds(new() { Folders = { "." } }, headers);
        await foreach (var happened in indexing.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            Assert.Null(happened.Refused);
        return await FileHash.OfAsync(Recording(name), TestContext.Current.CancellationToken);
    }

    public void Revoke(string caller) => KeysFile.Write(
        KeysPath,
        [.. KeysFile.Read(KeysPath).Select(entry => entry.Caller == caller ? entry with { Revoked = DateTimeOffset.UtcNow } : entry)]);

    HttpClient NewClient() => new() { BaseAddress = Address, Timeout = Patience };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        bundle.Dispose();
        folder.Dispose();
    }
}

/// <summary>One host for the tests of a class that change nothing.</summary>
public sealed class SharedWebHost : IAsyncLifetime
{
    WebHost? host;

    internal HttpClient Client => host!.Client;

    public async ValueTask InitializeAsync() => host = await WebHost.StartAsync();

    public ValueTask DisposeAsync() => host?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Requests of the web API, as tests make them.</summary>
static class WebRequests
{
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asserts success and reads the JSON.</summary>
    public static async Task<JsonElement> OkAsync(this Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Asserts that a request is refused with this status and code, and that the detail contains a text.</summary>
    public static async Task<JsonElement> RefusedAsync(
        this Task<HttpResponseMessage> asked, int status, string code, string detail = "")
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status, $"{status} is expected, but it is {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((status, code), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return problem;
    }

    public static Task<HttpResponseMessage> SendFileAsync(this HttpClient client, byte[] bytes, string name = "clip.mp4") =>
        client.PostAsync($"/v1/files?name={name}", new ByteArrayContent(bytes), TestContext.Current.CancellationToken);

    /// <summary>The id of a file that was sent.</summary>
    public static async Task<string> FileAsync(this HttpClient client, byte[] bytes) =>
        (await client.SendFileAsync(bytes).OkAsync()).GetProperty("id").GetString()!;

    public static Task<HttpResponseMessage> StartSoundAsync(this HttpClient client, object order, string? prefer = null) =>
        client.PostJsonAsync("/v1/sounds", order, ("Prefer", prefer));

    /// <summary>A sound that has been made.</summary>
    public static async Task<JsonElement> SoundAsync(this HttpClient client, object order)
    {
        var sound = await client.StartSoundAsync(order, "wait=170").OkAsync();
        Assert.True(sound.GetProperty("status").GetString() == "succeeded", sound.GetRawText());
        return sound;
    }

    public static Task<HttpResponseMessage> PostJsonAsync(
        this HttpClient client, string path, object body, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PutPartAsync(this HttpClient client, string file, byte[] part, string contentRange)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/files/{file}") { Content = new ByteArrayContent(part) };
        request.Content.Headers.TryAddWithoutValidation("Content-Range", contentRange);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> GetRangeAsync(this HttpClient client, string path, long? from, long? to)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Range = new RangeHeaderValue(from, to);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
