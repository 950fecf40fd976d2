using Rewas.Clip.Faults;
using Rewas.Library.Measuring;
using Rewas.Library.Searching;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Library;

public class SearchTests
{
    [Fact]
    public async Task Words_and_meaning_rank_together_and_say_why()
    {
        using var made = new MadeRecordings();
        string[] names = ["DOORWood_Knock Slow_ABC.wav", "RAINMetl_Heavy Downpour_ABC.wav", "footsteps_gravel_running.wav",
            "engine idle.wav", "puppy yelping.wav"];
        foreach (var (name, seed) in names.Select((name, seed) => (name, seed)))
            await made.AddAsync(name, seed);
        await made.IndexAsync();

        var knock = made.Index.Search("wooden door knock", 3)[0];
        Assert.Equal(names[0], Path.GetFileName(knock.Path));
        Assert.Equal(["door", "knock"], knock.Why.Words.Except(["wooden"]));
        Assert.StartsWith("words ", knock.Why.ToString(), StringComparison.Ordinal);

        // No word in common: it is found by its meaning.
        var dog = made.Index.Search("a dog barks", 3)[0];
        Assert.Equal(names[4], Path.GetFileName(dog.Path));
        Assert.Empty(dog.Why.Words);
        Assert.InRange(dog.Why.Meaning!.Value, 0.3, 1);
        Assert.Null(dog.Why.Sound);
    }

    [Fact]
    public async Task Other_forms_of_a_word_are_found()
    {
        using var made = new MadeRecordings();
        await made.AddAsync("doors/knocking.wav", 1);
        await made.IndexAsync();
        Assert.Equal(["knocks", "door"], Assert.Single(made.Index.Search("knocks on a door", 5)).Why.Words);
    }

    [Fact]
    public async Task What_is_heard_counts_where_the_bundle_can_tell()
    {
        // Two directions: texts point to the first, and of the two sounds the one that begins upwards does.
        var space = new SoundSpace("made", (_, _) => [1, 0], (wave, _) => wave.Span[^1] > 0 ? [1, 0] : [0, 1]);
        using var made = new MadeRecordings(space);
        float[] Ending(float last) => [.. MadeRecordings.Blow(1), .. Enumerable.Repeat(last, 800)];
        await made.AddAsync("x one.wav", Ending(-0.4f));
        await made.AddAsync("x two.wav", Ending(0.4f));
        await made.IndexAsync();
        var found = made.Index.Search("one two", 2);
        Assert.Equal("x two.wav", Path.GetFileName(found[0].Path));
        Assert.Equal([1.0, 0.0], found.Select(sound => sound.Why.Sound!.Value));
    }

    [Theory]
    [InlineData("\"door")]
    [InlineData("door OR name:x* NEAR(")]
    [InlineData("-door ^ (")]
    [InlineData("door'; DROP TABLE files; --")]
    [InlineData("door\0\n")]
    public async Task Signs_of_the_search_engine_are_no_commands(string words)
    {
        using var made = new MadeRecordings();
        await made.AddAsync("door slam.wav", 1);
        await made.IndexAsync();
        Assert.Contains("door", Assert.Single(made.Index.Search(words, 5)).Why.Words);
    }

    [Theory]
    [InlineData("", 5, "words: must be given, or a video")]
    [InlineData("door", 0, "limit: must be from 1 to 1000, but is 0")]
    [InlineData("  ", 2000, "words: must be given, or a video; limit: must be from 1 to 1000, but is 2000")]
    public void A_query_that_cannot_be_answered_is_told(string words, int limit, string message)
    {
        using var made = new MadeRecordings();
        Assert.Equal(message, Assert.Throws<InputFault>(() => made.Index.Search(words, limit)).Message);
    }

    [Fact]
    public void A_long_query_is_refused()
    {
        using var made = new MadeRecordings();
        Assert.Contains("at most 500 characters, but has 501", Assert.Throws<InputFault>(() => made.Index.Search(new string('a', 501), 1))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_found_in_an_empty_library()
    {
        using var made = new MadeRecordings();
        Assert.Empty(made.Index.Search("door", 5));
    }

    /// <summary>Blows for a picture with blows, what goes on for one that goes on.</summary>
    [Fact]
    public async Task A_picture_finds_what_goes_as_it_does()
    {
        using var made = new MadeRecordings();
        var random = new Random(1);
        await made.AddAsync("blows.wav", [.. Enumerable.Range(0, 6).SelectMany(seed => MadeRecordings.Blow(seed, 16_000))]);
        await made.AddAsync("hiss.wav", [.. Enumerable.Range(0, 6 * 16_000).Select(_ => (float)(random.NextDouble() - 0.5))]);
        await made.AddAsync("silence.wav", new float[6 * 16_000]);
        await made.IndexAsync();

        var beaten = new SearchQuery { Curve = Curve(i => -2 - (i % 100) * 0.08f) };
        var steady = new SearchQuery { Curve = Curve(i => -2 + (i % 7) * 0.02f) };
        var found = made.Index.Search(beaten, TestContext.Current.CancellationToken);
        Assert.Equal(["blows.wav", "hiss.wav"], found.Select(sound => Path.GetFileName(sound.Path)));
        Assert.InRange(found[0].Why.Fit!.WantedBeats, 0.8, 1.2);
        Assert.InRange(found[0].Why.Fit!.Beats, 0.8, 1.2);
        Assert.Equal("hiss.wav", Path.GetFileName(made.Index.Search(steady, TestContext.Current.CancellationToken)[0].Path));
        Assert.Contains("fit", found[0].Why.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_and_a_picture_share_the_score()
    {
        using var made = new MadeRecordings();
        float[] blows = [.. Enumerable.Range(0, 6).SelectMany(seed => MadeRecordings.Blow(seed, 16_000))];
        await made.AddAsync("hammer blows.wav", blows);
        await made.AddAsync("hammer once.wav", [.. MadeRecordings.Blow(9, 16_000), .. new float[5 * 16_000]]);
        await made.AddAsync("rain.wav", [.. blows.Reverse()]);
        await made.IndexAsync();
        var found = made.Index.Search(new() { Words = "hammer", Curve = Curve(i => -2 - (i % 100) * 0.08f) },
            TestContext.Current.CancellationToken);
        Assert.Equal(["hammer blows.wav", "hammer once.wav"], found.Take(2).Select(sound => Path.GetFileName(sound.Path)));
    }

    static EnergyCurve Curve(Func<int, float> value) => EnergyCurve.Of([.. Enumerable.Range(0, 600).Select(value)]);
}
