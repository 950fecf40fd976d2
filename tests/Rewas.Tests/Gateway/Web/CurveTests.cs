using System.Text.Json;

namespace Rewas.Tests.Gateway.Web;

public sealed class CurveTests(SharedWebHost web, ClipFolder clips) : IClassFixture<SharedWebHost>, IClassFixture<ClipFolder>
{
    /// <summary>One hit at 1 s.</summary>
    const string Drawn = "draw 0s=-100dB,0.99s=-100dB,1s=-6dB,1.3s=-60dB,2s=-100dB";

    [Fact]
    public async Task Edits_are_tried_on_the_curve_that_a_sound_would_follow()
    {
        var file = await FileAsync();
        var analysis = web.Client.PostAsync($"/v1/files/{file}/analysis", null, TestContext.Current.CancellationToken);
        var predicted = Curve(await analysis.OkAsync());
        var unchanged = await TriedAsync(file, new { });
        Assert.Equal(predicted, Curve(unchanged));

        var edited = await TriedAsync(file, new { edits = new[] { Drawn } });
        Assert.Equal(1.0, Assert.Single(edited.GetProperty("onsets").EnumerateArray()).GetDouble(), 0.02);
        var values = Curve(edited);
        Assert.Equal((predicted.Length, 100, true), (values.Length, Array.IndexOf(values, values.Max()), values[50] < -9));

        // The curve goes into an order as it is, and the sound follows it.
        var drawn = await TriedAsync(file, new { curve = values, edits = new[] { "gain -6dB" } });
        Assert.Equal(values.Max() - 6 * Math.Log(10) / 20, Curve(drawn).Max(), 1e-4);
    }

    [Fact]
    public async Task Impossible_edits_are_refused_as_those_of_a_sound_are()
    {
        var file = await FileAsync();
        await Tried(file, new { edits = new[] { "mute 0s..9s" } }).RefusedAsync(400, "INVALID_ARGUMENT", "mute");
        await Tried(file, new { edits = new[] { "louder" } }).RefusedAsync(400, "INVALID_ARGUMENT");
        await Tried(file, new { edits = Enumerable.Repeat("gain -1dB", 101) }).RefusedAsync(429, "RESOURCE_EXHAUSTED", "edits");
        await Tried(file, new { curve = new[] { 99 } }).RefusedAsync(400, "INVALID_ARGUMENT", "curve");
        await Tried("none", new { curve = new[] { -5 } }).RefusedAsync(404, "NOT_FOUND", "video_id");
    }

    async Task<string> FileAsync() =>
        await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), TestContext.Current.CancellationToken));

    Task<HttpResponseMessage> Tried(string file, object request) => web.Client.PostJsonAsync($"/v1/files/{file}/curve", request);

    Task<JsonElement> TriedAsync(string file, object request) => Tried(file, request).OkAsync();

    static double[] Curve(JsonElement json) => [.. json.GetProperty("curve").EnumerateArray().Select(value => value.GetDouble())];
}
