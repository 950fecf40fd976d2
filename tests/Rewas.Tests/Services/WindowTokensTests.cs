using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.EnergyPredictor;

namespace Rewas.Tests.Services;

public class WindowTokensTests
{
    static readonly ClipTiming EndToEnd = new();
    static readonly ClipTiming TrueTimes = new() { FirstFrame = 0, SegmentsPerWindow = 15, TokenLayout = TokenLayout.TrueTimes };

    [Fact]
    public void Lays_tokens_end_to_end_as_the_published_predictor_was_trained()
    {
        var tokens = GatherWindow(new WindowTokens(EndToEnd, channels: 1), EndToEnd, (segment, token) => segment * 8 + token);
        Assert.Equal(112, tokens.Length);
        Assert.Equal(Enumerable.Range(0, 112).Select(i => (float)i), tokens);
    }

    [Fact]
    public void Averages_tokens_that_see_the_same_frames()
    {
        var tokens = GatherWindow(new WindowTokens(TrueTimes, channels: 1), TrueTimes, (segment, _) => segment);
        Assert.Equal(64, tokens.Length);                                     // 128 frames, 2 a token
        Assert.Equal([0, 0, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1.5f], tokens[..9]);
        Assert.Equal([13.5f, 14, 14, 14, 14], tokens[^5..]);
    }

    [Fact]
    public void Tokens_at_true_times_keep_their_time()
    {
        var tokens = GatherWindow(new WindowTokens(TrueTimes, channels: 1), TrueTimes, (segment, token) => segment * 8 + token * 2);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i * 2f), tokens);   // a token's value is its first frame
    }

    [Fact]
    public void Windows_follow_each_other_without_traces()
    {
        var gathering = new WindowTokens(TrueTimes, channels: 2);
        GatherWindow(gathering, TrueTimes, (_, _) => 100, channels: 2);
        Assert.Equal(1, gathering.Window);
        Assert.All(GatherWindow(gathering, TrueTimes, (_, _) => 1, channels: 2), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, int.MaxValue)]
    public void Refuses_segments_out_of_order(int window, int segment)
    {
        var fault = Assert.Throws<InputFault>(() => new WindowTokens(EndToEnd, 1).Add(window, segment, new float[8]));
        Assert.Equal("segment", fault.Field);
        Assert.Contains("window 0 segment 0 is next", fault.Message, StringComparison.Ordinal);
    }

    static float[] GatherWindow(WindowTokens gathering, ClipTiming timing, Func<int, int, float> value, int channels = 1)
    {
        var window = gathering.Window;
        float[]? tokens = null;
        for (var segment = 0; segment < timing.SegmentsPerWindow; segment++)
        {
            Assert.Null(tokens);
            tokens = gathering.Add(window, segment, [.. Enumerable.Range(0, 8 * channels).Select(i => value(segment, i / channels))]);
        }
        Assert.NotNull(tokens);
        return tokens;
    }
}
