using System.Text.Json;
using Rewas.Tests.Services.Webhooks;

namespace Rewas.Tests.Gateway.Web;

public sealed class WebhookTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    /// <summary>A receiver of these tests is on this machine and has no certificate.</summary>
    static readonly (string, string)[] ForTests =
    [
        ("Outgoing:AllowedNetworks:0", "127.0.0.0/8"), ("Webhooks:AllowHttp", "true"), ("Webhooks:PollInterval", "00:00:00.050"),
    ];

    [Fact]
    public async Task A_sound_that_has_ended_is_told_as_it_is_read()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var web = await WebHost.StartAsync(ForTests);
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        var order = new { file, prompt = "rain", steps = 1, candidates = 2, webhook = receiver.Url };
        await web.Client.StartSoundAsync(order).RefusedAsync(409, "FAILED_PRECONDITION", "webhook: needs a secret to sign with");
        var secret = (await CreateSecretAsync(web.Client)).GetProperty("secret").GetString()!;
        var sound = (await web.Client.SoundAsync(order)).GetProperty("id").GetString()!;
        await Wait.UntilAsync(() => receiver.Received.Count == 1, "the webhook");

        var received = receiver.Received[0];
        Assert.Equal(received.SignatureWith(secret), received.Signature);
        Assert.InRange(
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(received.Timestamp)),
            DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        var told = JsonDocument.Parse(received.Body).RootElement;
        Assert.Equal("sound.completed", told.GetProperty("type").GetString());
        Assert.True(told.GetProperty("timestamp").TryGetDateTimeOffset(out _));
        var read = await web.Client.GetAsync($"/v1/sounds/{sound}", TestContext.Current.CancellationToken).OkAsync();
        Assert.True(JsonElement.DeepEquals(read, told.GetProperty("data")), $"{read}\n{told}");
        Assert.DoesNotContain(receiver.Url, received.Body, StringComparison.Ordinal);

        JsonElement delivery = default;
        await Wait.UntilAsync(
            async () => (delivery = await OnlyDeliveryAsync(web.Client, sound)).GetProperty("status").GetString() == "delivered",
            "the delivery");
        Assert.Equal(
            (received.Id, "sound.completed", receiver.Url, 200),
            (delivery.GetProperty("id").GetString(), delivery.GetProperty("type").GetString(), delivery.GetProperty("url").GetString(),
                delivery.GetProperty("attempts")[0].GetProperty("status").GetInt32()));

        // By hand, once more: also when the sound is gone.
        using var gone = await web.Client.DeleteAsync($"/v1/files/{file}", TestContext.Current.CancellationToken);
        await web.Client.PostAsync($"/v1/sounds/{sound}/webhooks/{received.Id}/replay", null, TestContext.Current.CancellationToken)
            .OkAsync();
        await Wait.UntilAsync(() => receiver.Received.Count == 2, "the webhook again");
        Assert.Equal((received.Id, received.Body), (receiver.Received[1].Id, receiver.Received[1].Body));
        await web.Client.PostAsync($"/v1/sounds/{sound}/webhooks/none/replay", null, TestContext.Current.CancellationToken)
            .RefusedAsync(404, "NOT_FOUND", "delivery_id: 'none' is no delivery of this sound");
    }

    [Fact]
    public async Task A_sound_that_is_cancelled_is_told_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var web = await WebHost.StartAsync(ForTests);
        await CreateSecretAsync(web.Client);
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        var sound = (await web.Client.StartSoundAsync(new { file, prompt = "rain", steps = 1000, webhook = receiver.Url }).OkAsync())
            .GetProperty("id").GetString()!;
        for (var i = 0; i < 2; i++)
            await web.Client.PostAsync($"/v1/sounds/{sound}/cancel", null, TestContext.Current.CancellationToken).OkAsync();
        await Wait.UntilAsync(() => receiver.Received.Count > 0, "the webhook");
        await OnlyDeliveryAsync(web.Client, sound);
        var told = JsonDocument.Parse(receiver.Received[0].Body).RootElement;
        Assert.Equal(
            ("sound.cancelled", "cancelled"),
            (told.GetProperty("type").GetString(), told.GetProperty("data").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_sound_that_fails_is_told_with_its_reason()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var web = await WebHost.StartAsync(ForTests);
        var secret = (await CreateSecretAsync(web.Client)).GetProperty("secret").GetString()!;
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        // That the recording is none is found when the sound is made.
        var noRecording = await web.Client.FileAsync("no sound at all"u8.ToArray());
        var sound = (await web.Client.StartSoundAsync(
            new { file, prompt = "rain", steps = 1, reference = new[] { noRecording }, webhook = receiver.Url }, "wait=170").OkAsync());
        Assert.Equal("failed", sound.GetProperty("status").GetString());
        await Wait.UntilAsync(() => receiver.Received.Count > 0, "the webhook");

        var received = Assert.Single(receiver.Received);
        Assert.Equal(received.SignatureWith(secret), received.Signature);
        var told = JsonDocument.Parse(received.Body).RootElement;
        Assert.Equal("sound.failed", told.GetProperty("type").GetString());
        var id = sound.GetProperty("id").GetString()!;
        var read = await web.Client.GetAsync($"/v1/sounds/{id}", TestContext.Current.CancellationToken).OkAsync();
        Assert.True(JsonElement.DeepEquals(read, told.GetProperty("data")), $"{read}\n{told}");
        var error = read.GetProperty("error");
        Assert.Equal("INVALID_ARGUMENT", error.GetProperty("code").GetString());
        Assert.Contains("reference", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        await Wait.UntilAsync(
            async () => (await OnlyDeliveryAsync(web.Client, id)).GetProperty("status").GetString() == "delivered", "the delivery");
        await web.Client.GetAsync($"/v1/sounds/{id}/content", TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "reference");
    }

    [Fact]
    public async Task Secrets_are_told_once_and_rotated()
    {
        await using var web = await WebHost.StartAsync();
        var first = await CreateSecretAsync(web.Client);
        var second = await CreateSecretAsync(web.Client);
        Assert.StartsWith("whsec_", first.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.NotEqual(first.GetProperty("secret").GetString(), second.GetProperty("secret").GetString());
        var list = await web.Client.GetAsync("/v1/webhooks/secrets", TestContext.Current.CancellationToken).OkAsync();
        Assert.DoesNotContain("whsec_", list.ToString(), StringComparison.Ordinal);
        var (old, young) = (list.GetProperty("data")[1], list.GetProperty("data")[0]);
        Assert.Equal(first.GetProperty("id").GetString(), old.GetProperty("id").GetString());
        Assert.True(old.TryGetProperty("ends", out _) && !young.TryGetProperty("ends", out _));
        using var deleted = await web.Client.DeleteAsync(
            $"/v1/webhooks/secrets/{old.GetProperty("id")}", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, deleted.StatusCode);
        list = await web.Client.GetAsync("/v1/webhooks/secrets", TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(1, list.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Webhooks_and_secrets_are_a_callers_own()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var web = await WebHost.StartAsync(withKeys: true, ForTests);
        using var alice = web.As("alice");
        using var mallory = web.As("mallory");
        var secret = await CreateSecretAsync(alice);
        var file = await alice.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        var sound = (await alice.SoundAsync(new { file, prompt = "rain", steps = 1, webhook = receiver.Url }))
            .GetProperty("id").GetString()!;
        var delivery = (await OnlyDeliveryAsync(alice, sound)).GetProperty("id").GetString();

        await mallory.PostAsync($"/v1/sounds/{sound}/webhooks/{delivery}/replay", null, TestContext.Current.CancellationToken)
            .RefusedAsync(404, "NOT_FOUND", "does not exist");
        var hers = await mallory.GetAsync("/v1/webhooks/secrets", TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(0, hers.GetProperty("data").GetArrayLength());
        using var deleted = await mallory.DeleteAsync(
            $"/v1/webhooks/secrets/{secret.GetProperty("id")}", TestContext.Current.CancellationToken);
        hers = await alice.GetAsync("/v1/webhooks/secrets", TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(1, hers.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("http://receiver.example/", "webhook: must be https:// and a host")]
    [InlineData("https://127.0.0.1/", "webhook: must name a public address")]
    [InlineData("https://169.254.169.254/latest", "webhook: must name a public address")]
    [InlineData("https://a:b@receiver.example/", "webhook: must not hold a user name or password")]
    [InlineData("words", "webhook: must be https:// and a host")]
    public async Task A_webhook_that_may_not_be_sent_is_refused(string url, string detail)
    {
        await using var web = await WebHost.StartAsync();
        await CreateSecretAsync(web.Client);
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));
        await web.Client.StartSoundAsync(new { file, prompt = "rain", steps = 1, webhook = url })
            .RefusedAsync(400, "INVALID_ARGUMENT", detail);
    }

    static Task<JsonElement> CreateSecretAsync(HttpClient client) =>
        client.PostAsync("/v1/webhooks/secrets", null, TestContext.Current.CancellationToken).OkAsync();

    static async Task<JsonElement> OnlyDeliveryAsync(HttpClient client, string sound)
    {
        var list = await client.GetAsync($"/v1/sounds/{sound}/webhooks", TestContext.Current.CancellationToken).OkAsync();
        return Assert.Single(list.GetProperty("data").EnumerateArray());
    }
}
