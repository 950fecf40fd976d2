using System.Net.Http.Json;
using System.Text.Json;

namespace Rewas.Tests.Gateway.Web;

/// <summary>An operation of the API document, with a request for it.</summary>
/// <param name="Path">As the document writes it: /v1/files/{id}.</param>
/// <param name="Statuses">The statuses that the document lists.</param>
sealed record ApiOperation(string Name, HttpMethod Method, string Path, IReadOnlyList<int> Statuses, bool IsOpen)
{
    public bool NamesSomething => Path.Contains('{', StringComparison.Ordinal);

    /// <summary>Whether it is about a file of a conversation, which these requests do not name.</summary>
    public bool IsOfConversation => Path.Contains("{session}", StringComparison.Ordinal);

    /// <summary>Whether it is about what a caller has besides what it names: it shows or changes the caller's own alone.</summary>
    public bool IsOfCaller => Path.StartsWith("/v1/webhooks", StringComparison.Ordinal) || CallsNoService || Name == "listProjects";

    /// <summary>Whether the gate alone answers it.</summary>
    public bool CallsNoService => Path is "/v1/me" or "/v1/session";

    /// <summary>Whether it is about the library, which all callers share.</summary>
    public bool IsOfLibrary => Path.StartsWith("/v1/library", StringComparison.Ordinal);

    /// <summary>Whether it names another caller, whom only a server that checks callers knows.</summary>
    public bool NeedsCallers => Name == "shareProject";

    bool IsOfProject => Path.StartsWith("/v1/projects", StringComparison.Ordinal);

    /// <summary>Whether it is about a file.</summary>
    public bool IsOfFile => Path.StartsWith("/v1/files", StringComparison.Ordinal);

    /// <summary>Every operation of the document.</summary>
    public static async Task<IReadOnlyList<ApiOperation>> AllAsync(HttpClient client)
    {
        var text = await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var document = JsonDocument.Parse(text).RootElement;
        return
        [
            .. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation =>
                new ApiOperation(
                    operation.Value.GetProperty("operationId").GetString()!,
                    new(operation.Name.ToUpperInvariant()),
                    path.Name,
                    [.. operation.Value.GetProperty("responses").EnumerateObject().Select(answer => int.Parse(answer.Name))],
                    operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() == 0))),
        ];
    }

    /// <summary>A request that names things of these ids.</summary>
    public HttpRequestMessage Request(ApiThings things)
    {
        var (file, sound) = (things.File, things.Sound);
        var own = IsOfFile ? file : IsOfLibrary ? things.Recording : IsOfProject ? things.Project : sound;
        var path = Path.Replace("{id}", own, StringComparison.Ordinal)
            .Replace("{delivery}", things.Delivery, StringComparison.Ordinal).Replace("{caller}", "bob", StringComparison.Ordinal)
            .Replace("{session}", "none", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal);
        var request = new HttpRequestMessage(Method, path);
        request.Content = Name switch
        {
            "createFile" => new ByteArrayContent([1, 2, 3]),
            "continueFile" => Part(),
            "createSound" or "estimateSound" => JsonContent.Create(new { file, prompt = "rain", steps = 1 }),
            "createVideo" => JsonContent.Create(new { prompt = "rain", video_file_id = file, num_inference_steps = 1, width = 64 }),
            "createChatCompletion" => Conversation(file),
            "editSound" => JsonContent.Create(new { edits = new[] { "gain -1dB" } }),
            "checkPrompt" => JsonContent.Create(new { file, prompt = "rain" }),
            "editCurve" => JsonContent.Create(new { edits = new[] { "gain -1dB" } }),
            "createProject" or "saveProject" => JsonContent.Create(
                new { name = "film", document = new { files = new[] { file }, sounds = new[] { sound } } }),
            "shareProject" => JsonContent.Create(new { caller = "bob" }),
            _ => null,
        };
        if (Name == "saveProject")
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        return request;
    }

    static JsonContent Conversation(string file)
    {
        object[] content = [new { type = "text", text = "hello" }, new { type = "file", file = new { file_id = file } }];
        return JsonContent.Create(new { messages = new[] { new { role = "user", content } } });
    }

    static ByteArrayContent Part()
    {
        var part = new ByteArrayContent([]);
        part.Headers.TryAddWithoutValidation("Content-Range", "bytes */*");
        return part;
    }
}

/// <summary>Ids that requests name.</summary>
sealed record ApiThings(string File, string Sound)
{
    public static ApiThings None { get; } = new("none", "none");

    /// <summary>A webhook of the sound.</summary>
    public string Delivery { get; init; } = "none";

    public string Project { get; init; } = "none";

    /// <summary>A recording of the library.</summary>
    public string Recording { get; init; } = "none";
}
