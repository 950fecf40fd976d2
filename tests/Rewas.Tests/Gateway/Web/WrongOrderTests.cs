namespace Rewas.Tests.Gateway.Web;

public sealed class WrongOrderTests(SharedWebHost web) : IClassFixture<SharedWebHost>
{
    [Theory]
    [InlineData("""{"prompt":"rain"}""", "file: must be given")]
    [InlineData("""{"file":"x","prompt":"rain"}""", "video_id: 'x' does not exist")]
    [InlineData("""{"file":7,"prompt":"rain"}""", "file: must be a text, but is a number")]
    [InlineData("""{"file":"x","seconds":3,"prompt":"rain"}""", "seconds: must be absent with a file")]
    [InlineData("""{"seconds":1e9,"prompt":"rain"}""", "seconds: must be from 0.1 to 7200")]
    [InlineData("""{"seconds":3,"curve":[0,0],"prompt":"rain"}""", "seconds: must be the length of the curve")]
    [InlineData("""{"curve":[0,99],"prompt":"rain"}""", "curve: must be from -11.512925")]
    [InlineData("""{"curve":["a"],"prompt":"rain"}""", "curve: must be a list of numbers")]
    [InlineData("""{"file":"x"}""", "prompt: must have 1 to 2000 characters")]
    [InlineData("""{"file":"x","prompt":"rain","steps":7.5,"guidance":99}""",
        "steps: must be a whole number, but is 7.5; guidance: must be from 1 to 30, but is 99")]
    [InlineData("""{"file":"x","prompt":"rain","steps":"8"}""", "steps: must be a whole number, but is a text")]
    [InlineData("""{"file":"x","prompt":"rain","sampler":"magic"}""", "sampler: must be one of")]
    [InlineData("""{"file":"x","prompt":"rain","frames":7}""", "frames: is neither an option nor a field")]
    [InlineData("""{"file":"x","prompt":"rain","colour":"red"}""", "colour: is neither an option nor a field")]
    [InlineData("""{"file":"x","prompt":"rain","edits":["shout 3"]}""", "edit: must be one of gain")]
    [InlineData("""[1]""", "body: must be a JSON object, but is a list")]
    [InlineData("""{"file":""", "body: cannot be read as JSON")]
    [InlineData("""{"file":"x","prompt":"\ud800"}""", "body: cannot be read as JSON: a name or text that ends at byte 2")]
    [InlineData("""{"file":"x","\udc00":"rain"}""", "body: cannot be read as JSON: a name or text that ends at byte 2")]
    [InlineData("""{"file":"x","prompt":"rain","prompt":"wind"}""", "body: cannot be read as JSON: Duplicate property 'prompt'")]
    public Task A_wrong_order_is_refused_in_one_line(string order, string detail) => IsRefusedAsync("/v1/sounds", order, detail);

    [Theory]
    [InlineData("/v1/videos", """{"prompt":"\ud800","input_reference":"x"}""")]
    [InlineData("/v1/videos", """{"prompt":"rain","prompt":"wind","input_reference":"x"}""")]
    [InlineData("/v1/checks", """{"file":"x","prompt":"\ud800"}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"\ud800"}]}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":[{"type":"\ud800"}]}]}""")]
    public Task A_text_that_is_none_is_refused_on_every_route(string route, string body) =>
        IsRefusedAsync(route, body, "body: cannot be read as JSON: ");

    public static TheoryData<string, string, string, int, string> LongLists => new()
    {
        { "/v1/sounds", """{"file":"x","prompt":"rain","reference":[%]}""", "1", 101, "reference: must be given at most 100 times" },
        { "/v1/sounds", """{"file":"x","prompt":"rain","take":[%]}""", "1", 101, "take: must be given at most 100 times" },
        { "/v1/sounds", """{"file":"x","prompt":"rain","edits":[%]}""", "1", 101, "edits: at most 100 are accepted" },
        { "/v1/sounds", """{"file":"x","prompt":"rain","curve":[%]}""", "{}", 720_001, "curve: at most 720000 values are accepted" },
        { "/v1/files/x/curve", """{"curve":{"Values":[%]}}""", "{}", 720_001, "curve: at most 720000 values are accepted" },
        { "/v1/chat/completions", """{"messages":[%]}""", "1", 10_001, "messages: at most 10000 items are accepted" },
        { "/v1/chat/completions", """{"Messages":[%],"messages":[]}""", "1", 10_001, "Messages: at most 10000 items are accepted" },
        {
            "/v1/chat/completions", """{"messages":[{"role":"user","content":[%]}]}""", "1", 1001,
            "messages: a message must have at most 1000 parts, but one has 1001"
        },
        {
            "/v1/projects", """{"name":"x","document":{"sounds":[%]}}""", "1", 10_001,
            "document.sounds: at most 10000 ids are accepted"
        },
    };

    /// <summary>The items are of a wrong kind, so a list that is not counted first is refused for them.</summary>
    [Theory]
    [MemberData(nameof(LongLists))]
    public Task A_list_is_counted_before_its_items_are_read(string route, string body, string item, int count, string detail) =>
        IsRefusedAsync(
            route, body.Replace("%", string.Join(',', Enumerable.Repeat(item, count)), StringComparison.Ordinal), detail);

    [Fact]
    public Task A_message_that_is_null_is_refused() => IsRefusedAsync(
        "/v1/chat/completions", """{"messages":[null,{"role":"user","content":"hello"}]}""",
        "messages: must be messages, but one is null");

    async Task IsRefusedAsync(string route, string order, string detail)
    {
        using var body = new StringContent(order, System.Text.Encoding.UTF8, "application/json");
        using var answer = await web.Client.PostAsync(route, body, TestContext.Current.CancellationToken);
        var problem = await answer.JsonAsync();
        Assert.InRange((int)answer.StatusCode, 400, 429);
        Assert.StartsWith(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.GetProperty("detail").GetString()!);
    }
}
