using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Trainer.Data;

namespace Rewas.Torch.Tests.Training;

public sealed class RecordingTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_folder_is_read_by_its_index()
    {
        float[] tone = [.. Enumerable.Range(0, 4000).Select(i => 0.25f * MathF.Sin(i * 0.1f))];
        await WavFile.WriteAsync(folder.File("a.wav"), new Waveform(tone, 8000), cancellationToken: TestContext.Current.CancellationToken);
        File.WriteAllText(
            folder.File("index.csv"),
            "file,label,set,licence,author,url\na.wav,dog,x,CC BY 4.0,\"Smith, \"\"J.\"\"\",https://example.org/1\n");
        var recording = Assert.Single(await RecordingFolder.ReadAsync(folder.Path, [], TestContext.Current.CancellationToken));
        Assert.Equal(
            ("dog", "CC BY 4.0", "Smith, \"J.\"", "https://example.org/1"),
            (recording.Label, recording.Licence, recording.Author, recording.Url));
        Assert.InRange(recording.Samples.Length, 7900, 8100);                // 8 kHz in, 16 kHz out
    }

    [Fact]
    public async Task What_a_configuration_leaves_out_is_not_read()
    {
        File.WriteAllText(
            folder.File("index.csv"),
            "file,label,set,fold,licence,author,source\ngone.wav,dog,ESC-10,4,CC0,a,u\na.wav,dog,ESC-50,4,CC0,a,u\n");
        await WavFile.WriteAsync(
            folder.File("a.wav"), new Waveform(new float[4000], 8000), cancellationToken: TestContext.Current.CancellationToken);
        Dictionary<string, string> judged = new() { ["set"] = "ESC-10", ["fold"] = "4" };
        Assert.Equal(
            "a.wav", Assert.Single(await RecordingFolder.ReadAsync(folder.Path, [judged], TestContext.Current.CancellationToken)).File);
    }

    [Fact]
    public async Task Only_the_beginning_of_a_long_recording_is_read()
    {
        await WavFile.WriteAsync(
            folder.File("long.wav"),
            new Waveform([.. Enumerable.Repeat(0.5f, 35 * 2000)], 2000),
            cancellationToken: TestContext.Current.CancellationToken);
        File.WriteAllText(folder.File("index.csv"), "file,label,licence,author,url\nlong.wav,hum,CC0,a,u\n");
        Assert.InRange(
            Assert.Single(await RecordingFolder.ReadAsync(folder.Path, [], TestContext.Current.CancellationToken)).Samples.Length,
            30 * 16_000 - 100,
            30 * 16_000 + 100);
    }

    [Theory]
    [InlineData("file,label,licence,author,url\n../secret.wav,dog,CC0,a,u\n", "lies outside the folder")]
    [InlineData("file,label\na.wav,dog\n", "must have the columns file, label, licence, author, url")]
    [InlineData("file,label,licence,author,url\nnone.wav,dog,CC0,a,u\n", "does not exist")]
    public async Task A_wrong_index_is_told(string index, string expected)
    {
        File.WriteAllText(folder.File("index.csv"), index);
        Assert.Contains(
            expected,
            (await Assert.ThrowsAsync<InputFault>(
                () => RecordingFolder.ReadAsync(folder.Path, [], TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public void Whole_takes_are_held_out()
    {
        var recordings = Enumerable.Range(0, 40).Select(i => Sound("dog", url: $"page {i / 2:00}")).Append(Sound("yak", "one")).ToList();
        var (training, heldOut) = RecordingFolder.Split(recordings);
        Assert.Equal(8, heldOut.Count);
        Assert.Equal(41, training.Count + heldOut.Count);
        Assert.Empty(training.Select(r => r.Url).Intersect(heldOut.Select(r => r.Url)));
        Assert.Contains(training, r => r.Label == "yak");
    }

    [Fact]
    public void A_clip_is_decided_by_its_seed_and_sounds_at_half_scale()
    {
        var clips = new RecordedClips([Sound("dog", "a"), Sound("rain", "b")], Book, new ClipTiming(), mixProbability: 0.25);
        for (ulong seed = 0; seed < 40; seed++)
        {
            var (one, again) = (clips.Make(seed), clips.Make(seed));
            Assert.Equal(one.Wave, again.Wave);
            Assert.Equal(ClipTiming.SamplesPerWindow, one.Wave.Length);
            Assert.Equal(0.5f, one.Wave.Max(Math.Abs), 1e-3);
            Assert.All(one.Captions, caption => Assert.True(
                one.Kind.Contains(" and ", StringComparison.Ordinal)
                    ? caption.Contains("bark", StringComparison.Ordinal) && caption.Contains("rain", StringComparison.Ordinal)
                    : caption.Length > 2));
        }
        var kinds = Enumerable.Range(0, 200).Select(seed => clips.Make((ulong)seed).Kind).ToList();
        Assert.InRange(kinds.Count(kind => kind.Contains(" and ", StringComparison.Ordinal)), 5, 60);
        Assert.InRange(kinds.Count(kind => kind == "dog"), 50, 130);
    }

    static CaptionBook Book => new(new Dictionary<string, string[]> { ["dog"] = ["a dog barking"] });

    static Recording Sound(string label, string url) =>
        new(
            "x",
            label,
            "CC0",
            "someone",
            url,
            [.. Enumerable.Range(0, 9000).Select(i => (short)(12_000 * Math.Sin(i * 0.2 * label.Length)))]);
}
