using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rewas.Tests.Gateway.Web;

public sealed class ProjectTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_project_is_kept_listed_opened_saved_and_deleted()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync([1, 2, 3]);
        var document = new { prompt = "rain \u2028 <b>", files = new[] { file }, edits = new[] { new { at = 1.5 } } };
        using var answer = await web.Client.PostJsonAsync("/v1/projects", new { name = "Film", document });
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (answer.StatusCode, answer.Headers.ETag?.ToString()));
        var made = await answer.JsonAsync();
        var id = made.GetProperty("id").GetString()!;
        Assert.Equal($"/v1/projects/{id}", answer.Headers.Location?.OriginalString);
        Assert.Equal((1, false, false), (
            made.GetProperty("version").GetInt32(), made.GetProperty("read_only").GetBoolean(), made.TryGetProperty("document", out _)));

        var opened = await web.Client.GetAsync($"/v1/projects/{id}", Cancel).OkAsync();
        Assert.Equal(JsonSerializer.SerializeToElement(document), opened.GetProperty("document"), JsonElement.DeepEquals);
        Assert.Equal([file], Texts(opened, "files"));
        Assert.Empty(Texts(opened, "sounds"));

        var saved = await SaveAsync(web.Client, id, "\"1\"", new { prompt = "snow" }, "Other").OkAsync();
        Assert.Equal((2, "Other"), (saved.GetProperty("version").GetInt32(), saved.GetProperty("name").GetString()));
        var listed = (await web.Client.GetAsync("/v1/projects", Cancel).OkAsync()).GetProperty("data")[0];
        Assert.Equal((id, "Other", false), (
            listed.GetProperty("id").GetString(), listed.GetProperty("name").GetString(), listed.TryGetProperty("document", out _)));

        using var deleted = await web.Client.DeleteAsync($"/v1/projects/{id}", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await web.Client.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND", "project_id");
        Assert.Empty((await web.Client.GetAsync("/v1/projects", Cancel).OkAsync()).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task What_another_window_has_saved_is_not_replaced_unseen()
    {
        await using var web = await WebHost.StartAsync();
        var id = await CreateAsync(web.Client, new { step = 0 });
        await SaveAsync(web.Client, id, "\"1\"", new { step = 1 }).OkAsync();
        var problem = await SaveAsync(web.Client, id, "\"1\"", new { step = 2 }).RefusedAsync(
            412, "ABORTED", "version: must be 2, but is 1");
        Assert.Equal("version", problem.GetProperty("field").GetString());
        Assert.Equal(1, await StepAsync(web.Client, id));
        await SaveAsync(web.Client, id, "*", new { step = 3 }).OkAsync();
        Assert.Equal(3, await StepAsync(web.Client, id));
        await SaveAsync(web.Client, id, null, new { step = 4 }).RefusedAsync(428, "INVALID_ARGUMENT", "If-Match");
        await SaveAsync(web.Client, id, "3", new { step = 4 }).RefusedAsync(400, "INVALID_ARGUMENT", "If-Match");
        await SaveAsync(web.Client, "none", "\"3\"", new { step = 4 }).RefusedAsync(404, "NOT_FOUND", "project_id");
    }

    [Fact]
    public async Task Of_many_windows_that_save_the_same_version_one_succeeds()
    {
        await using var web = await WebHost.StartAsync();
        var id = await CreateAsync(web.Client, new { step = 0 });
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(step => SaveAsync(web.Client, id, "\"1\"", new { step })));
        Assert.Equal(
            [.. Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 11).Prepend(HttpStatusCode.OK)],
            answers.Select(answer => answer.StatusCode).Order());
    }

    [Fact]
    public async Task Impossible_projects_are_refused()
    {
        await using var web = await WebHost.StartAsync();
        await Posted(new { files = new[] { "none" } }).RefusedAsync(404, "NOT_FOUND", "video_ids: 'none'");
        await Posted(new { sounds = new[] { "none" } }).RefusedAsync(404, "NOT_FOUND", "render_ids: 'none'");
        await Posted(new { files = "none" }).RefusedAsync(400, "INVALID_ARGUMENT", "document.files: must be a list of texts");
        await Posted(new { files = new object[] { 1 } }).RefusedAsync(400, "INVALID_ARGUMENT", "document.files");
        await Posted(new[] { 1 }).RefusedAsync(400, "INVALID_ARGUMENT", "document: must be a JSON object");
        await Posted(new { text = new string('a', 1 << 20) }).RefusedAsync(429, "RESOURCE_EXHAUSTED", "document: must have at most 1048576");
        await Posted(new { files = Enumerable.Range(0, 101).Select(i => $"f{i}") }).RefusedAsync(429, "RESOURCE_EXHAUSTED", "video_ids");
        await web.Client.PostJsonAsync("/v1/projects", new { name = "", document = new { } }).RefusedAsync(400, "INVALID_ARGUMENT", "name");
        await web.Client.PostJsonAsync("/v1/projects", new { name = "a" }).RefusedAsync(400, "INVALID_ARGUMENT", "document: must be given");
        await web.Client.PostJsonAsync("/v1/projects", new { name = new string('n', 256), document = new { } })
            .RefusedAsync(400, "INVALID_ARGUMENT", "name: must have 1 to 255");

        Task<HttpResponseMessage> Posted(object document) => web.Client.PostJsonAsync("/v1/projects", new { name = "a", document });
    }

    [Fact]
    public async Task Files_and_sounds_are_kept_as_long_as_the_project_that_names_them()
    {
        await using var web = await WebHost.StartAsync(("SoundStudio:Lease", "00:10:00"), ("SoundStudio:ProjectLease", "3.00:00:00"));
        var film = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));
        var (kept, loose) = (await web.Client.FileAsync([1]), await web.Client.FileAsync([2]));
        var sound = (await web.Client.SoundAsync(new { file = film, prompt = "rain", steps = 1 })).GetProperty("id").GetString()!;

        // The sound keeps its film, though the document does not name the film.
        var id = await CreateAsync(web.Client, new { files = new[] { kept }, sounds = new[] { sound } });
        Assert.All([await LeaseAsync(film), await LeaseAsync(kept)], lease => Assert.InRange(lease.TotalHours, 71, 72));
        Assert.InRange((await LeaseAsync(loose)).TotalMinutes, 1, 10);

        // What is no longer named has the usual lease; so has everything without the project.
        await SaveAsync(web.Client, id, "*", new { sounds = new[] { sound } }).OkAsync();
        Assert.InRange((await LeaseAsync(kept)).TotalMinutes, 1, 10);
        Assert.InRange((await LeaseAsync(film)).TotalHours, 71, 72);
        var other = await CreateAsync(web.Client, new { files = new[] { film } });
        (await web.Client.DeleteAsync($"/v1/projects/{id}", Cancel)).Dispose();
        Assert.InRange((await LeaseAsync(film)).TotalHours, 71, 72);
        (await web.Client.DeleteAsync($"/v1/projects/{other}", Cancel)).Dispose();
        Assert.InRange((await LeaseAsync(film)).TotalMinutes, 1, 10);

        async Task<TimeSpan> LeaseAsync(string file) =>
            (await web.Client.GetAsync($"/v1/files/{file}/status", Cancel).OkAsync()).GetProperty("lease_ends").GetDateTimeOffset()
            - DateTimeOffset.UtcNow;
    }

    [Fact]
    public async Task What_was_deleted_meanwhile_does_not_keep_a_project_from_being_saved()
    {
        await using var web = await WebHost.StartAsync();
        var (gone, there) = (await web.Client.FileAsync([1]), await web.Client.FileAsync([2]));
        var document = new { files = new[] { gone, there } };
        var id = await CreateAsync(web.Client, document);
        (await web.Client.DeleteAsync($"/v1/files/{gone}", Cancel)).Dispose();
        Assert.Equal([there], Texts(await web.Client.GetAsync($"/v1/projects/{id}", Cancel).OkAsync(), "files"));
        Assert.Equal([there], Texts(await SaveAsync(web.Client, id, "*", document).OkAsync(), "files"));
    }

    [Fact]
    public async Task A_project_ends_with_its_lease_and_with_what_it_keeps()
    {
        await using var web = await WebHost.StartAsync(("SoundStudio:Lease", "00:00:10"), ("SoundStudio:ProjectLease", "00:00:12"));
        var file = await web.Client.FileAsync([1]);
        var id = await CreateAsync(web.Client, new { files = new[] { file } });
        var ends = (await web.Client.GetAsync($"/v1/files/{file}/status", Cancel).OkAsync()).GetProperty("lease_ends").GetDateTimeOffset();
        await Wait.UntilAsync(
            async () => (await web.Client.GetAsync("/v1/projects", Cancel).OkAsync()).GetProperty("data").GetArrayLength() == 0,
            "the project's lease has ended");
        await web.Client.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND");
        // A little later than the project's. Whoever asks for the file before then renews its lease.
        await Wait.UntilAsync(() => DateTimeOffset.UtcNow > ends.AddSeconds(1), "the file's lease has ended");
        await web.Client.GetAsync($"/v1/files/{file}/status", Cancel).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Quotas_are_a_callers_own()
    {
        await using var web = await WebHost.StartAsync(
            withKeys: true, ("SoundStudio:MaxProjectsPerCaller", "2"), ("SoundStudio:MaxProjects", "3"));
        using var alice = web.As("alice");
        using var bob = web.As("bob");
        await CreateAsync(alice, new { });
        var second = await CreateAsync(alice, new { });
        await alice.PostJsonAsync("/v1/projects", new { name = "a", document = new { } })
            .RefusedAsync(429, "RESOURCE_EXHAUSTED", "MaxProjectsPerCaller");
        await CreateAsync(bob, new { });
        await bob.PostJsonAsync("/v1/projects", new { name = "a", document = new { } }).RefusedAsync(429, "RESOURCE_EXHAUSTED", "MaxProjects");
        (await alice.DeleteAsync($"/v1/projects/{second}", Cancel)).Dispose();
        await CreateAsync(bob, new { });
    }

    [Fact]
    public async Task The_same_key_makes_one_project()
    {
        await using var web = await WebHost.StartAsync();
        var body = new { name = "a", document = new { } };
        var first = await web.Client.PostJsonAsync("/v1/projects", body, ("Idempotency-Key", "k")).OkAsync();
        var again = await web.Client.PostJsonAsync("/v1/projects", body, ("Idempotency-Key", "k")).OkAsync();
        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        await web.Client.PostJsonAsync("/v1/projects", new { name = "b", document = new { } }, ("Idempotency-Key", "k"))
            .RefusedAsync(400, "INVALID_ARGUMENT", "idempotency_key");
    }

    [Fact]
    public async Task A_caller_whom_a_project_is_shared_with_opens_it_hears_it_and_changes_nothing()
    {
        await using var web = await WebHost.StartAsync(withKeys: true, ("Outgoing:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:AllowHttp", "true"));
        using var alice = web.As("alice");
        using var bob = web.As("bob");
        using var mallory = web.As("mallory");
        await alice.PostAsync("/v1/webhooks/secrets", null, Cancel).OkAsync();
        var film = await alice.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));
        var hidden = await alice.FileAsync([1]);
        var order = new { file = film, prompt = "rain", steps = 1, webhook = "http://127.0.0.1:9/secret" };
        var shown = (await alice.SoundAsync(order)).GetProperty("id").GetString()!;
        var kept = (await alice.SoundAsync(order)).GetProperty("id").GetString()!;
        var id = await CreateAsync(alice, new { files = new[] { film }, sounds = new[] { shown } });
        await bob.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND");

        await alice.PostJsonAsync($"/v1/projects/{id}/shares", new { caller = "bob" }).OkAsync();

        var opened = await bob.GetAsync($"/v1/projects/{id}", Cancel).OkAsync();
        Assert.Equal((true, "alice", false), (
            opened.GetProperty("read_only").GetBoolean(), opened.GetProperty("owner").GetString(), opened.TryGetProperty("shared_with", out _)));
        Assert.Equal(id, (await bob.GetAsync("/v1/projects", Cancel).OkAsync()).GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal(
            await alice.GetByteArrayAsync($"/v1/sounds/{shown}/content?format=wav", Cancel),
            await bob.GetByteArrayAsync($"/v1/sounds/{shown}/content?format=wav", Cancel));
        Assert.Equal(await alice.GetByteArrayAsync($"/v1/files/{film}", Cancel), await bob.GetByteArrayAsync($"/v1/files/{film}", Cancel));
        var told = await (await bob.GetAsync($"/v1/sounds/{shown}", Cancel)).Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        await bob.PostAsync($"/v1/files/{film}/analysis", null, Cancel).OkAsync();
        await bob.GetAsync($"/v1/sounds/{shown}/levels", Cancel).OkAsync();

        // Nothing else of hers, and no change.
        await bob.GetAsync($"/v1/sounds/{kept}", Cancel).RefusedAsync(404, "NOT_FOUND");
        await bob.GetAsync($"/v1/files/{hidden}/status", Cancel).RefusedAsync(404, "NOT_FOUND");
        await bob.StartSoundAsync(new { file = film, prompt = "rain", steps = 1 }).RefusedAsync(404, "NOT_FOUND");
        await bob.PostAsync($"/v1/sounds/{shown}/cancel", null, Cancel).RefusedAsync(404, "NOT_FOUND");
        (await bob.DeleteAsync($"/v1/sounds/{shown}", Cancel)).Dispose();
        (await bob.DeleteAsync($"/v1/files/{film}", Cancel)).Dispose();
        await SaveAsync(bob, id, "*", new { }).RefusedAsync(403, "PERMISSION_DENIED", "project_id: is another caller's");
        await bob.PostJsonAsync($"/v1/projects/{id}/shares", new { caller = "mallory" }).RefusedAsync(403, "PERMISSION_DENIED");
        (await bob.DeleteAsync($"/v1/projects/{id}/shares/bob", Cancel)).Dispose();
        await bob.PostJsonAsync("/v1/projects", new { name = "mine", document = new { sounds = new[] { shown } } })
            .RefusedAsync(404, "NOT_FOUND", "render_ids");
        await bob.GetAsync($"/v1/sounds/{shown}", Cancel).OkAsync();
        await mallory.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND");
        await mallory.GetAsync($"/v1/sounds/{shown}", Cancel).RefusedAsync(404, "NOT_FOUND");

        // What the project no longer names, and a sharing that ended, are closed at once.
        await SaveAsync(alice, id, "*", new { files = new[] { film } }).OkAsync();
        await bob.GetAsync($"/v1/sounds/{shown}", Cancel).RefusedAsync(404, "NOT_FOUND");
        await bob.GetAsync($"/v1/files/{film}/status", Cancel).OkAsync();
        (await alice.DeleteAsync($"/v1/projects/{id}/shares/bob", Cancel)).Dispose();
        await bob.GetAsync($"/v1/files/{film}/status", Cancel).RefusedAsync(404, "NOT_FOUND");
        await bob.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_caller_can_leave_a_project_that_is_shared_with_it()
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice");
        using var bob = web.As("bob");
        var id = await CreateAsync(alice, new { });
        await alice.PostJsonAsync($"/v1/projects/{id}/shares", new { caller = "bob" }).OkAsync();
        (await bob.DeleteAsync($"/v1/projects/{id}", Cancel)).Dispose();
        await bob.GetAsync($"/v1/projects/{id}", Cancel).RefusedAsync(404, "NOT_FOUND");
        Assert.Empty(Texts(await alice.GetAsync($"/v1/projects/{id}", Cancel).OkAsync(), "shared_with"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("b\nob")]
    [InlineData("böb")]
    public async Task A_project_is_shared_with_another_callers_name_alone(string caller)
    {
        await using var web = await WebHost.StartAsync(withKeys: true);
        using var alice = web.As("alice");
        var id = await CreateAsync(alice, new { });
        await alice.PostJsonAsync($"/v1/projects/{id}/shares", new { caller }).RefusedAsync(400, "INVALID_ARGUMENT", "caller: must");
    }

    [Fact]
    public async Task A_server_that_checks_no_callers_shares_with_everybody_already()
    {
        await using var web = await WebHost.StartAsync();
        var id = await CreateAsync(web.Client, new { });
        await web.Client.PostJsonAsync($"/v1/projects/{id}/shares", new { caller = "bob" })
            .RefusedAsync(409, "FAILED_PRECONDITION", "everybody can open the project");
    }

    [Fact]
    public async Task A_deleted_sound_gives_its_room_back()
    {
        await using var web = await WebHost.StartAsync(("SoundStudio:MaxRendersPerVideo", "1"));
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));
        var order = new { file, prompt = "rain", steps = 1 };
        var sound = (await web.Client.SoundAsync(order)).GetProperty("id").GetString();
        await web.Client.StartSoundAsync(order).RefusedAsync(429, "RESOURCE_EXHAUSTED", "MaxRendersPerVideo");
        (await web.Client.DeleteAsync($"/v1/sounds/{sound}", Cancel)).Dispose();
        await web.Client.GetAsync($"/v1/sounds/{sound}", Cancel).RefusedAsync(404, "NOT_FOUND");
        await web.Client.SoundAsync(order);
    }

    static async Task<string> CreateAsync(HttpClient client, object document) =>
        (await client.PostJsonAsync("/v1/projects", new { name = "film", document }).OkAsync()).GetProperty("id").GetString()!;

    static Task<HttpResponseMessage> SaveAsync(HttpClient client, string id, string? ifMatch, object document, string name = "film")
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/projects/{id}") { Content = JsonContent.Create(new { name, document }) };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return client.SendAsync(request, Cancel);
    }

    static async Task<int> StepAsync(HttpClient client, string id) =>
        (await client.GetAsync($"/v1/projects/{id}", Cancel).OkAsync()).GetProperty("document").GetProperty("step").GetInt32();

    static IEnumerable<string?> Texts(JsonElement json, string field) =>
        json.GetProperty(field).EnumerateArray().Select(text => text.GetString());
}
