using Rewas.Clip;
using Rewas.Video;
using Rewas.VideoEncoder;

namespace Rewas.Tests.Services;

public class SegmentPlanTests
{
    static readonly ClipTiming EndToEnd = new();
    static readonly ClipTiming TrueTimes = new() { FirstFrame = 0, SegmentsPerWindow = 15, TokenLayout = TokenLayout.TrueTimes };

    [Fact]
    public void Published_segments_start_at_frame_2_with_stride_8()
    {
        var plan = new SegmentPlan(EndToEnd, windows: 1);
        Assert.Equal(14, plan.Segments);
        Assert.Equal([2, 10, 106], new[] { 0, 1, 13 }.Select(i => plan.FrameAt(i, 0, 128)));
        Assert.Equal(121, plan.FrameAt(13, 15, 128));
    }

    [Fact]
    public void Segments_at_true_times_cover_the_window_exactly()
    {
        var plan = new SegmentPlan(TrueTimes, windows: 2);
        Assert.Equal(0, plan.FrameAt(0, 0, 256));
        Assert.Equal(127, plan.FrameAt(14, 15, 256));
        Assert.Equal(128, plan.FrameAt(15, 0, 256));
        Assert.Equal((1, 0), plan.PlaceOf(15));
    }

    [Fact]
    public void A_segment_is_ready_with_its_last_frame()
    {
        var plan = new SegmentPlan(EndToEnd, windows: 2);
        Assert.False(plan.IsReady(0, 17));
        Assert.True(plan.IsReady(0, 18));
        Assert.False(plan.IsReady(14, 128 + 17));
        Assert.True(plan.IsReady(14, 128 + 18));
    }

    [Fact]
    public void The_last_segment_of_a_window_waits_for_the_frames_that_tell_its_cuts()
    {
        var plan = new SegmentPlan(EndToEnd, windows: 2);
        Assert.False(plan.IsReady(13, 127 + SceneCuts.Lookahead));
        Assert.True(plan.IsReady(13, 128 + SceneCuts.Lookahead));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(37)]
    [InlineData(127)]
    [InlineData(129)]
    [InlineData(200)]
    public void Past_the_end_a_bundle_of_true_times_sees_the_last_frame(long frames)
    {
        var plan = new SegmentPlan(TrueTimes, ClipTiming.WindowsFor(frames * 640));
        for (var index = 0; index < plan.Segments; index++)
        {
            var (window, segment) = plan.PlaceOf(index);
            for (var place = 0; place < 16; place++)
                Assert.Equal(Math.Min(frames - 1, window * 128 + segment * 8 + place), plan.FrameAt(index, place, frames));
        }
    }

    [Fact]
    public void Past_the_end_the_published_layout_repeats_the_clip()
    {
        var plan = new SegmentPlan(EndToEnd, windows: 1);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9, 0, 1], Enumerable.Range(0, 10).Select(place => plan.FrameAt(0, place, 10)));

        var second = new SegmentPlan(EndToEnd, windows: 2);                   // 130 frames: the second window has 2 of its own
        Assert.Equal([128, 129, 128, 129], Enumerable.Range(0, 4).Select(place => second.FrameAt(14, place, 130)));
        Assert.Equal(127, second.FrameAt(14, 3, 128));                        // none of its own: the last there is
    }

    [Theory]
    [InlineData(1)]
    [InlineData(61)]
    [InlineData(128)]
    [InlineData(131)]
    [InlineData(300)]
    public void No_segment_reaches_further_back_than_the_frames_kept(long frames)
    {
        foreach (var timing in new[] { EndToEnd, TrueTimes })
        {
            var plan = new SegmentPlan(timing, ClipTiming.WindowsFor(frames * 640));
            for (int index = 0, decoded = 0; index < plan.Segments; index++)
            {
                while (!plan.IsReady(index, decoded) && decoded < frames)
                    decoded++;
                for (var place = 0; place < 16; place++)
                    Assert.InRange(plan.FrameAt(index, place, decoded), decoded - plan.FramesKept, decoded - 1);
            }
        }
    }
}
