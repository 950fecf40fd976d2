using System.Net;
using System.Text.Json;
using Rewas.Protocol.Orders;

namespace Rewas.Tests.Gateway.Web;

public sealed class DocumentTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task Every_operation_of_the_document_runs_and_answers_as_the_document_says()
    {
        await using var web = await WebHost.StartAsync(
            withKeys: true, ("Outgoing:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:AllowHttp", "true"));
        using var alice = web.As("alice");
        var recording = await web.IndexAsync(alice, "door.wav");
        var file = await alice.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        await alice.PostAsync("/v1/webhooks/secrets", null, TestContext.Current.CancellationToken).OkAsync();
        var sound = (await alice.SoundAsync(new { file, prompt = "rain", steps = 1, webhook = "http://127.0.0.1:9/" }))
            .GetProperty("id").GetString()!;
        var deliveries = await alice.GetAsync($"/v1/sounds/{sound}/webhooks", TestContext.Current.CancellationToken).OkAsync();
        var project = await alice.PostJsonAsync("/v1/projects", new { name = "film", document = new { } }).OkAsync();
        var things = new ApiThings(file, sound)
        {
            Delivery = deliveries.GetProperty("data")[0].GetProperty("id").GetString()!,
            Project = project.GetProperty("id").GetString()!,
            Recording = recording,
        };
        var operations = await ApiOperation.AllAsync(alice);
        Assert.True(operations.Count >= 45, $"{operations.Count} operations");
        // What deletes comes last.
        foreach (var operation in operations.Where(operation => !operation.IsOfConversation)
            .OrderBy(operation => operation.Method == HttpMethod.Delete))
        {
            using var request = operation.Request(things);
            using var answer = await alice.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{operation.Name}: {(int)answer.StatusCode} {body}");
            Assert.Contains((int)answer.StatusCode, operation.Statuses);
        }
    }

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
