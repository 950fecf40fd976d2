namespace Rewas.Tests.Gateway.Web;

/// <summary>A browser saves the file of a sound under the name that is asked for.</summary>
public sealed class ContentNameTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_has_the_name_that_is_asked_for_and_no_path()
    {
        await using var web = await WebHost.StartAsync();
        var file = await web.Client.FileAsync(await File.ReadAllBytesAsync(clips.Plain("clip.mp4"), Cancel));
        var sound = await web.Client.SoundAsync(new { file, prompt = "a dog barks", steps = 2 });
        var path = $"/v1/sounds/{sound.GetProperty("id").GetString()}/content?format=wav";
        foreach (var (name, told) in new[]
        {
            ("", "sound.wav"), ("&name=hammer-take-3.wav", "hammer-take-3.wav"), ("&name=Fu%C3%9Ftritte%20%22a%22.wav", "Fußtritte \"a\".wav"),
        })
        {
            using var answer = await web.Client.GetAsync(path + name, HttpCompletionOption.ResponseHeadersRead, Cancel);
            var header = answer.Content.Headers.ContentDisposition!;
            Assert.Equal(("inline", told), (header.DispositionType, header.FileNameStar ?? header.FileName?.Trim('"')));
        }
        foreach (var wrong in (string[])["..%2Fa.wav", "a%5Cb.wav", "a%0D%0ASet-Cookie:b", "", new string('a', 256)])
            await web.Client.GetAsync($"{path}&name={wrong}", Cancel).RefusedAsync(400, "INVALID_ARGUMENT", "name: must have 1 to 255");
    }
}
