using Rewas.Clip;

namespace Rewas.Tests.Networks;

public class ControlDescriptorsTests
{
    [Fact]
    public void Nothing_given_is_zeros() => Assert.All(ControlDescriptors.Of([], [], 64), value => Assert.Equal(0, value));

    [Fact]
    public void The_largest_onset_and_the_mean_texture_of_a_frame_count()
    {
        var onsets = new float[8];
        onsets[3] = 1;                                                       // in the first of two frames of four values
        float[] texture = [.. Enumerable.Range(0, 8 * 5).Select(i => i / 5 < 4 ? 0.25f : 0.75f)];
        var rows = ControlDescriptors.Of(onsets, texture, 2);
        Assert.Equal(ControlDescriptors.Count * 2, rows.Length);
        Assert.Equal([1, 1, 1, 0, 1, 1], rows[..6]);                         // given, onset in frame 0, given
        Assert.Equal([-2, 2], rows[6..8]);                                 // a quarter from the middle, two deviations
    }

    [Fact]
    public void Values_that_do_not_divide_into_frames_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ControlDescriptors.Of(new float[7], [], 2));
        Assert.Throws<ArgumentException>(() => ControlDescriptors.Of([], new float[12], 2));
    }
}
