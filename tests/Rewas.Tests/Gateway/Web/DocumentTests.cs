using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rewas.Protocol.Orders;

namespace Rewas.Tests.Gateway.Web;

public sealed class DocumentTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_operation_of_the_document_runs_and_answers_as_the_document_says(bool withKeys)
    {
        (string, string)[] settings = [("Outgoing:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:AllowHttp", "true")];
        await using var web = await WebHost.StartAsync(withKeys, settings);
        using var client = withKeys ? web.As("alice") : new HttpClient { BaseAddress = web.Address, Timeout = Wait.Patience };
        var recording = await web.IndexAsync(client, "door.wav");
        var file = await client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        await client.PostAsync("/v1/webhooks/secrets", null, TestContext.Current.CancellationToken).OkAsync();
        var sound = (await client.SoundAsync(new { file, prompt = "rain", steps = 1, webhook = "http://127.0.0.1:9/" }))
            .GetProperty("id").GetString()!;
        var deliveries = await client.GetAsync($"/v1/sounds/{sound}/webhooks", TestContext.Current.CancellationToken).OkAsync();
        var project = await client.PostJsonAsync("/v1/projects", new { name = "film", document = new { } }).OkAsync();
        var things = new ApiThings(file, sound)
        {
            Delivery = deliveries.GetProperty("data")[0].GetProperty("id").GetString()!,
            Project = project.GetProperty("id").GetString()!,
            Recording = recording,
        };
        var operations = await ApiOperation.AllAsync(client);
        Assert.True(operations.Count >= 45, $"{operations.Count} operations");
        // What deletes comes last.
        foreach (var operation in operations.Where(operation => !operation.IsOfConversation)
            .OrderBy(operation => operation.Method == HttpMethod.Delete))
        {
            using var request = operation.Request(things);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(
                operation.NeedsCallers && !withKeys ? answer.StatusCode == HttpStatusCode.Conflict : answer.IsSuccessStatusCode,
                $"{operation.Name}: {(int)answer.StatusCode} {body}");
            Assert.Contains((int)answer.StatusCode, operation.Statuses);
        }
    }

    /// <summary>Routes that the document does not describe, because they have standards of their own or describe themselves.</summary>
    static readonly string[] Undescribed = ["POST /mcp", "GET /openapi/v1.json", "GET /docs"];

    [Fact]
    public async Task The_table_of_the_page_has_every_route_and_no_other()
    {
        await using var web = await WebHost.StartAsync();
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "web-api.md"), TestContext.Current.CancellationToken);
        var routes = (await ApiOperation.AllAsync(web.Client)).Select(operation => $"{operation.Method} {operation.Path}").ToHashSet();
        Assert.Equal(routes.Order(), RoutesOf(page).Order());
        Assert.Equal(routes.Order(), web.Routes.Order());
        foreach (var route in Undescribed)
            Assert.Contains(route.Split(' ')[1], page, StringComparison.Ordinal);
    }

    /// <summary>
    /// The routes of the page's table: "POST /v1/files", "`GET …`" for the path before, "`POST …/cancel`" for one below it.
    /// </summary>
    static IEnumerable<string> RoutesOf(string page)
    {
        foreach (var row in page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var before = "";
            foreach (Match route in Route.Matches(row.Split(" | ")[0]))
            {
                var path = route.Groups["path"].Value;
                before = path.StartsWith('…') ? before + path[1..] : path;
                yield return $"{route.Groups["method"].Value} {before}";
            }
        }
    }

    static Regex Route { get; } = new("`(?<method>[A-Z]+) (?<path>[^`]+)`", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Every_operation_says_when_it_names_something_that_is_not_there()
    {
        await using var web = await WebHost.StartAsync();
        foreach (var operation in (await ApiOperation.AllAsync(web.Client)).Where(operation => operation.NamesSomething))
        {
            using var request = operation.Request(ApiThings.None);
            using var answer = await web.Client.SendAsync(request, TestContext.Current.CancellationToken);
            // Deleting what is not there changes nothing.
            Assert.Equal(
                operation.Method == HttpMethod.Delete ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains((int)answer.StatusCode, operation.Statuses);
        }
    }

    [Fact]
    public async Task The_document_is_valid()
    {
        await using var web = await WebHost.StartAsync();
        await using var json = await web.Client.GetStreamAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        var copy = new MemoryStream();
        await json.CopyToAsync(copy, TestContext.Current.CancellationToken);
        copy.Position = 0;
        var (document, diagnostic) = await Microsoft.OpenApi.OpenApiDocument.LoadAsync(
            copy, "json", cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotNull(document);
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(
            Microsoft.OpenApi.OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
    }

    [Fact]
    public async Task The_schema_of_an_order_has_each_option_of_the_table()
    {
        await using var web = await WebHost.StartAsync();
        var document = JsonDocument.Parse(
            await web.Client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)).RootElement;
        foreach (var schema in new[] { "SoundRequest", "SoundChanges" })
        {
            var properties = document.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties");
            foreach (var option in OrderTable.All.Where(option => option.Faces.HasFlag(OptionFaces.Manifest)))
            {
                var property = properties.GetProperty(option.Name);
                Assert.StartsWith(option.Help, property.GetProperty("description").GetString(), StringComparison.Ordinal);
                if (option.Kind is OptionKind.Whole or OptionKind.Number)
                    Assert.Equal(
                        (option.OrZero ? 0 : option.Minimum, option.Maximum),
                        (property.GetProperty("minimum").GetDouble(), property.GetProperty("maximum").GetDouble()));
                if (option.Kind == OptionKind.Choice)
                    Assert.Equal(option.Choices, property.GetProperty("enum").EnumerateArray().Select(choice => choice.ToString()));
            }
            Assert.False(properties.TryGetProperty("frames", out _));
        }
    }

    [Fact]
    public async Task The_reference_page_asks_no_other_host()
    {
        await using var web = await WebHost.StartAsync();
        var page = await web.Client.GetStringAsync("/docs/", TestContext.Current.CancellationToken);
        Assert.Contains("scalar", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
    }
}
