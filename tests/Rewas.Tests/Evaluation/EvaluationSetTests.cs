using Rewas.Clip.Faults;
using Rewas.Evaluation.Scenes.DataSets;

namespace Rewas.Tests.Evaluation;

public sealed class EvaluationSetTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void VGGSound_is_read_as_it_is_published()
    {
        Write(
            "vggsound.csv",
            "---g-f_I2yQ,1,people marching,test",
            "0abc,30,\"dog barking, far away\",test",
            "gone,2,rain,test",
            "zzz,5,rain,train");
        Write("video/---g-f_I2yQ_000001.mp4");
        Write("0abc_000030.mp4");
        var set = Open("vggsound");
        Assert.Equal(
            [("---g-f_I2yQ_000001", "people marching"), ("0abc_000030", "dog barking, far away")],
            set.Clips.Select(c => (c.Name, c.Prompt)));
        Assert.Contains("2 of the 3 listed test clips", set.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_of_VGGSound_is_told_in_a_line()
    {
        Assert.Contains("vggsound.csv' is missing; it is published at https://", Fault("vggsound"));
        Write("vggsound.csv", "a,1,rain,test", "b,two,rain,test");
        Assert.Contains("line 2: must be YouTube id", Fault("vggsound"));
        Write("vggsound.csv", "a,1,rain,test", "b,2,rain,train");
        Assert.Contains("none of the 1 test clips is in", Fault("vggsound"));
        Assert.Contains("'a_000001.mp4'", Fault("vggsound"));
    }

    [Fact]
    public void A_clip_that_is_trained_on_may_not_be_tested_on()
    {
        Write("vggsound.csv", "a,1,rain,test", "a,30,rain,train");
        Assert.Contains("has 1 clips in both training and test: a", Fault("vggsound"));
        Write("vggsound.csv", "a,1,rain,test", "a,1,rain,test");
        Assert.Contains("lists 1 test clips twice: a", Fault("vggsound"));
        Write("vggsound.csv", "a,1,rain,train");
        Assert.Contains("lists no test clip", Fault("vggsound"));
    }

    [Fact]
    public void Greatest_Hits_is_read_as_it_is_published()
    {
        Assert.Contains("'train.txt' is missing", Fault("greatesthits"));
        Write("train.txt", "2015-01");
        Write("test.txt", "2015-03", "2015-02");
        Assert.Contains("none of the 2 test recordings is in", Fault("greatesthits"));
        Write("vis-data/2015-02_denoised.mp4");
        Write("vis-data/2015-02_times.txt", "0.5 wood hit static", "0.9 metal scratch deform", "1.5 wood hit static", "2.0 None None None");
        var set = Open("greatesthits");
        Assert.Equal(("2015-02", "a drumstick: hit wood, scratch metal"), (set.Clips.Single().Name, set.Clips.Single().Prompt));
        Write("test.txt", "2015-01");
        Assert.Contains("in both training and test", Fault("greatesthits"));
    }

    [Fact]
    public void A_folder_of_videos_needs_a_prompt_for_each()
    {
        Assert.Contains("has no videos", Fault("folder"));
        Write("one.mp4");
        Write("two.mp4");
        Assert.Contains("prompts.csv' is missing: a line", Fault("folder"));
        Write("prompts.csv", "file,prompt", "one.mp4,\"a dog, barking\"");
        Assert.Contains("has no prompt for 1 of 2 videos: two.mp4", Fault("folder"));
        Write("prompts.csv", "one.mp4,\"a dog, barking\"", "two.mp4,rain");
        Assert.Equal(["a dog, barking", "rain"], Open("folder").Clips.Select(c => c.Prompt));
        Assert.Equal(["one"], EvaluationSet.Open($"folder:{folder.Path}", limit: 1).Clips.Select(c => c.Name));
    }

    [Fact]
    public async Task Procedural_clips_are_the_same_every_time_and_have_their_sound()
    {
        var (first, second) = (EvaluationSet.Open("procedural", 4), EvaluationSet.Open("procedural", 4));
        Assert.Equal(first.Clips.Select(c => (c.Name, c.Prompt)), second.Clips.Select(c => (c.Name, c.Prompt)));
        var sound = await first.Clips[1].SoundAsync(default);
        Assert.Equal(81_920, sound!.Length);
        Assert.Equal(sound, await second.Clips[1].SoundAsync(default));
    }

    [Theory]
    [InlineData("vggsound", "must say where it is: vggsound:DIR")]
    [InlineData(
        "audiocaps:x", "must be procedural, procedural:KIND,KIND, folder:DIR, vggsound:DIR or greatesthits:DIR, but is 'audiocaps:x'")]
    [InlineData("procedural:hammer,piano", "but one is 'piano'")]
    [InlineData("folder:/nowhere/at/all", "does not exist")]
    public void A_set_that_cannot_be_opened_is_told(string named, string says) =>
        Assert.Contains(says, Assert.Throws<InputFault>(() => EvaluationSet.Open(named, null)).Message);

    EvaluationSet Open(string kind) => EvaluationSet.Open($"{kind}:{folder.Path}", null);

    string Fault(string kind) => Assert.Throws<InputFault>(() => Open(kind)).Message;

    void Write(string name, params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
        File.WriteAllLines(folder.File(name), lines);
    }
}
