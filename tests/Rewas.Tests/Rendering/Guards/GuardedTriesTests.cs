using Rewas.Rendering.Guards;
using Rewas.V1;
using HeardPart = Rewas.Rendering.Guards.HeardPart;

namespace Rewas.Tests.Rendering.Guards;

public sealed class GuardedTriesTests
{
    static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_clean_sound_is_made_once()
    {
        var (made, used, seeds) = await RunAsync(new() { Prompt = "rain", Seed = 7 }, Short, 0);
        Assert.Equal((0, 1, false, false), (made, used!.Tries.Count, used.Slipped, used.IsFresh));
        Assert.Equal([7UL], seeds);
        Assert.Empty(used.Lines());
    }

    [Fact]
    public async Task A_sound_with_speech_gives_way_to_the_first_fresh_seed_that_is_clean()
    {
        var (made, used, seeds) = await RunAsync(new() { Prompt = "rain", Seed = 7, FreshSeeds = 5 }, Short, 0.9, 0.4, 0, 0);
        Assert.Equal((2, 3, 2, false), (made, used!.Tries.Count, used.Chosen, used.Slipped));
        Assert.Equal([7UL, FreshSeeds.Of(7, 1), FreshSeeds.Of(7, 2)], seeds);
        Assert.Equal([$"seed 7 had speech (0.0 to 5.1 s); seed {FreshSeeds.Of(7, 2)} has not, and is used"], used.Lines());
    }

    [Fact]
    public async Task If_no_seed_is_clean_the_weakest_is_given_out_and_that_is_said()
    {
        var (made, used, _) = await RunAsync(new() { Prompt = "rain" }, Short, 0.9, 0.4, 0.6);
        Assert.Equal((1, true), (made, used!.Slipped));
        Assert.Equal(["speech (0.0 to 5.1 s) is heard, which nobody asked for; 2 further seeds had it too"], used.Lines());
    }

    [Fact]
    public async Task What_the_prompt_asks_for_is_no_reason_to_try_again()
    {
        var (_, used, seeds) = await RunAsync(new() { Prompt = "a man speaking" }, Short, 0.9);
        Assert.Single(seeds);
        Assert.False(used!.Slipped);
    }

    [Fact]
    public async Task Nothing_is_tried_again_if_the_order_says_so_or_the_sound_is_long()
    {
        Assert.Single((await RunAsync(new() { Prompt = "rain", FreshSeeds = 0 }, Short, 0.9)).Seeds);
        var (_, used, seeds) = await RunAsync(new() { Prompt = "rain" }, FreshSeeds.LongestAgain + Short, 0.9);
        Assert.Single(seeds);
        Assert.Equal(["speech (0.0 to 5.1 s) is heard, which nobody asked for"], used!.Lines());
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_said()
    {
        var (_, used) = await GuardedTries.RunAsync(
            new() { Prompt = "rain" }, Short, (number, _, _) => Task.FromResult((number, (GuardReport?)null)), _ => ValueTask.CompletedTask);
        Assert.Null(used);
    }

    [Fact]
    public void Fresh_seeds_follow_from_the_seed_and_differ()
    {
        var seeds = Enumerable.Range(1, 8).SelectMany(number => Enumerable.Range(0, 50).Select(seed => FreshSeeds.Of((ulong)seed, number))).ToList();
        Assert.Equal(seeds.Count, seeds.Distinct().Count());
        Assert.All(seeds, seed => Assert.InRange(seed, 0UL, uint.MaxValue));
        Assert.Equal(FreshSeeds.Of(3, 2), FreshSeeds.Of(3, 2));
    }

    /// <summary>Makes tries whose speech has these scores; 0 is none. Checks that every try but the chosen one is discarded once.</summary>
    static async Task<(int Made, GuardUsed? Used, List<ulong> Seeds)> RunAsync(GenerateOptions options, TimeSpan duration, params double[] scores)
    {
        var (seeds, discarded) = (new List<ulong>(), new List<int>());
        var (made, used) = await GuardedTries.RunAsync(options, duration, MakeAsync, one =>
        {
            discarded.Add(one);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(Enumerable.Range(0, seeds.Count).Except([made]), discarded.Order());
        return (made, used, seeds);

        Task<(int, GuardReport?)> MakeAsync(int number, ulong seed, bool isLast)
        {
            seeds.Add(seed);
            HeardPart[] heard = scores[number] > 0 ? [new(HeardKinds.Speech, 0, 5.12, scores[number])] : [];
            return Task.FromResult((number, (GuardReport?)new("a guard", heard, new(0, 0, 0, null))));
        }
    }
}
