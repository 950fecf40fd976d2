using Rewas.Gateway.Web.Aliases;
using Rewas.V1;

namespace Rewas.Tests.Gateway.Web;

public sealed class AliasTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_client_of_OpenAIs_videos_sends_a_film_in_a_form_and_gets_it_with_sound()
    {
        await using var web = await WebHost.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("sora-2"), "model" },
            { new ByteArrayContent(Clip()), "input_reference", "clip.mp4" },
            { new StringContent("a dog barks"), "prompt" },
            { new StringContent("1"), "steps" },
            { new StringContent("1280x720"), "size" },
        };
        var video = await web.Client.PostAsync("/v1/videos", form, TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal("video", video.GetProperty("object").GetString());
        var path = $"/v1/videos/{video.GetProperty("id").GetString()}";
        await Wait.UntilAsync(
            async () => (await web.Client.GetAsync(path).OkAsync()).GetProperty("status").GetString() == "completed", "it is completed");
        Assert.Equal(100, (await web.Client.GetAsync(path).OkAsync()).GetProperty("progress").GetInt32());
        using var content = await web.Client.GetAsync(path + "/content", TestContext.Current.CancellationToken);
        Assert.Equal("video/mp4", content.Content.Headers.ContentType!.MediaType);
        await HasSoundAsync(await content.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var without = new MultipartFormDataContent { { new StringContent("a dog barks"), "prompt" } };
        await web.Client.PostAsync("/v1/videos", without, TestContext.Current.CancellationToken)
            .RefusedAsync(400, "INVALID_ARGUMENT", "input_reference: must be given");
    }

    [Fact]
    public async Task Pallaidium_finds_the_model_sends_a_film_polls_a_job_and_fetches_a_file()
    {
        await using var web = await WebHost.StartAsync();
        var health = await web.Client.GetAsync("/v1/health", TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(("ok", "v0.1"), (health.GetProperty("status").GetString(), health.GetProperty("contract_versions")[0].GetString()));
        var model = (await web.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken).OkAsync()).GetProperty("data")[0];
        Assert.Equal("video", model.GetProperty("type").GetString());
        using var form = new MultipartFormDataContent
        {
            { new StringContent("reference"), "purpose" },
            { new ByteArrayContent(Clip()), "file", "clip.mp4" },
        };
        var file = (await web.Client.PostAsync("/v1/files", form, TestContext.Current.CancellationToken).OkAsync())
            .GetProperty("file_id").GetString();
        // All fields that Pallaidium sends for a model with the mode control. Its random seeds may be negative.
        var order = new
        {
            model = model.GetProperty("id").GetString(),
            prompt = "a dog barks",
            negative_prompt = "",
            width = 1024,
            height = 576,
            num_frames = 50,
            fps = 25,
            seed = -2_147_483_647,
            strength = 0.75,
            num_inference_steps = 1,
            control_file_id = file,
            control_type = "canny",
            control_strength = 0.75,
        };
        var job = await web.Client.PostJsonAsync("/v1/videos?api_key=none", order).OkAsync();
        Assert.Equal("queued", job.GetProperty("status").GetString());
        var sound = await web.Client.GetAsync(
            $"/v1/sounds/{job.GetProperty("id").GetString()}", TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(2_147_483_649, sound.GetProperty("options").GetProperty("seed").GetInt64());
        var path = $"/v1/jobs/{job.GetProperty("id").GetString()}";
        await Wait.UntilAsync(
            async () => (await web.Client.GetAsync(path).OkAsync()).GetProperty("status").GetString() == "succeeded", "it has succeeded");
        var made = await web.Client.GetAsync(path, TestContext.Current.CancellationToken).OkAsync();
        Assert.Equal(1, made.GetProperty("progress").GetDouble());
        await HasSoundAsync(await web.Client.GetByteArrayAsync(
            $"/v1/files/{made.GetProperty("file_id").GetString()}", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(RenderState.Queued)]
    [InlineData(RenderState.Running)]
    [InlineData(RenderState.Succeeded)]
    [InlineData(RenderState.Failed)]
    public void The_answer_to_an_order_says_queued_because_Pallaidium_polls_only_then(RenderState state)
    {
        var view = VideoView.OfNew(new() { RenderId = "a", State = state, Created = new(), Error = "out of memory" });
        Assert.Equal(("queued", 0, null), (view.Status, view.Progress, view.Error));
    }

    byte[] Clip() => File.ReadAllBytes(clips.Make(
        $"{Guid.NewGuid():N}.mp4", "testsrc2=size=128x96:rate=25:duration=2", "-c:v", "libx264", "-g", "15"));

    async Task HasSoundAsync(byte[] film)
    {
        var path = clips.Path($"{Guid.NewGuid():N}.mp4");
        await File.WriteAllBytesAsync(path, film, TestContext.Current.CancellationToken);
        var samples = ClipFolder.Run("-i", "file:" + path, "-map", "0:a:0", "-f", "f32le", "-ac", "1", "-ar", "16000", "-").Length / 4;
        Assert.Equal(2 * 16_000, samples, 700.0);
    }
}
