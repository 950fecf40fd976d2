using Rewas.Client;
using Rewas.Rendering;
using Rewas.Tests.Client;
using Rewas.Video;

namespace Rewas.Tests.Rendering;

public sealed class SoundMakerTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_video_is_read_once_for_its_hash_and_its_bytes_are_not_sent_where_the_stages_have_it_open()
    {
        var doubles = new StageDoubles { Windows = 1 };
        await using var host = await StageHost.StartAsync(doubles);
        using var folder = new TemporaryFolder();
        using var client = RewasClient.Connect(host.Address, new() { EnergyCache = new(folder.File("cache")) });
        var path = clips.Make("clip.mp4", "testsrc2=size=64x48:rate=25:duration=1", "-c:v", "libx264");
        var opened = 0;
        var source = VideoSource.FromFile(path) with
        {
            Opened = "a token",
            Open = _ =>
            {
                opened++;
                return ValueTask.FromResult<Stream>(File.OpenRead(path));
            },
        };
        var clip = new VideoClip(path, await VideoProbe.ReadAsync(path, new(), TestContext.Current.CancellationToken)) { Source = source };

        var maker = new SoundMaker(client, () => throw new InvalidOperationException("one sound is not ranked"));
        var made = await maker.MakeFileAsync(
            new() { Options = new() { Prompt = "rain" } },
            clip,
            new(folder.File("out.wav")),
            new(),
            null,
            TestContext.Current.CancellationToken);

        Assert.Equal((1, 0L), (opened, doubles.BytesUploaded));
        Assert.Equal(await Rewas.Clip.Files.FileHash.OfAsync(path, TestContext.Current.CancellationToken), made.Sidecar.Video.Sha256);
        Assert.Equal(
            made.Sidecar.ToJson(), (await Sidecar.ReadAsync(folder.File("out.wav.json"), TestContext.Current.CancellationToken)).ToJson());
    }
}
