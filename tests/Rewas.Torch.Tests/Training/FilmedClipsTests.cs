using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes;
using Rewas.Evaluation.Scenes.DataSets;
using Rewas.Sound;
using Rewas.Trainer.Data;

namespace Rewas.Torch.Tests.Training;

public sealed class FilmedClipsTests : IDisposable
{
    const ulong Seed = 3;

    static readonly ClipTiming Timing = new()
    {
        FrameSize = 32,
        ResizeShorterSide = 32,
        FirstFrame = 0,
        SegmentStride = 16,
        SegmentsPerWindow = 8,
        TokenLayout = TokenLayout.TrueTimes,
    };

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Picture_and_sound_of_a_film_stay_together()
    {
        await WriteAsync("hammer.mp4");
        var clip = Clips("hammer.mp4").Firsts().Single();
        var scene = TrainingClip.From("hammer", [], [], SceneCatalog.Create("hammer", Seed).RenderWave(), Timing);
        Assert.Equal(["a hammer"], clip.Captions);
        Assert.InRange(Correlation.Pearson(clip.Control, scene.Control), 0.95, 1);   // the sound has been through a codec
        Assert.Equal(ClipTiming.FramesPerWindow * 32 * 32 * 3, clip.Frames.Length);
        Assert.NotEqual(clip.Frames[..(32 * 32 * 3)], clip.Frames[^(32 * 32 * 3)..]);
    }

    [Fact]
    public async Task Films_that_cannot_be_read_are_named_once_and_left_out()
    {
        await WriteAsync("good.mp4");
        File.WriteAllText(folder.File("bad.mp4"), "no video");
        var warnings = new StringWriter();
        var clips = Clips(warnings, "bad.mp4", "good.mp4");
        for (ulong seed = 0; seed < 6; seed++)
            Assert.Equal("a hammer", clips.Make(seed).Kind);
        Assert.Single(clips.Firsts());
        Assert.Single(warnings.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("left out: bad", warnings.ToString(), StringComparison.Ordinal);
        Assert.Throws<InputFault>(() => Clips("bad.mp4").Make(1));
    }

    Task WriteAsync(string name) =>
        SceneFiles.WriteAsync("hammer", Seed, folder.File(name), 64, 64, SceneCatalog.SecondsPerClip, withSound: true);

    FilmedClips Clips(params string[] names) => Clips(TextWriter.Null, names);

    FilmedClips Clips(TextWriter warnings, params string[] names)
    {
        File.WriteAllLines(
            folder.File("prompts.csv"), Directory.GetFiles(folder.Path, "*.mp4").Select(path => $"{Path.GetFileName(path)},a hammer"));
        var films = EvaluationSet.Open($"folder:{folder.Path}", limit: null, DataSplit.Training).Clips;
        return new FilmedClips([.. films.Where(film => names.Contains(film.Name + ".mp4"))], Timing, withFrames: true, warnings);
    }
}
